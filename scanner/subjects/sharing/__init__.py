"""Which published keys share their values, their kid or a prime with others, and with whom.

Takes the sets of a run and the issuers that they belong to, gives a subject for each key that shares something.
"""
