"""The evidence bundle: what a collection writes and a judge reads, as often as anybody likes.

Takes Exchanges, gives Visits. Nothing in a bundle is trusted when it is read, and nothing private is ever in one.
"""
