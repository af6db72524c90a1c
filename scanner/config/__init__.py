"""Config: `.jwksgov.yaml`, found upward from the target, read by hand with line numbers and nearest names.

Gives a Config. May import: pack, files, clock, errors.
"""
