"""Which policies take the place of a wider one that verifies tokens: the precedence of Envoy Gateway, Kuadrant and kgateway."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.evidence.attached.overrides import find_overrides
from scanner.evidence.model import Override
from scanner.files.read import read_text
from scanner.files.tree import Parsed

JWT = "jwt: {providers: [{name: sso, issuer: 'https://login.example.com', remoteJWKS: {uri: 'https://login.example.com/k'}}]}"
CORS = "cors: {allowOrigins: ['https://shop.example.com']}"
EXT_AUTH = "extAuth: {http: {backendRefs: [{name: authz, port: 80}]}}"


def policy(name: str, target: str, says: str, *, namespace: str = "edge", more: str = "", created: str = "") -> str:
    made = f", creationTimestamp: '{created}'" if created else ""
    return (
        f"apiVersion: gateway.envoyproxy.io/v1alpha1\nkind: SecurityPolicy\n"
        f"metadata: {{name: {name}, namespace: {namespace}{made}}}\nspec:\n  targetRefs: [{target}]\n  {says}\n{more}"
    )


def route(name: str, parents: str, *, namespace: str = "edge", kind: str = "HTTPRoute", labels: str = "{}") -> str:
    return (
        f"apiVersion: gateway.networking.k8s.io/v1\nkind: {kind}\n"
        f"metadata: {{name: {name}, namespace: {namespace}, labels: {labels}}}\nspec: {{parentRefs: [{parents}]}}\n"
    )


def overrides(*texts: str) -> tuple[Override, ...]:
    parsed = read_text("---\n".join(texts), "yaml")
    assert isinstance(parsed, Parsed)
    return find_overrides(parsed)


GATEWAY = "{kind: Gateway, name: edge}"
LISTENER = "{kind: Gateway, name: edge, sectionName: https}"
ROUTE = "{kind: HTTPRoute, name: shop}"
RULE = "{kind: HTTPRoute, name: shop, sectionName: admin}"
WIDE = policy("wide", GATEWAY, JWT)
SHOP = route("shop", "{name: edge}")


class TestEnvoyGateway:
    def test_a_routes_policy_replaces_the_gateways(self) -> None:
        """envoyproxy/gateway #8781: the policy with the narrowest target applies as a whole."""
        (found,) = overrides(WIDE, policy("narrow", ROUTE, CORS), SHOP)
        assert (found.policy, found.replaced) == ("SecurityPolicy edge/narrow", "SecurityPolicy edge/wide")
        assert found.targets == ("HTTPRoute shop",)
        assert not found.verifies_tokens
        assert not found.open_because
        assert found.issuers == ("https://login.example.com",)

    def test_what_it_asks_instead_is_named(self) -> None:
        (found,) = overrides(WIDE, policy("narrow", ROUTE, EXT_AUTH), SHOP)
        assert found.checks == ("external authorization",)

    def test_own_jwt_loses_nothing(self) -> None:
        (found,) = overrides(WIDE, policy("narrow", ROUTE, JWT), SHOP)
        assert found.verifies_tokens

    @pytest.mark.parametrize("target", ["{kind: GRPCRoute, name: shop}", "{kind: HTTPRoute, name: shop}"])
    def test_routes_of_both_kinds_count(self, target: str) -> None:
        kind = "GRPCRoute" if "GRPC" in target else "HTTPRoute"
        (found,) = overrides(WIDE, policy("narrow", target, CORS), route("shop", "{name: edge}", kind=kind))
        assert not found.open_because

    def test_a_route_of_tcp_has_no_tokens(self) -> None:
        """A policy of a TCPRoute can only be about addresses."""
        assert overrides(WIDE, policy("narrow", "{kind: TCPRoute, name: shop}", CORS)) == ()

    def test_a_listeners_policy_replaces_the_gateways(self) -> None:
        (found,) = overrides(WIDE, policy("narrow", LISTENER, CORS))
        assert found.targets == ("Gateway edge (https)",)

    def test_a_rule_is_narrower_than_its_route(self) -> None:
        found = overrides(policy("whole", ROUTE, JWT), policy("rule", RULE, CORS), SHOP)
        assert [each.policy for each in found] == ["SecurityPolicy edge/rule"]

    def test_the_nearest_wider_policy_counts(self) -> None:
        """The listener has a policy without jwt, so the gateway's does not reach the route anyway."""
        found = overrides(
            WIDE,
            policy("listener", LISTENER, CORS),
            policy("narrow", ROUTE, CORS),
            route("shop", "{name: edge, sectionName: https}"),
        )
        assert [each.policy for each in found] == ["SecurityPolicy edge/listener"]

    def test_a_route_at_every_listener_loses_the_jwt_of_one(self) -> None:
        found = overrides(policy("listener", LISTENER, JWT), policy("narrow", ROUTE, CORS), SHOP)
        assert [each.replaced_target for each in found] == ["Gateway edge (https)"]

    def test_a_route_at_another_listener_loses_nothing(self) -> None:
        other = route("shop", "{name: edge, sectionName: http}")
        assert overrides(policy("listener", LISTENER, JWT), policy("narrow", ROUTE, CORS), other) == ()

    def test_a_route_at_another_gateway_loses_nothing(self) -> None:
        assert overrides(WIDE, policy("narrow", ROUTE, CORS), route("shop", "{name: inner}")) == ()

    def test_a_gateway_in_another_namespace_is_named_by_the_route(self) -> None:
        found = overrides(
            WIDE,
            policy("narrow", ROUTE, CORS, namespace="apps"),
            route("shop", "{name: edge, namespace: edge}", namespace="apps"),
        )
        assert [each.policy for each in found] == ["SecurityPolicy apps/narrow"]

    def test_a_gateway_of_that_name_in_the_routes_own_namespace_is_another_one(self) -> None:
        apps = route("shop", "{name: edge}", namespace="apps")
        assert overrides(WIDE, policy("narrow", ROUTE, CORS, namespace="apps"), apps) == ()

    def test_an_unknown_route_is_open(self) -> None:
        (found,) = overrides(WIDE, policy("narrow", ROUTE, CORS))
        assert "the route is not among these files" in found.open_because

    def test_an_unknown_route_in_another_namespace_says_nothing(self) -> None:
        assert overrides(WIDE, policy("narrow", ROUTE, CORS, namespace="apps")) == ()

    def test_a_lone_policy_of_a_route_says_nothing(self) -> None:
        assert overrides(policy("narrow", ROUTE, CORS), SHOP) == ()

    def test_without_jwt_at_the_gateway_nothing_is_lost(self) -> None:
        assert overrides(policy("wide", GATEWAY, CORS), policy("narrow", ROUTE, CORS), SHOP) == ()

    def test_whether_a_merge_keeps_the_jwt_depends_on_the_version(self) -> None:
        (found,) = overrides(WIDE, policy("narrow", ROUTE, EXT_AUTH, more="  mergeType: JSONMerge\n"), SHOP)
        assert "1.8" in found.open_because

    def test_the_older_of_two_policies_applies(self) -> None:
        old, new = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
        loses = policy("narrow", ROUTE, CORS, created=new)
        keeps = policy("own", ROUTE, JWT, created=old)
        assert [each.policy for each in overrides(WIDE, loses, keeps, SHOP)] == ["SecurityPolicy edge/own"]

    def test_two_policies_without_an_age_are_open(self) -> None:
        found = overrides(WIDE, policy("narrow", ROUTE, CORS), policy("own", ROUTE, JWT), SHOP)
        assert {each.policy: bool(each.open_because) for each in found} == {
            "SecurityPolicy edge/narrow": True,
            "SecurityPolicy edge/own": False,
        }

    def test_targets_by_labels(self) -> None:
        select = "  targetSelectors: [{kind: HTTPRoute, matchLabels: {team: shop}}]\n"
        narrow = policy("narrow", "", CORS, more=select).replace("  targetRefs: []\n", "")
        (found,) = overrides(WIDE, narrow, route("shop", "{name: edge}", labels="{team: shop}"))
        assert (found.targets, found.open_because) == (("HTTPRoute shop",), "")
        (found,) = overrides(WIDE, narrow, route("shop", "{name: edge}", labels="{team: other}"))
        assert found.open_because

    def test_a_set_of_listeners(self) -> None:
        listeners = (
            "apiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\n"
            "metadata: {name: more, namespace: edge}\nspec: {parentRef: {name: edge}}\n"
        )
        narrow = policy("narrow", "{kind: ListenerSet, name: more}", CORS)
        (found,) = overrides(WIDE, narrow, listeners)
        assert found.targets == ("ListenerSet more",)
        (found,) = overrides(WIDE, policy("narrow", ROUTE, CORS), listeners, route("shop", "{kind: ListenerSet, name: more}"))
        assert found.replaced_target == "Gateway edge"

    def test_a_policy_that_a_template_fills_in_is_open(self) -> None:
        narrow = policy("narrow", ROUTE, "jwt: {{ .Values.jwt | toJson }}")
        (found,) = overrides(WIDE, narrow, SHOP)
        assert found.open_because

    def test_a_list_as_kubectl_gives_it(self) -> None:
        (found,) = overrides(f"kind: List\napiVersion: v1\nitems:\n{_as_items(WIDE, policy('narrow', ROUTE, CORS), SHOP)}")
        assert not found.open_because


