"""Keys in another shell than a JWK Set are judged like all others, and no private value of theirs is seen again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.findings.model import Report
from scanner.renderers.choose import FORMATS, render
from tests.one_document import OneDocument
from tests.vectors.material import OCTETS, Jwk, ec_jwk, number, rsa_jwk, scalar, sound_modulus

WEAK = rsa_jwk(sound_modulus("short", 1024), kid="short")
SECRET = number(scalar("P-256"), OCTETS["P-256"])
PRIVATE = ec_jwk("P-256", kid="private", d=SECRET)

Shell = Callable[[list[Jwk]], str]


def manifest(keys: list[Jwk]) -> str:
    """A ConfigMap, as gateways load local sets from."""
    text = json.dumps({"keys": keys})
    return f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: keys}}\ndata:\n  keys.json: |\n    {text}\n"


SHELLS: dict[str, Shell] = {
    "answer.json": lambda keys: json.dumps({"data": {"keys": keys}, "status": "ok"}),
    "client.json": lambda keys: json.dumps({"client_id": "a", "jwks": {"keys": keys}}),
    "clients.json": lambda keys: json.dumps([{"name": "a", "jwks": {"keys": [key]}} for key in keys]),
    "keys.json": lambda keys: json.dumps({str(key["kid"]): key for key in keys}),
    "app.json": lambda keys: json.dumps({"trusted": json.dumps({"keys": keys})}),
    "did.json": lambda keys: json.dumps({"verificationMethod": [{"id": key["kid"], "publicKeyJwk": key} for key in keys]}),
    "keys.yaml": lambda keys: "keys:\n" + "".join(f"- {json.dumps(key)}\n" for key in keys),
    "manifest.yaml": manifest,
}


@pytest.fixture(scope="module")
def one() -> OneDocument:
    return OneDocument()


def failed(report: Report) -> Counter[str]:
    return Counter(each.rule for each in report.findings if each.result == "fail")


@pytest.mark.parametrize("name", SHELLS)
class TestEveryShell:
    def test_its_keys_are_judged(self, one: OneDocument, name: str) -> None:
        report = one.report(name, SHELLS[name]([WEAK]).encode())
        assert failed(report)["rsa-modulus-too-small"] == 1
        assert not failed(report)["not-a-jwk-set"], "nobody fetches a file of that name"

    def test_a_private_key_is_found_once_and_not_shown(self, one: OneDocument, name: str) -> None:
        report = one.report(name, SHELLS[name]([WEAK, PRIVATE]).encode())
        found = failed(report)
        assert found["private-key-in-file"] + found["private-members-published"] == 1
        assert all(SECRET not in render(report, format_) for format_ in FORMATS)

    def test_is_quiet_in_a_folder_of_tests(self, one: OneDocument, name: str) -> None:
        """What tests are made of is trusted by nobody."""
        assert not failed(one.report(f"src/test/resources/{name}", SHELLS[name]([WEAK]).encode()))["rsa-modulus-too-small"]


class TestFilesWithTheNameOfASet:
    @pytest.mark.parametrize("shell", ["answer.json", "client.json", "keys.json"])
    def test_publish_what_is_inside(self, one: OneDocument, shell: str) -> None:
        """Consumers find no key; everybody else finds the private one."""
        found = failed(one.report("jwks.json", SHELLS[shell]([WEAK, PRIVATE]).encode()))
        assert (found["private-members-published"], found["not-a-jwk-set"], found["private-key-in-file"]) == (1, 1, 0)
        assert found["rsa-modulus-too-small"] == 1

    def test_a_stub_of_a_request_is_no_set(self, one: OneDocument) -> None:
        stub = {"request": {"url": "/jwks.json"}, "response": {"jsonBody": {"keys": [WEAK]}}}
        assert not failed(one.report("jwks-stub.json", json.dumps(stub).encode()))["not-a-jwk-set"]

    def test_a_private_key_beside_the_set_is_found_as_well(self, one: OneDocument) -> None:
        other = ec_jwk("P-384", kid="other", d=number(scalar("P-384"), OCTETS["P-384"]))
        both = json.dumps({"keys": [PRIVATE], "backup": {"key": other}}, indent=1)
        found = failed(one.report("jwks.json", both.encode()))
        assert (found["private-members-published"], found["private-key-in-file"]) == (1, 1)


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(dict(PRIVATE)) | st.just({"keys": [WEAK]}),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["keys", "jwks", "data", "a"]), inner, max_size=3)
    ),
    max_leaves=12,
)


class TestAnyNesting:
    @given(document=JSON)
    def test_gives_a_report_without_the_private_value(self, document: Any) -> None:
        report = ONE.report("some.json", json.dumps({"top": document}).encode())
        assert SECRET not in render(report, "json")
        has_private = SECRET in json.dumps(document)
        found = failed(report)
        assert bool(found["private-key-in-file"] + found["private-members-published"]) == has_private


ONE = OneDocument()
