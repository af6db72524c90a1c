"""TrafficPolicy of kgateway.

Policies are merged member by member, so a narrower one without `jwtAuth` keeps the wider one's; `jwtAuth.disable` switches it
off, unless the parent's `kgateway.dev/inherited-policy-priority` prefers the parent (kgateway documentation: policy merging).
"""

from __future__ import annotations

from scanner.evidence.attached.policy import Policy, list_targets, place_of, place_of_targets
from scanner.evidence.attached.resources import Resource, find, has_content, is_open, text_at
from scanner.files.tree import Mapping

_CHECKS = {
    "extAuth": "external authorization",
    "basicAuth": "basic authentication",
    "apiKeyAuth": "API keys",
    "oauth2": "login with OpenID Connect",
}
_PRIORITY = "kgateway.dev/inherited-policy-priority"


def read_policy(resource: Resource, others: list[Resource]) -> Policy | None:
    """The policy that a resource is; None where it is none of this platform."""
    group = text_at(resource.node, "apiVersion").partition("/")[0]
    if resource.kind != "TrafficPolicy" or group not in ("", "gateway.kgateway.dev"):
        return None
    spec = find(resource.node, "spec")
    jwt = find(spec, "jwtAuth")
    is_off = isinstance(jwt, Mapping) and "disable" in jwt.names()
    targets = tuple(list_targets(resource, others))
    return Policy(
        platform="kgateway",
        resource=resource,
        targets=targets,
        spot=place_of(resource, "jwtAuth") if is_off else place_of_targets(resource),
        verifies=None if is_open(spec) or is_open(jwt) else has_content(find(jwt, "extensionRef")),
        verified_at=place_of(resource, "jwtAuth"),
        checks=tuple(name for member, name in _CHECKS.items() if _is_on(find(spec, member))),
        gives_way=not _prefers_parent(resource, others),
        takes_place=is_off,
    )


def _is_on(member: object) -> bool:
    return isinstance(member, Mapping) and "disable" not in member.names()


def _prefers_parent(policy: Resource, others: list[Resource]) -> bool:
    """Whether a resource that the policy is attached to lets its policies win over narrower ones."""
    names = {(each.kind, each.name) for each in list_targets(policy, [])}
    return any(
        (each.kind, each.name) in names and text_at(each.node, "metadata", "annotations", _PRIORITY).endswith("PreferParent")
        for each in others
    )