class TestKuadrant:
    def test_defaults_are_replaced_as_a_whole(self) -> None:
        (found,) = overrides(_auth("wide", GATEWAY, "defaults: {rules: RULES}"), _auth("narrow", ROUTE, ANYBODY), SHOP)
        assert (found.verifies_tokens, found.checks) == (False, ())

    def test_bare_rules_are_defaults(self) -> None:
        assert overrides(_auth("wide", GATEWAY, "rules: RULES"), _auth("narrow", ROUTE, KEYS), SHOP)[0].checks == ("API keys",)

    @pytest.mark.parametrize("wide", ["overrides: {rules: RULES}", "defaults: {strategy: merge, rules: RULES}"])
    def test_overrides_and_merged_defaults_stay(self, wide: str) -> None:
        assert overrides(_auth("wide", GATEWAY, wide), _auth("narrow", ROUTE, KEYS), SHOP) == ()


class TestKgateway:
    WIDE = (
        "apiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\nmetadata: {name: wide, namespace: edge}\n"
        "spec: {targetRefs: [{kind: Gateway, name: edge}], jwtAuth: {extensionRef: {name: sso}}}\n"
    )
    NARROW = (
        "apiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\nmetadata: {name: narrow, namespace: edge}\n"
        "spec: {targetRefs: [{kind: HTTPRoute, name: shop}], SAYS}\n"
    )

    def test_another_member_keeps_the_wider_one(self) -> None:
        """Policies are merged member by member."""
        assert overrides(self.WIDE, self.NARROW.replace("SAYS", "cors: {allowOrigins: ['*']}"), SHOP) == ()

    def test_disable_switches_it_off(self) -> None:
        (found,) = overrides(self.WIDE, self.NARROW.replace("SAYS", "jwtAuth: {disable: {}}"), SHOP)
        assert not found.verifies_tokens

    def test_a_parent_that_is_preferred_wins(self) -> None:
        gateway = (
            "kind: Gateway\nmetadata: {name: edge, namespace: edge, annotations: "
            "{kgateway.dev/inherited-policy-priority: ShallowMergePreferParent}}\n"
        )
        assert overrides(self.WIDE, self.NARROW.replace("SAYS", "jwtAuth: {disable: {}}"), SHOP, gateway) == ()


