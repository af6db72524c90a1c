"""The page as one file: it makes no requests, and its policy allows only the script with the digest that it names."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TextIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from scanner.findings.model import Report
from scanner.pack.shipped import shipped_folder
from scanner.renderers.escape import escape_text
from scanner.renderers.html.page import page

_LONGEST = 600
_LONGEST_PROSE = 4000


def write(report: Report, out: TextIO) -> None:
    """The HTML report, the same bytes for the same report."""
    folder = shipped_folder().parent / "templates" / "report"
    style, script = _text(folder / "report.css"), _text(folder / "report.js")
    template = _make_environment(folder).get_template("page.html.j2")
    made = template.generate(page=page(report), style=Markup(style), script=Markup(script), policy=_make_policy(style, script))  # noqa: S704 - ours
    out.writelines(made)
    out.write("\n")


@cache  # it keeps the compiled templates, for a process that writes more than one page
def _make_environment(folder: Path) -> Environment:
    # finalize sees every value that a template prints, so that all control characters are escaped
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_make_safe,
    )
    environment.filters["grouped"] = _group_digits
    environment.filters["marked"] = _mark_code
    return environment


def _make_safe(value: object) -> object:
    """Text without control or bidirectional characters and of bounded length; autoescape does the rest."""
    return escape_text(value, longest=_LONGEST) if isinstance(value, str) and not isinstance(value, Markup) else value


def _mark_code(text: str) -> Markup:
    """Text of a policy file, with the parts in backticks as code."""
    parts = escape_text(text, longest=_LONGEST_PROSE).split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    return Markup().join(Markup("<code>{}</code>").format(part) if n % 2 else escape(part) for n, part in enumerate(parts))


def _group_digits(number: int) -> str:
    return f"{number:,}"


def _make_policy(style: str, script: str) -> str:
    """The Content Security Policy: nothing is loaded, and only these two texts apply (CSP Level 3 §8.3)."""
    return f"default-src 'none'; style-src {_digest(style)}; script-src {_digest(script)}; base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
