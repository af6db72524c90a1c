"""The HTML report: a Page of rows with final words (pure Python), laid out by templates/report/.

`page.py` assembles the sections, each from its own module; `render.py` alone knows Jinja. May import: the same as all
renderers.
"""
