"""A configuration is recognised by what its platform requires: without any other member, in any order, style and quotes.

Each example of a platform file in JSON, or in YAML without templates, is changed in one place. What a binding trusts is not
taken away, and what tells the platform (`kind`, the type of a plugin) is: REQUIRED lists it, with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import pytest

from scanner.evidence.bindings.one_binding import TRUSTED_PLACES
from scanner.evidence.model import Binding
from scanner.evidence.read_document import DocumentReader
from scanner.files import tree
from scanner.files.read import read
from scanner.files.tree import Node, Parsed, to_plain
from scanner.pack.platform import Platform, PlatformExample
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

Step: TypeAlias = "str | int"
Path: TypeAlias = tuple[Step, ...]

# what says which of many things a document or a member of it is, on any platform
_TELLING = frozenset({"kind", "apiVersion", "type", "Type", "@type", "name", "handler", "provider"})
# the members without which a platform would not take it for this configuration, or for one that trusts anybody
_CHART = "the values of a chart have it, and values of other charts the rest"
_BODY = "the API asks for it, and another API has the rest"
_SWITCH = "without it the platform verifies no token of this sort"
REQUIRED: Mapping[str, Mapping[str, str]] = {
    "agentgateway": {"clientId": "a login has it"},
    "apisix": {"use_jwks": "without it tokens are asked about, and no keys are trusted"},
    "argo-workflows": {"enabled": _SWITCH},
    "aspnet": {
        "AzureAd__Audience": "Domain alone is of any product",
        "AzureAd__Instance": "the tenant's issuer begins with it",
        "Audience": "Domain alone is of any product",
        "ClientId": "the library asks for it or for Audience",
        "ValidAudience": "the section may have any name",
        "Instance": "the tenant's issuer begins with it",
        "value": "it is a setting's",
    },
    "auth0-connection": {"strategy": "it says that the connection is one of OpenID Connect"},
    "azure-federated-identity": {"subject": _BODY, "audiences": _BODY},
    "cloudflare": {"client_id": _BODY, "token_type": _BODY, "token_sources": _BODY, "kty": "without it there is no key"},
    "conjur": {"identity": _BODY, "token_app_property": _BODY},
    "directus": {"AUTH_PROVIDERS": "it names the providers"},
    "emqx": {"mechanism": _BODY, "algorithm": _BODY},
    "envoy": {"rules": "the filter has no type yet, and other things have providers"},
    "express-oauth2-jwt-bearer": {"AUDIENCE": "the library asks for it, and the other variables are anybody's"},
    "fastmcp": {"FASTMCP_SERVER_AUTH_AWS_COGNITO_AWS_REGION": "the issuer is made of it"},
    "fulcio": {"client-id": "Fulcio asks for it"},
    "harbor": {"oidc_client_id": _BODY},
    "hive-router": {"source": "it is the file or the URL"},
    "keycloak-adapter": {"realm": "the issuer is made of it"},
    "keycloak-broker": {
        "providerId": "it says what kind of provider that is",
        "tokenUrl": "a login has it",
        "use.jwks.url": _SWITCH,
        "use.jwks.string": _SWITCH,
        "clientAuthenticatorType": _SWITCH,
    },
    "kong": {"algorithm": _BODY},
    "kong-oidc": {"plugin": "it names the plugin", "use_jwks": _SWITCH},
    "langfuse": {"SALT": "Langfuse asks for it, and its other variables are anybody's", "valueFrom": "it is a setting's"},
    "minio": {"enabled": _SWITCH, "clientId": _CHART},
    "nats": {"resolver": "a server with operators asks for it", "resolver_preload": "it holds the accounts"},
    "nifi": {"claimIdentifyingUser": _CHART},
    "nomad": {"AllowedRedirectURIs": "Nomad asks for it of a login", "SigningAlgs": "Consul's configuration has the rest"},
    "octo-sts": {"subject": "Octo STS asks for one of the two", "subject_pattern": "Octo STS asks for one of the two"},
    "oidc-federation": {
        "entity_id": "other things have trust anchors",
        "client_id": "other things have trust anchors",
        "identity_providers": "other things have trust anchors",
    },
    "open-webui": {"value": "it is a setting's"},
    "openfga": {"method": _SWITCH},
    "pomerium": {"routes": "Pomerium asks for it", "audiences": "other things have identity providers"},
    "qdrant": {"jwt_rbac": _SWITCH},
    "redpanda": {"http_authentication": _SWITCH},
    "redpanda-console": {"redirectUrl": "a login has it"},
    "solr": {"class": "it names the plugin"},
    "synapse": {
        "idp_id": "Synapse asks for it",
        "client_id": "Synapse asks for it",
        "enabled": _SWITCH,
        "algorithm": "Synapse asks for it",
    },
    "teleport": {"join_method": "it says how a machine joins"},
    "terraform-aws-oidc-provider": {"Action": "another action takes no token"},
    "traefik": {"traefik.http.middlewares.web.plugin.oidc-auth.provider.clientid": "a plugin may have any name"},
    "tyk": {"enable_jwt": _SWITCH, "use_openid": _SWITCH, "enabled": _SWITCH},
    "vault": {"default_role": "another product's settings have a URL of keys alone"},
    "weaviate": {"username_claim": "Weaviate asks for it, and other charts have the rest"},
    "zuplo": {"export": "it names the policy", "region": "the issuer is made of it"},
    "generic-jwt": {"audience": "an issuer alone in such a section may be that of anything"},
    "influxdb": {"auth-enabled": _SWITCH},
    "kargo": {"enabled": _SWITCH},
    "matrix-authentication-service": {"client_id": "the service asks for it"},
    "mlflow-oidc": {
        "OIDC_CLIENT_ID": "the plugin asks for it, and its other variables are anybody's",
        "value": "it is a setting's",
    },
}


class Case:
    """An example as plain values, and what the platform reads in it."""

    def __init__(self, platform: Platform, example: PlatformExample, plain: object) -> None:
        self.platform = platform
        self.file = example.file
        self.it = example.it
        self.plain = plain
        self._reader = DocumentReader([platform])
        self.bindings = self.read(plain)

    def read(self, plain: object) -> list[Binding]:
        """The bindings in those values, one member or item on each line."""
        return self.read_text(json.dumps(plain, indent=1))

    def read_text(self, text: str) -> list[Binding]:
        """The bindings in a text under the example's name."""
        evidence = self._reader.read(Document(self.file, text.encode(), is_named=True))
        return list(evidence.bindings) if evidence is not None else []

    def list_optional(self) -> Iterator[Path]:
        """The paths of the members in which nothing stands that a binding trusts."""
        parsed = read(json.dumps(self.plain, indent=1).encode(), "json")
        assert isinstance(parsed, Parsed)
        lines = {
            setting.spot.line
            for binding in self.bindings
            for name in TRUSTED_PLACES
            if (setting := binding.settings[name]).spot is not None
        }
        if any(all(binding.settings[name].spot is None for name in TRUSTED_PLACES) for binding in self.bindings):
            return  # a switch alone is the binding
        yield from (
            path for path, first, last in _list_members(parsed.documents[0]) if lines.isdisjoint(range(first, last + 1))
        )


