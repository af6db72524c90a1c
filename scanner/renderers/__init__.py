"""Renderers show a report. One file for each format: it takes a Report and gives text, and decides nothing.

May import: findings and what lies before it; jinja2.
"""
