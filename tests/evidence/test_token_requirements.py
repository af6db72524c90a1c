"""Whether Istio refuses a request without a token: RequestAuthentication with the AuthorizationPolicies beside it."""

from __future__ import annotations

import pytest

from scanner.evidence.model import Binding
from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

PRINCIPAL = "{from: [{source: {requestPrincipals: ['*']}}]}"
NO_PRINCIPAL = "{from: [{source: {notRequestPrincipals: ['*']}}]}"
SHOP = "selector: {matchLabels: {app: shop}}, "


@pytest.fixture(scope="module")
def reader() -> DocumentReader:
    return DocumentReader(shipped_pack(examples=False).platforms)


def authentication(where: str = SHOP, namespace: str = "shop") -> str:
    return (
        f"kind: RequestAuthentication\nmetadata: {{name: shop, namespace: {namespace}}}\n"
        f"spec: {{{where}jwtRules: [{{issuer: 'https://login.example.com'}}]}}\n"
    )


def policy(rules: str, where: str = SHOP, namespace: str = "shop", action: str = "ALLOW") -> str:
    return (
        f"kind: AuthorizationPolicy\nmetadata: {{name: p, namespace: {namespace}}}\n"
        f"spec: {{{where}action: {action}, rules: [{rules}]}}\n"
    )


def ask(reader: DocumentReader, *texts: str) -> object:
    """Whether a request without a token is refused, None where that is unknown."""
    found = reader.read(Document("auth.yaml", "---\n".join(texts).encode()))
    assert found is not None
    binding: Binding = found.bindings[0]
    return binding.settings["requires_token"].value


class TestRefuses:
    @pytest.mark.parametrize(
        "texts",
        [
            (policy(PRINCIPAL),),
            (policy(NO_PRINCIPAL, action="DENY"),),
            (policy("{when: [{key: 'request.auth.claims[iss]', values: ['https://login.example.com']}]}"),),
            (policy("{when: [{key: request.auth.principal, notValues: ['*']}]}", action="DENY"),),
            (policy(PRINCIPAL, where=""),),
            (policy(PRINCIPAL, where="", namespace="istio-system"),),
            (policy(PRINCIPAL, where=SHOP, namespace="istio-system"),),
            (policy(""),),
            (policy("{to: [{operation: {paths: ['/']}}]}"), policy(NO_PRINCIPAL, action="DENY")),
        ],
        ids=["allow", "deny", "claim", "deny-claim", "namespace", "mesh", "mesh-labels", "nothing", "deny-wins"],
    )
    def test_where_every_way_in_asks_for_a_principal(self, texts: tuple[str, ...], reader: DocumentReader) -> None:
        assert ask(reader, authentication(), *texts) is True

    def test_at_the_same_gateway(self, reader: DocumentReader) -> None:
        gateway = "targetRefs: [{kind: Gateway, group: gateway.networking.k8s.io, name: edge}], "
        assert ask(reader, authentication(gateway), policy(PRINCIPAL, where=gateway)) is True
        assert ask(reader, authentication(gateway), policy(PRINCIPAL, where=gateway.replace("edge", "inner"))) is None

    def test_with_the_place_of_the_policy(self, reader: DocumentReader) -> None:
        found = reader.read(Document("auth.yaml", f"{authentication()}---\n{policy(PRINCIPAL)}".encode()))
        assert found is not None
        spot = found.bindings[0].settings["requires_token"].spot
        assert spot is not None
        assert spot.line == 7


class TestAccepts:
    def test_where_a_policy_allows_everything(self, reader: DocumentReader) -> None:
        assert ask(reader, authentication(), policy("{}", where="")) is False


class TestIsUnknown:
    @pytest.mark.parametrize(
        "texts",
        [
            (),
            (policy(PRINCIPAL, where="selector: {matchLabels: {app: admin}}, "),),
            (policy(PRINCIPAL, namespace="admin"),),
            (policy(PRINCIPAL), policy("{to: [{operation: {paths: ['/healthz']}}]}")),
            (
                policy(
                    "{to: [{operation: {paths: ['/admin']}}], from: [{source: {notRequestPrincipals: ['*']}}]}", action="DENY"
                ),
            ),
            (policy("{}"), policy("{}", action="CUSTOM")),
            (policy("{from: [{source: {namespaces: [front]}}]}"),),
        ],
        ids=["alone", "other-workload", "other-namespace", "public-path", "some-paths", "custom", "other-sources"],
    )
    def test_where_that_depends(self, texts: tuple[str, ...], reader: DocumentReader) -> None:
        """On what is elsewhere, or on the request."""
        assert ask(reader, authentication(), *texts) is None

    def test_of_a_whole_namespace_with_a_policy_for_one_workload(self, reader: DocumentReader) -> None:
        assert ask(reader, authentication(""), policy(PRINCIPAL)) is None