_TARGETS = st.sampled_from([GATEWAY, LISTENER, ROUTE, RULE, "{kind: HTTPRoute, name: admin}"])
_SAYS = st.sampled_from([JWT, CORS, EXT_AUTH])
_TEXTS = st.one_of(
    st.builds(policy, st.sampled_from("abc"), _TARGETS, _SAYS, namespace=st.sampled_from(["edge", "apps"])),
    st.builds(route, st.sampled_from(["shop", "admin"]), st.sampled_from(["{name: edge}", "{name: edge, sectionName: https}"])),
)


@given(st.lists(_TEXTS, max_size=8))
def test_no_policy_is_lost_by_order(texts: list[str]) -> None:
    """What is found does not depend on the order of the documents, and only a policy with jwt is replaced."""
    unique = list({text.split("spec")[0]: text for text in texts}.values())
    found, turned = overrides(*unique), overrides(*reversed(unique))
    assert {(each.policy, bool(each.open_because)) for each in found} == {
        (each.policy, bool(each.open_because)) for each in turned
    }
    for each in found:
        name = each.replaced.rpartition("/")[2]
        assert any(JWT in text and f"name: {name}," in text for text in unique)


ANYBODY = "rules: {authentication: {all: {anonymous: {}}}}"
KEYS = "rules: {authentication: {keys: {apiKey: {selector: {}}}}}"


def _auth(name: str, target: str, says: str) -> str:
    rules = "{authentication: {sso: {jwt: {issuerUrl: 'https://login.example.com'}}}}"
    return (
        f"apiVersion: kuadrant.io/v1\nkind: AuthPolicy\nmetadata: {{name: {name}, namespace: edge}}\n"
        f"spec:\n  targetRef: {target}\n  {says.replace('RULES', rules)}\n"
    )


def _as_items(*texts: str) -> str:
    return "".join("- " + text.replace("\n", "\n  ").rstrip(" ") for text in texts)
