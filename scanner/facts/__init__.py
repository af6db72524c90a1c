"""Facts: what is true of the evidence, without judging whether that is good.

Takes Subjects, gives Facts: a value, Absent, or Unknown with the reason. May import: subjects, evidence and what lies before
them; cryptography, badkeys, gmpy2. Time arrives as an argument: no network, no clock, no environment.
"""
