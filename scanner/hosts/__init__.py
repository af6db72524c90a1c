"""Hosts: what a URL names, and who can reach it.

Takes texts, gives their scheme, host, port and origin, and the reach of a host. Nothing is resolved and nothing is asked.
Addresses have a module of their own, which is loaded for a host that is an address.
May import: record.
"""
