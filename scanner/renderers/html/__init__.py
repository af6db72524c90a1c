"""The HTML report: a Page of decided, worded rows (pure Python), laid out by templates/report/.

`page.py` assembles the sections, each from its own module; `render.py` alone knows Jinja. May import: what renderers may.
"""
