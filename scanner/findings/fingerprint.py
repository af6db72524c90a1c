"""What a finding is, so that two runs know it for the same one.

`jwksFinding/v1` is the rule and the subject's id, which holds the path. `jwksFinding/v2` is the rule and what the subject
itself is: a key's thumbprint, a binding's platform and issuer, what was fetched for which issuer. It stays when lines move,
documents change places and files are renamed. Subjects that are alike in all of this are told apart by a number, `…:2`, in the
order of the report.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from scanner.evidence.keys.thumbprint import thumbprint
from scanner.evidence.model import Binding, Jwk, JwkSet
from scanner.findings.model import Finding
from scanner.policy.result import Result
from scanner.record import changed
from scanner.subjects.model import Endpoint, Issuer, Subject


def by_path(result: Result) -> str:
    """`jwksFinding/v1`: the rule and the subject's id."""
    return _digest(result.rule, result.subject.id)


def by_identity(rule: str, subject: Subject) -> str:
    """`jwksFinding/v2` without its number."""
    return _digest(rule, subject.ref.kind, *_identity(subject))


def numbered(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings with their number behind `jwksFinding/v2`, whether they had one or not."""
    counts: dict[str, int] = {}
    for finding in findings:
        base = without_number(finding.stable_fingerprint)
        counts[base] = counts.get(base, 0) + 1
        yield changed(finding, stable_fingerprint=f"{base}:{counts[base]}")


def without_number(fingerprint: str) -> str:
    """The part of `jwksFinding/v2` that twins share."""
    return fingerprint.partition(":")[0]


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _identity(subject: Subject) -> tuple[str, ...]:
    about = subject.about
    if isinstance(about, Jwk):
        return _place_of_use(about.is_published), *_key(about)
    if isinstance(about, JwkSet) and subject.visit:
        return "fetched", about.form, subject.visit
    if isinstance(about, JwkSet):
        # the keys come and go with every rotation; their names tell this set from another when its file is renamed
        return _place_of_use(about.is_published), about.form, *sorted(key.texts.get("kid", "") for key in about.keys)
    if isinstance(about, Issuer):
        return about.metadata.kind, str(about.metadata.members.get("issuer", ""))
    if isinstance(about, Endpoint):
        return about.fetched.role, about.fetched.wanted.issuer
    if isinstance(about, Binding):
        return about.platform, about.role, _trusted(about)
    return (_label(subject),)


def _place_of_use(is_published: bool) -> str:
    """The key that an issuer publishes and its copy in a consumer's configuration are two findings."""
    return "published" if is_published else "embedded"


def _key(key: Jwk) -> tuple[str, ...]:
    """The JWK Thumbprint; where there is none (a symmetric or unreadable key) what the key calls itself."""
    found = thumbprint(key)
    return (found,) if found is not None else (key.texts.get("kty", ""), key.texts.get("kid", ""))


def _trusted(binding: Binding) -> str:
    """The issuer that a binding names; where it names none, the place its keys come from."""
    named = (binding.settings[name].value for name in ("issuer", "jwks_uri", "discovery_url", "key_file"))
    return next((value for value in named if isinstance(value, str)), "")


def _label(subject: Subject) -> str:
    """A subject's id without its path and without the number of a repeat."""
    label = subject.ref.id.removeprefix(f"{subject.ref.place.path}#")
    head, mark, number = label.rpartition("~")
    return head if mark and number.isdecimal() else label
