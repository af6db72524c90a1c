"""AuthPolicy of Kuadrant.

Rules of a wider policy are defaults, which a narrower policy replaces as a whole, unless their strategy is `merge` or they are
`overrides`. A narrower policy without rules replaces nothing. (Kuadrant/kuadrant-operator api/v1/merge_strategies.go and
authpolicy_types.go, doc/overviews/auth.md)
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.attached.policy import Policy, list_targets, place_of, place_of_targets
from scanner.evidence.attached.resources import Resource, find, has_content, is_open, text_at
from scanner.files.tree import Mapping, Node

_CHECKS = {
    "apiKey": "API keys",
    "kubernetesTokenReview": "a token review of Kubernetes",
    "oauth2Introspection": "token introspection",
    "x509": "client certificates",
    "plain": "an identity from the request",
}


def read_policy(resource: Resource, others: list[Resource]) -> Policy | None:
    """The policy that a resource is; None where it is none of this platform."""
    group = text_at(resource.node, "apiVersion").partition("/")[0]
    if resource.kind != "AuthPolicy" or group not in ("", "kuadrant.io"):
        return None
    spec = find(resource.node, "spec")
    overrides, defaults = find(spec, "overrides"), find(spec, "defaults")
    said = overrides if overrides is not None else defaults if defaults is not None else spec
    rules = find(said, "rules")
    ways = tuple(_list_ways(find(rules, "authentication")))
    return Policy(
        platform="authorino",
        resource=resource,
        targets=tuple(list_targets(resource, others)),
        spot=place_of_targets(resource),
        verifies=None if is_open(spec) or is_open(said) or is_open(rules) else any("jwt" in way.names() for way in ways),
        verified_at=place_of(resource, "overrides", "defaults", "rules"),
        issuers=tuple(filter(None, (text_at(way, "jwt", "issuerUrl") for way in ways))),
        checks=_list_checks(ways, find(rules, "authorization")),
        gives_way=overrides is None and text_at(said, "strategy") != "merge",
        takes_place=has_content(rules),
    )


def _list_ways(authentication: Node | None) -> Iterator[Mapping]:
    """The ways to say who calls; one that succeeds is enough."""
    if isinstance(authentication, Mapping):
        yield from (entry.value for entry in authentication.entries if isinstance(entry.value, Mapping))


def _list_checks(ways: tuple[Mapping, ...], authorization: Node | None) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(name for way in ways for member, name in _CHECKS.items() if member in way.names()))
    if any("anonymous" in way.names() for way in ways):
        named = ()  # whoever fails the others is anonymous
    return (*named, "authorization rules") if has_content(authorization) else named
