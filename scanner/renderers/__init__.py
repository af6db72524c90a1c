"""Renderers: how a report is shown. One file a format; each takes a Report and gives text, and decides nothing.

May import: findings and what lies before it; jinja2.
"""
