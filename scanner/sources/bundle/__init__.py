"""The evidence bundle: a collection writes it, and scans read it any number of times.

Takes Exchanges, gives Visits. A reader trusts nothing in a bundle. A bundle never contains private values.
"""
