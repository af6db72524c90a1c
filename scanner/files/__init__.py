"""Files: bytes of any configuration format become one uniform tree with true positions.

Takes bytes and a format, gives a Parsed (trees, faults, inline waivers) or Unparsed with the reason.
Any bytes give one of the two, never an exception. May import: clock, errors.
"""
