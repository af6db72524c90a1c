"""Findings: the content of a report: severity, controls, fingerprint, waivers, order, and the summary that counts them.

Takes Results, gives a Report. May import: policy and what lies before it.
"""