def _list_members(node: Node, above: Path = ()) -> Iterator[tuple[Path, int, int]]:
    """Each member of a mapping below the node: its path, its first and its last line."""
    if isinstance(node, tree.Mapping):
        for entry in node.entries:
            path = (*above, entry.key.text)
            yield path, entry.key.line, entry.value.end_line
            yield from _list_members(entry.value, path)
    elif isinstance(node, tree.Sequence):
        for number, item in enumerate(node.items):
            yield from _list_members(item, (*above, number))


def _without(plain: Any, path: Path) -> Any:
    """The values without the member at the path."""
    step, *rest = path
    if isinstance(plain, list):
        return [_without(item, tuple(rest)) if number == step else item for number, item in enumerate(plain)]
    if not rest:
        return {name: value for name, value in plain.items() if name != step}
    return {name: _without(value, tuple(rest)) if name == step else value for name, value in plain.items()}


def _reverse(plain: Any) -> Any:
    """The values with the members of each mapping in the other order."""
    if isinstance(plain, dict):
        return {name: _reverse(value) for name, value in reversed(plain.items())}
    return [_reverse(item) for item in plain] if isinstance(plain, list) else plain


def _write_blocks(plain: Any, quote: str, depth: int = 0) -> Iterator[str]:
    """The values as YAML in block style, every text and name in those quotes."""
    before = "  " * depth
    for name, value in plain.items() if isinstance(plain, dict) else (("", item) for item in plain):
        head = f"{before}{_quote(name, quote)}:" if isinstance(plain, dict) else f"{before}-"
        if isinstance(value, dict | list) and value:
            yield head
            yield from _write_blocks(value, quote, depth + 1)
        else:
            yield f"{head} {_quote(value, quote) if isinstance(value, str) else json.dumps(value)}"


