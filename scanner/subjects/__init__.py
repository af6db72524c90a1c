"""Subjects: the things that policies judge. Evidence becomes keys, key sets, issuers and bindings, with stable identities.

Takes Evidence, gives Subjects. May import: evidence and what lies before it; gmpy2, to compare moduli.
"""
