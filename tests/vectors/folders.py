"""Folders of several files that show a fault only together, or a private key in the file where people keep one."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from itertools import chain, product
from textwrap import indent
from typing import Literal

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from scanner.record import record
from tests.vectors.documents import SOUND
from tests.vectors.material import (
    CURVES,
    Jwk,
    ec_jwk,
    number,
    okp_jwk,
    okp_private,
    prime,
    private_rsa,
    private_rsa_members,
    rsa_jwk,
    scalar,
    sound_modulus,
)
from tests.vectors.vector import jwk_set

Severity = Literal["critical", "high", "low", "info"]


@record
class Folder:
    """Files by path. `rule` must fail on them, at `severity`; where it is empty, nothing of medium or above may fail."""

    name: str
    files: dict[str, bytes]
    rule: str = ""
    severity: Severity | None = None


def folders() -> Iterator[Folder]:
    """All of them, in order."""
    return chain(_private_keys(), _pairs(), _shared_keys(), _fleets(), _sound())


def _keys() -> dict[str, tuple[dict[str, str], Jwk, Jwk]]:
    """By type of key: its PEM by form, its private JWK and its public one."""
    point = ec.derive_private_key(scalar("P-256"), CURVES["P-256"])
    made = {
        "RSA": (private_rsa().private_key(), rsa_jwk(sound_modulus()), private_rsa_members()),
        "EC": (point, ec_jwk("P-256"), {"d": number(scalar("P-256"), 32)}),
        "Ed25519": (
            okp_private("Ed25519")[0],
            okp_jwk("Ed25519"),
            {"d": number(int.from_bytes(okp_private("Ed25519")[1]), 32)},
        ),
    }
    found = {}
    for name, (key, public, members) in made.items():
        forms = {"PKCS#8": PrivateFormat.PKCS8, "OpenSSH": PrivateFormat.OpenSSH}
        if name != "Ed25519":
            forms["its own form"] = PrivateFormat.TraditionalOpenSSL
        pems = {form: key.private_bytes(Encoding.PEM, how, NoEncryption()).decode() for form, how in forms.items()}
        found[name] = (pems, public | members, public)
    return found


def _spellings(pem: str, jwk: Jwk) -> dict[str, tuple[str, str]]:
    """A private key as people keep it: the file's name and its text, by what it shows."""
    flat, wrapped = pem.replace("\n", "\\n"), base64.b64encode(pem.encode()).decode()
    text = json.dumps(jwk)
    secret = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: signer\n"
    return {
        "a PEM file": ("deploy/signing.pem", pem),
        "a PEM file with the ends of lines of Windows": ("deploy/signing.key", pem.replace("\n", "\r\n")),
        "an environment file": ("deploy/.env", f'SIGNING_KEY="{flat}"\n'),
        "an environment file, in base64": ("deploy/.env", f"SIGNING_KEY={wrapped}\n"),
        "JSON": ("deploy/settings.json", json.dumps({"auth": {"key": pem}})),
        "a block of YAML": ("deploy/values.yaml", f"jwt:\n  key: |\n{indent(pem, '    ')}"),
        "a string of YAML": ("deploy/values.yaml", f'jwt:\n  key: "{flat}"\n'),
        "a Secret in plain text": ("deploy/secret.yaml", f"{secret}stringData:\n  key: |\n{indent(pem, '    ')}"),
        "a Secret in base64": ("deploy/secret.yaml", f"{secret}data:\n  key: {wrapped}\n"),
        "Terraform": ("deploy/main.tf", f"locals {{\n  key = <<EOT\n{pem}EOT\n}}\n"),
        "a JWK in an environment file": ("deploy/.env", f"SIGNING_JWK='{text}'\n"),
        "a JWK in a string of JSON": ("deploy/settings.json", json.dumps({"auth": {"key": text}})),
        "a JWK in a Secret in base64": (
            "deploy/secret.yaml",
            f"{secret}data:\n  jwk: {base64.b64encode(text.encode()).decode()}\n",
        ),
        "a JWK in YAML": ("deploy/values.yaml", "jwt:\n  jwk:\n" + "".join(f"    {key}: {jwk[key]}\n" for key in jwk)),
    }


