"""SecurityPolicy of Envoy Gateway.

The policy with the narrowest target applies as a whole: a rule of a route, the route, a listener, the gateway
(envoyproxy/gateway v1.9.0 internal/gatewayapi/securitypolicy.go: "if already set - there's a specific level policy, so skip";
reported in #8781). `mergeType`, since v1.8.0 and for routes only, lays the policy over the next wider one and keeps its `jwt`
(`mergeSecurityPolicy`); an earlier version does not know the member, and #9958 reports a merge that lost the `jwt`.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.evidence.attached.policy import Policy, list_targets, place_of, place_of_targets
from scanner.evidence.attached.resources import Resource, find, has_content, is_open, items_at, text_at

_CHECKS = {
    "extAuth": "external authorization",
    "basicAuth": "basic authentication",
    "apiKeyAuth": "API keys",
    "oidc": "login with OpenID Connect",
}
_MERGES = (
    "its mergeType keeps the wider policy's jwt from Envoy Gateway 1.8 on, and earlier versions do not know it; which version "
    "runs is not said"
)


def read_policy(resource: Resource, others: list[Resource]) -> Policy | None:
    """The policy that a resource is; None where it is none of this platform."""
    group = text_at(resource.node, "apiVersion").partition("/")[0]
    if resource.kind != "SecurityPolicy" or group not in ("", "gateway.envoyproxy.io"):
        return None
    spec = find(resource.node, "spec")
    return Policy(
        platform="envoy-gateway",
        resource=resource,
        targets=tuple(list_targets(resource, others)),
        spot=place_of_targets(resource),
        verifies=_verifies(resource),
        verified_at=place_of(resource, "jwt"),
        issuers=tuple(filter(None, (text_at(each, "issuer") for each in items_at(spec, "jwt", "providers")))),
        checks=tuple(_list_checks(resource)),
        open_because=_MERGES if has_content(find(spec, "mergeType")) else "",
    )


def _verifies(resource: Resource) -> bool | None:
    spec = find(resource.node, "spec")
    jwt = find(spec, "jwt")
    if is_open(spec) or is_open(jwt):
        return None
    return has_content(jwt) and bool(items_at(jwt, "providers"))


def _list_checks(resource: Resource) -> Iterator[str]:
    spec = find(resource.node, "spec")
    for member, name in _CHECKS.items():
        if has_content(find(spec, member)):
            yield name
    # without a default action, what no rule allows is denied
    if has_content(find(spec, "authorization")) and text_at(spec, "authorization", "defaultAction") != "Allow":
        yield "authorization rules"
