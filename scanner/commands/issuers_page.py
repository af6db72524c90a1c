"""The public issuers as a page of docs/."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.pack.issuers import PublicIssuer

_HEADS = {
    "shared": (
        "One key set for many tenants",
        "A token of any tenant has a good signature: only the issuer, or a claim, tells them apart.",
    ),
    "own": ("Keys of its own for each tenant", "A token of another tenant has no good signature."),
}  # fmt: skip


def issuers_page(issuers: Iterable[PublicIssuer]) -> str:
    """Every public issuer, those with shared keys first, with what it is recognised by and from what that was read."""
    found = sorted(issuers, key=lambda each: each.name.lower())
    lines = [
        "# Public issuers",
        "",
        "Whose keys a consumer fetches decides how much a missing check of the issuer matters: `binding.key_set_tenancy`.",
        "An issuer that is not here is unknown. `{…}` stands for one part of an address; scheme and a slash at the end do",
        "not count. To add one, write a file in `policies/issuers/`, or in `issuers/` of a policy folder of your own.",
        "",
    ]
    for keys, (title, told) in _HEADS.items():
        lines += [f"## {title}", "", told, ""]
        for each in found:
            if each.keys == keys:
                lines += _section(each)
    return "\n".join(lines).rstrip() + "\n"


def _section(issuer: PublicIssuer) -> Iterator[str]:
    yield f"### {issuer.name} (`{issuer.id}`, by {issuer.tenant})"
    yield ""
    if issuer.meaning:
        yield issuer.meaning.strip()
        yield ""
    yield from (f"- issuer `{pattern}`" for pattern in issuer.issuers)
    yield from (f"- keys `{pattern}`" for pattern in issuer.jwks_uris)
    yield from (f"- read: {read.source} (by {read.by})" for read in issuer.read)
    yield ""
