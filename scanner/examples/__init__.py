"""Examples: what rules and platforms say of themselves, run through the same pipeline as a scan.

Takes rules and platforms with their examples, gives outcomes. May import: the pipeline and what lies before it.
"""
