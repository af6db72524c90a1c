"""Examples of rules and platforms, run through the same pipeline as a scan.

Takes rules and platforms with their examples, gives outcomes. May import: the pipeline and what lies before it.
"""
