"""Commands: one module a command: arguments in, exit code out.

May import: everything before it. Heavy libraries are imported inside the command that needs them.
"""
