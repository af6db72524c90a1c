"""What of the manifests of a namespace is joined: a row of the table of `docs/units.md` each, with small trees."""

from __future__ import annotations

from tests.units.row import OutcomeRow

_PROVIDER = "{name: sso, issuer: 'https://login.example.com', audiences: [a], remoteJWKS: {uri: 'https://login.example.com/k'}}"
_JWT = f"jwt: {{providers: [{_PROVIDER}]}}"
_CORS = "cors: {allowOrigins: ['https://shop.example.com']}"


def _policy(name: str, target: str, says: str) -> str:
    return (
        f"apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: SecurityPolicy\nmetadata: {{name: {name}, namespace: edge}}\n"
        f"spec:\n  targetRefs: [{{group: gateway.networking.k8s.io, {target}}}]\n  {says}\n"
    )


def _kuadrant(name: str, target: str, says: str) -> str:
    return (
        f"apiVersion: kuadrant.io/v1\nkind: AuthPolicy\nmetadata: {{name: {name}, namespace: edge}}\n"
        f"spec:\n  targetRef: {{group: gateway.networking.k8s.io, {target}}}\n  {says}\n"
    )


def _kgateway(name: str, target: str, says: str) -> str:
    return (
        f"apiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\nmetadata: {{name: {name}, namespace: edge}}\n"
        f"spec:\n  targetRefs: [{{group: gateway.networking.k8s.io, {target}}}]\n  {says}\n"
    )


_WHOLE, _SHOP = "kind: Gateway, name: edge", "kind: HTTPRoute, name: shop"
_RULE = f"{_SHOP}, sectionName: api"
_ROUTE = (
    "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: shop, namespace: edge}\n"
    "spec: {parentRefs: [{name: edge}]}\n"
)
_GATEWAY = _policy("all", _WHOLE, _JWT)
_RULES = "{rules: {authentication: {sso: {jwt: {issuerUrl: 'https://login.example.com'}}}}}"
_ANYBODY = "rules: {authentication: {all: {anonymous: {}}}}"
_KUADRANT_SHOP = _kuadrant("shop", _SHOP, _ANYBODY)
_AUTHENTICATION = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: shop, namespace: shop}
spec: {jwtRules: [{issuer: "https://login.example.com", jwksUri: "https://login.example.com/k", audiences: [shop]}]}
"""
_AUTHORIZATION = """\
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: shop, namespace: shop}
spec: {rules: [{from: [{source: {requestPrincipals: ["*"]}}]}]}
"""
_MERGED = _policy("shop", _SHOP, f"{_CORS}\n  mergeType: StrategicMerge")
_TRAFFIC = _kgateway("all", _WHOLE, "jwtAuth: {extensionRef: {name: sso}}")
_OFF, _LIMIT = _kgateway("shop", _SHOP, "jwtAuth: {disable: {}}"), _kgateway("shop", _SHOP, "rateLimit: {}")

ROWS = (
    OutcomeRow(
        "Envoy Gateway: a policy of a route or a listener, which replaces the gateway's and its `jwt`, also in folders near by",
        "resolved",
        (
            ("seen", {"all.yaml": f"{_GATEWAY}---\n{_ROUTE}---\n{_policy('shop', _SHOP, _CORS)}"}),
            ("seen", {"gateway/a.yaml": _GATEWAY, "apps/r.yaml": _ROUTE, "apps/p.yaml": _policy("shop", _SHOP, _CORS)}),
            ("seen", {"a.yaml": _GATEWAY, "p.yaml": _policy("https", f"{_WHOLE}, sectionName: https", _CORS)}),
            ("seen", {"a.yaml": _policy("shop", _SHOP, _JWT), "p.yaml": _policy("api", _RULE, _CORS)}),
            ("quiet", {"a.yaml": _GATEWAY, "r.yaml": _ROUTE, "p.yaml": _policy("shop", _SHOP, _JWT)}),
        ),
    ),
    OutcomeRow(
        "Envoy Gateway: such a policy whose route is not among the files, or with `mergeType`, which only 1.8 and later know",
        "undetermined",
        (
            ("undetermined", {"a.yaml": _GATEWAY, "p.yaml": _policy("shop", _SHOP, _CORS)}),
            ("undetermined", {"a.yaml": _GATEWAY, "r.yaml": _ROUTE, "p.yaml": _MERGED}),
        ),
    ),
    OutcomeRow(
        "a policy of a route alone, and files that define the same resource, as examples do",
        "not joined",
        (
            ("quiet", {"r.yaml": _ROUTE, "p.yaml": _policy("shop", _SHOP, _CORS)}),
            ("quiet", {"a.yaml": f"{_GATEWAY}---\n{_ROUTE}", "b.yaml": f"{_policy('shop', _SHOP, _CORS)}---\n{_ROUTE}"}),
        ),
    ),
    OutcomeRow(
        "Kuadrant: a policy of a route, which replaces the gateway's `defaults` as a whole",
        "resolved",
        (("seen", {"a.yaml": _kuadrant("all", _WHOLE, f"defaults: {_RULES}"), "p.yaml": f"{_KUADRANT_SHOP}---\n{_ROUTE}"}),),
    ),
    OutcomeRow(
        "Istio: whether an AuthorizationPolicy for the same workloads refuses a request without a token",
        "resolved as a fact, `requires_token`",
        (("quiet", {"authn.yaml": _AUTHENTICATION, "authz.yaml": _AUTHORIZATION}),),
    ),
    OutcomeRow(
        "kgateway: `jwtAuth.disable` of a route; other members of its policy keep the gateway's",
        "resolved",
        (
            ("seen", {"a.yaml": _TRAFFIC, "r.yaml": _ROUTE, "p.yaml": _OFF}),
            ("quiet", {"a.yaml": _TRAFFIC, "r.yaml": _ROUTE, "p.yaml": _LIMIT}),
        ),
    ),
)
