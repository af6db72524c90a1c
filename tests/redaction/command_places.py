"""Places of a repository and of a command line where a private value may stand, each with the commands that meet it.

A place writes the text into the working directory and says what is run there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.redaction.commands import OUTPUTS, scans

Commands = Sequence[Sequence[str]]
_MESH = "kind: RequestAuthentication\nmetadata: {{name: api}}\nspec:\n  jwtRules:\n  - issuer: {issuer}\n    jwksUri: {uri}\n"
_WAIVE = ["waive", "audience-not-restricted", "--expires", "2026-12-31", "--now", "2026-11-01"]


def _mesh(*, issuer: str = "https://login.example.com", uri: str = "http://login.example.com/jwks", comment: str = "") -> None:
    text = _MESH.format(issuer=json.dumps(issuer), uri=json.dumps(uri) + comment)
    Path("mesh.yaml").write_text(text)


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))


def _inventory(**members: object) -> Commands:
    """A configuration with these members, in a folder that is scanned."""
    _mesh()
    Path(".jwksgov.yaml").write_text(json.dumps(members))
    return [*scans("."), ["policy", "check", "--config", ".jwksgov.yaml"]]


def _issuer(**members: object) -> Commands:
    return _inventory(issuers=[{"issuer": "https://login.example.com"} | members])


def _waivers(**members: object) -> Commands:
    usual = {"rule": "audience-not-restricted", "reason": "a reason", "owner": "identity", "expires": "2026-12-31"}
    Path("waivers.yaml").write_text(json.dumps({"waivers": [usual | {"subject": {"path": "mesh.yaml"}} | members]}))
    return _inventory(profile="baseline")


def _inline(words: str) -> Commands:
    _mesh(comment=f"  # jwksgov: ignore[audience-not-restricted,jwks-uri-not-https] {words}")
    return scans(".")


def _init(**members: str) -> Commands:
    _mesh(**members)
    return [["init", "--dry-run"], ["init"]]


def _named(text: str, *, is_folder: bool) -> Commands:
    """A file or folder of that name: see `can_hold`."""
    name = _one_line(text)
    path = Path(name) / "mesh.yaml" if is_folder else Path(f"{name}.yaml")
    _mesh()
    path.parent.mkdir(exist_ok=True)
    Path("mesh.yaml").rename(path)
    return [*scans("."), ["scan", str(path)], ["init", "--dry-run"]]


def _baseline(text: str) -> Commands:
    _mesh()
    OUTPUTS.mkdir(exist_ok=True)
    Path("old.json").write_text(json.dumps({"schema": text, "findings": [{"rule": text}]}))
    return [["scan", ".", "--baseline", "old.json"], ["report", "old.json"]]


def _policies(text: str) -> Commands:
    folder = Path("mine/rules/key")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.yaml").write_text(json.dumps({"id": text, "title": text, "severity": text, text: 1, "when": text}))
    return [["policy", "check", "--policies", "mine"], ["scan", ".", "--policies", "mine"]]


def _config_text(text: str) -> Commands:
    Path(".jwksgov.yaml").write_text(text)
    return [["scan", "."], ["policy", "check"]]


def _commented(before: str, after: str = "") -> Callable[[str], Commands]:
    def place(text: str) -> Commands:
        _mesh(comment=f"{before}{_one_line(text)}{after}")
        return scans(".")

    return place


PLACES: dict[str, Callable[[str], Commands]] = {
    "init: an issuer's path": lambda text: _init(issuer=f"https://login.example.com/{_one_line(text)}"),
    "init: the query of its keys": lambda text: _init(
        issuer="https://i.example.com", uri=f"https://i.example.com/jwks?k={_one_line(text)}"
    ),
    "file name": lambda text: _named(text, is_folder=False),
    "folder name": lambda text: _named(text, is_folder=True),
    "comment at a finding": _commented("  # "),
    "comment far to the right": _commented(" " * 120 + "# "),
    "comment with words before": _commented("  # the key is "),
    "inline waiver: reason": lambda text: _inline(f"{_one_line(text)}; owner=a; expires=2026-12-31"),
    "inline waiver: owner": lambda text: _inline(f"a reason; owner={_one_line(text)}; expires=2026-12-31"),
    "inline waiver: expires": lambda text: _inline(f"a reason; owner=a; expires={_one_line(text)}"),
    "inline waiver: ticket": lambda text: _inline(f"a reason; owner=a; expires=2026-12-31; ticket={_one_line(text)}"),
    "waiver file: reason": lambda text: _waivers(reason=text),
    "waiver file: owner": lambda text: _waivers(owner=text),
    "waiver file: ticket": lambda text: _waivers(ticket=text),
    "waiver file: issuer": lambda text: _waivers(subject={"issuer": text}),
    "waiver file: path": lambda text: _waivers(subject={"path": text}),
    "waiver file: rule": lambda text: _waivers(rule=text),
    "waiver file: expires": lambda text: _waivers(expires=text),
    "waiver file: a member": lambda text: _waivers(**{text: "x"}),
    "waive: reason": lambda text: [[*_WAIVE, "--path", "a", "--owner", "b", "--reason", text, "--dry-run", "--file", "w.yaml"]],
    "waive: owner": lambda text: [[*_WAIVE, "--path", "a", "--reason", "b", "--owner", text, "--dry-run", "--file", "w.yaml"]],
    "waive: path": lambda text: [[*_WAIVE, "--reason", "a", "--owner", "b", "--path", text, "--file", "w.yaml"]],
    "waive: rule": lambda text: [["waive", text, *_WAIVE[2:], "--reason", "b", "--owner", "c", "--file", "w.yaml"]],
    "waive: expires": lambda text: [[*_WAIVE, "--reason", "b", "--owner", "c", "--file", "w.yaml", "--expires", text]],
    "configuration: issuer": lambda text: _issuer(issuer=text),
    "configuration: jwks_uri": lambda text: _issuer(jwks_uri=text),
    "configuration: owner": lambda text: _issuer(owner=text),
    "configuration: kind": lambda text: _issuer(kind=text),
    "configuration: aliases": lambda text: _issuer(aliases=[text]),
    "configuration: a member of an issuer": lambda text: _issuer(**{text: 1}),
    "configuration: profile": lambda text: _inventory(profile=text),
    "configuration: a member": lambda text: _inventory(**{text: 1}),
    "configuration: exclude": lambda text: _inventory(exclude=[text]),
    "configuration: owner of a path": lambda text: _inventory(paths=[{"path": "**", "owner": text, "environment": text}]),
    "configuration: a consumer": lambda text: _inventory(consumers=[{"folder": ".", "owner": text}, {"folder": text}]),
    "configuration: a rule": lambda text: _inventory(rules={text: "off"}),
    "configuration: broken": lambda text: _config_text(f"profile: [{text}\n  x: {{{text}\n"),
    "baseline and report: broken": _baseline,
    "policies: broken": _policies,
    "command line: profile": lambda text: [["scan", ".", "--profile", text]],
    "command line: target": lambda text: [["scan", text], ["scan", f"https://{text}"], ["scan", f"https://h.invalid/{text}"]],
    "command line: config": lambda text: [["scan", ".", "--config", text]],
    "command line: output": lambda text: [["scan", ".", "-o", text]],
    "command line: fail-on": lambda text: [["scan", ".", "--fail-on", text]],
    "command line: now": lambda text: [["scan", ".", "--now", text]],
    "command line: format": lambda text: [["scan", ".", "--format", text]],
    "command line: explain": lambda text: [["explain", text]],
    "command line: facts": lambda text: [["policy", "facts", text]],
    "command line: schema": lambda text: [["policy", "schema", text]],
    "command line: bundle": lambda text: [["bundle", "show", text], ["bundle", "verify", text]],
    "command line: command": lambda text: [[text], ["scan", f"--{text}"]],
}


def can_hold(place: str, text: str) -> bool:
    """Whether the text can stand there at all: names of files have limits."""
    return place not in ("file name", "folder name") or ("/" not in text and len(text.encode()) <= 240)