def _private_keys() -> Iterator[Folder]:
    for kind, (pems, private, _) in _keys().items():
        for form, pem in pems.items():
            files = {"deploy/id_signer.key": pem.encode()}
            yield Folder(f"private-key-in-file: {kind}, {form}", files, "private-key-in-file", "high")
        for what, (path, text) in _spellings(pems["PKCS#8"], private).items():
            yield Folder(f"private-key-in-file: {kind}, {what}", {path: text.encode()}, "private-key-in-file", "high")
    pem = _keys()["EC"][0]["PKCS#8"]
    for path in ("tests/signing.pem", "src/test/resources/signing.pem", "examples/signing.pem"):
        yield Folder(f"private-key-in-test: {path}", {path: pem.encode()}, "private-key-in-test", "low")
    sealed = private_rsa().private_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"horse"))
    yield Folder("private-key-sealed-in-file: PKCS#8", {"signing.pem": sealed}, "private-key-sealed-in-file", "low")
    known = {"kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}
    known["x"] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    for path, rule, severity in (
        ("deploy/.env", "private-key-everybody-has", "critical"),
        ("tests/.env", "private-key-of-an-example", "info"),
    ):
        yield Folder(f"{rule}: RFC 8037", {path: f"KEY={json.dumps(known)}\n".encode()}, rule, severity)  # type: ignore[arg-type]


def _pairs() -> Iterator[Folder]:
    rule = "private-half-of-published-key"
    for kind, (pems, private, public) in _keys().items():
        for form, pem in pems.items():
            files = {"deploy/signing.key": pem.encode(), "jwks.json": jwk_set(public | {"kid": "published"})}
            yield Folder(f"{rule}: {kind}, {form}", files, rule, "critical")
        for what, (path, text) in _spellings(pems["PKCS#8"], private).items():
            files = {path: text.encode(), "www/jwks.json": jwk_set(ec_jwk("P-384", kid="other"), public | {"kid": "published"})}
            yield Folder(f"{rule}: {kind}, {what}", files, rule, "critical")
        member = "n" if kind == "RSA" else "x"
        padded = public | {member: public[member] + "=" * (-len(public[member]) % 4)}
        files = {"deploy/signing.key": pems["PKCS#8"].encode(), "jwks.json": jwk_set(padded)}
        yield Folder(f"{rule}: {kind}, the public half padded", files, rule, "critical")
        files = {"tests/signing.key": pems["PKCS#8"].encode(), "tests/jwks.json": jwk_set(public)}
        yield Folder(f"key-pair-of-tests: {kind}", files, "key-pair-of-tests", "info")


def _issuer(host: str, *keys: Jwk, **changes: object) -> dict[str, bytes]:
    """The documents of an issuer, in a mirror of its host."""
    of_host = {
        name: value.replace("login.example.com", host) if isinstance(value, str) else value for name, value in SOUND.items()
    }
    metadata = json.dumps(of_host | changes, indent=2).encode()
    return {f"{host}/.well-known/openid-configuration": metadata, f"{host}/jwks.json": jwk_set(*keys)}


# an issuer that shares its whole set is another name of one deployment
_BESIDE = (ec_jwk("P-384", kid="beside"), okp_jwk("Ed448", kid="next"))


def _shared_keys() -> Iterator[Folder]:
    keys = {"RSA": rsa_jwk(sound_modulus()), "EC": ec_jwk("P-256"), "Ed25519": okp_jwk("Ed25519")}
    pairs = {
        "key-shared-across-owners": ("high", "login.example.com", "login.example.net"),
        "key-shared-across-environments": ("high", "login.example.com", "login.sandbox.example.com"),
        "key-shared-within-owner": ("low", "login.example.com", "shop.example.com"),
    }
    for (rule, (severity, one, two)), (kind, key) in product(pairs.items(), keys.items()):
        for what, other in {"the same kid": key, "another kid": key | {"kid": "k9"}}.items():
            files = _issuer(one, key, _BESIDE[0]) | _issuer(two, other, _BESIDE[1])
            yield Folder(f"{rule}: {kind}, {what}", files, rule, severity)  # type: ignore[arg-type]
    p = prime(1024, ("shared", "p"))
    first, second = (rsa_jwk(p * prime(1024, ("shared", name)), kid=name) for name in ("q", "r"))
    rule = "rsa-prime-shared"
    yield Folder(f"{rule}: in one set", {"jwks.json": jwk_set(first, second)}, rule, "critical")
    yield Folder(f"{rule}: in two sets", {"a/jwks.json": jwk_set(first), "b/jwks.json": jwk_set(second)}, rule, "critical")
    files = _issuer("login.example.com", first, _BESIDE[0]) | _issuer("login.example.net", _BESIDE[1], second)
    yield Folder(f"{rule}: of two issuers", files, rule, "critical")
    encrypting = second | {"use": "enc", "alg": "RSA-OAEP-256"}
    yield Folder(f"{rule}: one for encryption", {"jwks.json": jwk_set(first, encrypting)}, rule, "critical")
    files = _issuer("a.example.com", ec_jwk("P-256")) | _issuer("a.example.net", rsa_jwk(sound_modulus()))
    yield Folder("kid-at-several-issuers: of other types", files, "kid-at-several-issuers", "low")


def _fleets() -> Iterator[Folder]:
    rule = "test-issuer-differs"
    for name, value in {
        "id_token_signing_alg_values_supported": ["RS256", "PS256"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_methods_supported": ["tls_client_auth"],
    }.items():
        one = _issuer("login.example.com", rsa_jwk(sound_modulus(), kid="a"))
        two = _issuer("login.staging.example.com", rsa_jwk(sound_modulus("other"), kid="b"), **{name: value})
        yield Folder(f"{rule}: {name}", one | two, rule, "low")


def _sound() -> Iterator[Folder]:
    two = {"rsa": rsa_jwk(sound_modulus(), kid="a"), "ec": ec_jwk("P-256", kid="b")}
    yield Folder(
        "two issuers",
        _issuer("a.example.com", two["rsa"], two["ec"])
        | _issuer("a.example.net", *_BESIDE[:1], rsa_jwk(sound_modulus("other"), kid="c")),
    )
    yield Folder(
        "placeholders", {"key.yaml": b"key: |\n  -----BEGIN PRIVATE KEY-----\n  <yours>\n  -----END PRIVATE KEY-----\n"}
    )
    public = private_rsa().private_key().public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    yield Folder("the public half beside the set", {"deploy/signing.pem": pem, "jwks.json": jwk_set(two["rsa"], two["ec"])})
