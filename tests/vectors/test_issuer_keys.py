"""Metadata together with its keys, in several layouts: what one document alone does not tell."""

from __future__ import annotations

import json
from itertools import product

import pytest

from scanner.findings.model import Report
from tests.one_document import OneDocument
from tests.vectors.documents import SOUND
from tests.vectors.material import ec_jwk, okp_jwk, rsa_jwk, sound_modulus

Files = dict[str, object]
# the place of the metadata and that of its keys
LAYOUTS = {
    "one folder": ("a/openid-configuration.json", "a/jwks.json"),
    "names alike": ("a/x.oidc.json", "a/x.jwks.json"),
    "a mirror": ("login.example.com/.well-known/openid-configuration", "login.example.com/jwks.json"),
    "a mirror in a folder": ("m/login.example.com/.well-known/openid-configuration.json", "m/login.example.com/jwks.json"),
    "a site": (".well-known/openid-configuration", "jwks.json"),
    "a site in a folder": ("www/public/.well-known/openid-configuration", "www/public/jwks.json"),
}
NOT_SIGNING = {
    "no key": [],
    "a key for encryption": [rsa_jwk(sound_modulus(), use="enc", alg="RSA-OAEP-256")],
    "a key to agree on keys": [okp_jwk("X25519")],
    "an oct key without k": [{"kty": "oct", "kid": "a", "alg": "HS256"}],
}
SIGNING = {
    "RSA and EC": [rsa_jwk(sound_modulus()), ec_jwk("P-256", kid="k2")],
    "RSA and EC beside encryption": [rsa_jwk(sound_modulus()), ec_jwk("P-256", kid="k2"), okp_jwk("X25519", kid="k3")],
}
CHANGED = {
    "issuer": "https://other.example.com",
    "jwks_uri": "https://login.example.com/other.json",
    "token_endpoint": "https://login.example.net/token",
    "authorization_endpoint": "https://login.example.net/authorize",
}


@pytest.fixture(scope="module")
def one() -> OneDocument:
    return OneDocument()


def scan(one: OneDocument, files: Files) -> Report:
    """The report of a scan of all these files."""
    return one.report_of_files({path: json.dumps(content).encode() for path, content in files.items()})


def results(report: Report, rule: str) -> set[str]:
    return {each.result for each in report.findings if each.rule == rule}


@pytest.mark.parametrize(("layout", "keys"), [*product(LAYOUTS, NOT_SIGNING)])
def test_an_issuer_without_signing_key_is_found(one: OneDocument, layout: str, keys: str) -> None:
    metadata, beside = LAYOUTS[layout]
    report = scan(one, {metadata: SOUND, beside: {"keys": NOT_SIGNING[keys]}})
    assert results(report, "issuer-without-signing-key") == {"fail"}
    assert "symmetric-key-published" not in {each.rule for each in report.findings if each.result == "fail"}


@pytest.mark.parametrize(("layout", "keys"), [*product(LAYOUTS, SIGNING)])
def test_an_issuer_with_its_keys_is_left_alone(one: OneDocument, layout: str, keys: str) -> None:
    metadata, beside = LAYOUTS[layout]
    report = scan(one, {metadata: SOUND, beside: {"keys": SIGNING[keys]}})
    assert [each.message for each in report.findings if each.severity in ("critical", "high", "medium")] == []


@pytest.mark.parametrize(("name", "is_mirror"), [*product(CHANGED, (False, True))])
def test_two_documents_of_an_issuer_that_disagree_are_found(one: OneDocument, name: str, is_mirror: bool) -> None:
    folder = "login.example.com/.well-known" if is_mirror else "a"
    files: Files = {
        f"{folder}/openid-configuration": SOUND,
        f"{folder}/oauth-authorization-server": SOUND | {name: CHANGED[name]},
    }
    assert "fail" in results(scan(one, files), "well-known-documents-disagree")


@pytest.mark.parametrize("name", ["openid-configuration", "oauth-authorization-server", "openid-configuration.json"])
@pytest.mark.parametrize("indent", [None, 1, 2, 4, "\t"])
def test_metadata_without_an_ending_is_metadata_however_it_is_laid_out(
    one: OneDocument, name: str, indent: int | str | None
) -> None:
    data = json.dumps(SOUND | {"token_endpoint": "http://login.example.com/token"}, indent=indent).encode()
    report = one.report(f"login.example.com/.well-known/{name}", data)
    assert {each.rule for each in report.findings if each.severity == "high"} == {"endpoint-over-http"}
    assert {each.subject.kind for each in report.findings} <= {"issuer", "issuer_keys"}


@pytest.mark.parametrize("written", ["RS-256", "rs256", "SHA256withRSA", "Es256", "eddsa", "rsa-oaep"])
@pytest.mark.parametrize("use", ["id_token_signing", "dpop_signing", "userinfo_encryption", "introspection_signing"])
def test_a_misspelt_algorithm_is_found_in_every_list(one: OneDocument, use: str, written: str) -> None:
    name = f"{use}_alg_values_supported"
    report = scan(one, {"openid-configuration.json": SOUND | {name: ["RS256", written]}})
    assert results(report, "offered-algorithm-misspelt") == {"fail"}