def _quote(text: str, quote: str) -> str:
    return json.dumps(text) if quote == '"' or "\n" in text else "'" + text.replace("'", "''") + "'"


def _list_cases() -> Iterator[Case]:
    for platform in shipped_pack(examples=True).platforms.values():
        for example in platform.examples:
            if (
                not (example.gives and example.file.endswith((".json", ".yaml", ".yml")))
                or "{{" in example.text
                or ": !" in example.text
            ):
                continue
            parsed = read(example.text.encode(), "json" if example.file.endswith(".json") else "yaml")
            if isinstance(parsed, Parsed) and len(parsed.documents) == 1 and "\n- !" not in example.text:
                yield Case(platform, example, to_plain(parsed.documents[0]))


CASES = list(_list_cases())
BY_PLATFORM = {name: [each for each in CASES if each.platform.id == name] for name in sorted({c.platform.id for c in CASES})}


def _said(bindings: list[Binding]) -> list[tuple[object, ...]]:
    """What bindings trust, without places."""
    return sorted((tuple(str(each.settings[name].resolved) for name in TRUSTED_PLACES) for each in bindings), key=str)


@pytest.mark.parametrize("name", BY_PLATFORM)
class TestEachPlatform:
    def test_is_recognised_without_any_optional_member(self, name: str) -> None:
        required = _TELLING.union(REQUIRED.get(name, ()))
        lost = {
            f"{path[-1]} ({case.it})"
            for case in BY_PLATFORM[name]
            for path in case.list_optional()
            if path[-1] not in required and len(case.read(_without(case.plain, path))) < len(case.bindings)
        }
        assert lost == set(), "a member is optional, so the read must not ask for it, or REQUIRED says why it does"

    def test_is_recognised_in_the_other_order(self, name: str) -> None:
        for case in BY_PLATFORM[name]:
            assert _said(case.read(_reverse(case.plain))) == _said(case.bindings), case.it

    @pytest.mark.parametrize("quote", ["'", '"'])
    def test_is_recognised_in_block_style_and_any_quotes(self, name: str, quote: str) -> None:
        for case in BY_PLATFORM[name]:
            if case.file.endswith(".json"):
                continue
            text = "\n".join(_write_blocks(case.plain, quote))
            assert _said(case.read_text(text)) == _said(case.bindings), case.it


def test_every_reason_is_needed() -> None:
    """A member that a read no longer asks for leaves the list."""
    unneeded = {
        (name, member)
        for name, members in REQUIRED.items()
        for member in members
        if not any(
            path[-1] == member and len(case.read(_without(case.plain, path))) < len(case.bindings)
            for case in BY_PLATFORM.get(name, ())
            for path in case.list_optional()
        )
    }
    assert unneeded == set()
