"""What is kept of a server's answer has no private value in it, and still shows that there was one."""

from __future__ import annotations

import base64
import gzip
import html
import json
import urllib.parse
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.redaction.body import redact_private
from scanner.redaction.key_text import private_key_in_text
from tests.one_document import OneDocument, secrets_of
from tests.vectors.generate import all_controls, all_vectors
from tests.vectors.malformed import malformed
from tests.vectors.test_any_document import damaged, providers, sets

EC = ec.generate_private_key(ec.SECP256R1())
RSA = rsa.generate_private_key(65537, 2048)
PEM = EC.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
BODY = PEM.split("\n")[1]
D = "QnVuZGxlU2VjcmV0VmFsdWVBYmNkZWZn"
SET = {"keys": [{"kty": "EC", "crv": "P-256", "x": "AQ", "y": "Ag", "d": D, "kid": "leaked"}]}
ONE = OneDocument()
# what is asked about private values themselves cannot be answered without them
NOT_ANSWERED = frozenset({"private-half-of-another-key", "set-not-strict-json"})


def b64(data: bytes | str) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def cleaned(data: bytes | str | object) -> tuple[str, tuple[str, ...]]:
    """What is kept, which has as many lines and characters, and what is said of the rest."""
    octets = data if isinstance(data, bytes) else (data if isinstance(data, str) else json.dumps(data)).encode()
    kept, removed = redact_private(octets)
    assert kept is not None
    before, after = octets.decode("latin-1").split("\n"), kept.decode("latin-1").split("\n")
    assert [len(line) for line in before] == [len(line) for line in after]
    return kept.decode("latin-1"), removed


def failing(data: bytes, path: str = "jwks.json") -> set[tuple[str, str]]:
    return {
        (finding.rule, str(finding.place))
        for finding in ONE.report(path, data).findings
        if finding.result == "fail" and finding.rule not in NOT_ANSWERED
    }


class TestPrivateMembers:
    def test_a_value_is_filled_and_named_by_its_place(self) -> None:
        kept, removed = cleaned(SET)
        assert kept == json.dumps(SET).replace(D, "*" * len(D))
        assert removed == ("keys[0].d",)

    @pytest.mark.parametrize("name", ["d", "p", "q", "dp", "dq", "qi", "k", "priv"])
    def test_each_of_them(self, name: str) -> None:
        kept, removed = cleaned({"keys": [{"kty": "RSA", name: D}, {"kty": "EC"}]})
        assert D not in kept
        assert removed == (f"keys[0].{name}",)

    def test_other_primes_lose_everything_below_them(self) -> None:
        """RFC 7518 §6.3.2.7."""
        kept, removed = cleaned({"keys": [{"kty": "RSA", "oth": [{"r": D, "d": f"{D}d", "t": 98765, "extra": [D]}]}]})
        assert not any(value in kept for value in (D, "98765", "extra"))
        assert removed == ("keys[0].oth",)

    def test_whoever_repeats_a_member_or_writes_its_name_with_escapes(self) -> None:
        """Every reader takes another one of two members (RFC 7517 §4)."""
        kept, removed = cleaned(f'{{"keys": [{{"kty": "EC", "\\u0064": "{D}", "d": "{D}x", "d": ""}}]}}')
        assert D not in kept
        assert removed == ("keys[0].d",)

    def test_escapes_inside_of_a_value(self) -> None:
        written = "".join(f"\\u{ord(letter):04x}" for letter in D)
        kept, _ = cleaned(f'{{"kty": "oct", "k": "{written}"}}')
        assert written not in kept
        assert "\\" not in kept

    def test_keys_wherever_they_are_nested(self) -> None:
        kept, removed = cleaned(
            {"tenants": {"a": [{"jwks": SET}]}, "jwks": json.dumps(SET), "twice": json.dumps(json.dumps(SET))}
        )
        assert D not in kept
        assert removed == ("tenants.a[0].jwks.keys[0].d", "jwks: keys[0].d", "twice: keys[0].d")

    def test_a_key_without_its_type_and_one_in_capitals(self) -> None:
        """Serialisers of other languages write their own names."""
        kept, removed = cleaned({"Modulus": "AQAB", "D": D, "InverseQ": f"{D}q", "keys": [{"d": "short"}]})
        assert not any(value in kept for value in (D, "short"))
        assert removed == ("D", "InverseQ", "keys[0].d")

    def test_the_same_value_under_a_harmless_name(self) -> None:
        kept, _ = cleaned({"keys": [{"kty": "EC", "d": D, "note": f"the scalar is {D}."}]})
        assert D not in kept

    def test_a_number_stays_a_number(self) -> None:
        kept, _ = cleaned('{"kty": "RSA", "d": 12345678901234567890, "twin": 12345678901234567890, "p": true, "q": NaN}')
        assert kept == '{"kty": "RSA", "d": 11111111111111111111, "twin": 11111111111111111111, "p": true, "q": NaN}'

    def test_what_is_empty_holds_nothing(self) -> None:
        text = '{"keys": [{"kty": "RSA", "d": "", "p": null, "q": " ", "oth": []}]}'
        assert cleaned(text) == (text, ())

    def test_members_written_as_pairs(self) -> None:
        kept, removed = cleaned([["kty", "EC"], ["d", D], ["k", "short"], ["x", D[::-1]]])
        assert kept == json.dumps([["kty", "EC"], ["d", "*" * len(D)], ["k", "short"], ["x", D[::-1]]])
        assert removed == ("[1][1]",)

    def test_ordinary_members_of_those_names_elsewhere(self) -> None:
        text = '{"p": {"x": 1}, "q": "search", "k": 7, "grant_types_supported": ["password", "d"]}'
        assert cleaned(text) == (text, ())

    def test_members_called_secret(self) -> None:
        kept, removed = cleaned({"client_id": "me", "client_secret": "hunter2hunter2"})
        assert "hunter2" not in kept
        assert removed == ("client_secret",)
        kept, removed = cleaned({"publicKeyMultibase": "z6Mk", "privateKeyMultibase": f"z{D}", "private_key_pem": "-"})
        assert D not in kept
        assert removed == ("privateKeyMultibase", "private_key_pem")

    def test_names_that_nobody_would_show(self) -> None:
        _, removed = cleaned({"\x1b[2J": SET, "n" * 100: SET})
        assert removed == ("a member.keys[0].d",)

    def test_a_list_of_a_thousand_is_cut(self) -> None:
        _, removed = cleaned({"keys": [{"kty": "EC", "d": f"{D}{number}"} for number in range(1000)]})
        assert len(removed) == 101
        assert removed[-1] == "and 900 more"


class TestOtherForms:
    CRYPT = BestAvailableEncryption(b"example")
    FORMS = (
        EC.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        RSA.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        EC.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        EC.private_bytes(Encoding.DER, PrivateFormat.PKCS8, CRYPT),
        pkcs12.serialize_key_and_certificates(b"x", EC, None, None, CRYPT),
    )

    @pytest.mark.parametrize("der", FORMS, ids=lambda der: private_key_in_text(b64(der)))
    @pytest.mark.parametrize(
        "write",
        [b64, lambda der: base64.urlsafe_b64encode(der).decode().rstrip("="), lambda der: base64.encodebytes(der).decode()],
    )
    def test_structures_keep_what_tells_their_kind(self, der: bytes, write: Callable[[bytes], str]) -> None:
        text = write(der)
        kept, removed = cleaned({"keys": [{"kty": "EC", "note": text}]})
        left = json.loads(kept)["keys"][0]["note"]
        assert private_key_in_text(left) == private_key_in_text(text)
        assert removed == (f"keys[0].note: {private_key_in_text(text)}",)
        secret = EC.private_numbers().private_value.to_bytes(32, "big")
        assert secret[:4] not in base64.urlsafe_b64decode("".join(left.split()).replace("+", "-").replace("/", "_") + "==")

    def test_openssh_and_putty(self) -> None:
        ssh = EC.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
        bare = ssh.split("\n")[1] + ssh.split("\n")[2]
        putty = f"PuTTY-User-Key-File-3: ssh-ed25519\nPrivate-Lines: 1\n{D}\n"
        kept, removed = cleaned({"a": ssh, "b": bare, "c": putty, "d": bare[:-1] + "!"})
        assert not any(value in kept for value in (bare[30:60], D))
        assert len(removed) == 4

    @pytest.mark.parametrize("write", [str, lambda pem: json.dumps({"keys": [{"kty": "EC", "x5c": [pem]}]}), json.dumps])
    def test_pem_anywhere(self, write: Callable[[str], str]) -> None:
        kept, removed = cleaned(write(f"<html><pre>\n{PEM}</pre>{PEM}"))
        assert BODY not in kept
        assert kept.count("END PRIVATE KEY-----") == 2
        assert "a private key in PEM" in removed[0]

    def test_pem_that_nothing_ends(self) -> None:
        kept, _ = cleaned(f"<p>{PEM.partition('-----END')[0]}</p>ordinary text")
        assert BODY not in kept
        assert "</p>ordinary text" in kept

    def test_an_encrypted_block_keeps_what_says_so(self) -> None:
        """RFC 1421 §4.6.1.1."""
        block = RSA.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, self.CRYPT).decode()
        kept, _ = cleaned(json.dumps({"note": block}))
        assert "Proc-Type: 4,ENCRYPTED" in kept
        assert block.split("\n")[5] not in kept

    @pytest.mark.parametrize("before", ["", "\n", "key is ", "x", "\\n"])
    @pytest.mark.parametrize(
        "write", [b64, lambda text: base64.encodebytes(text.encode()).decode(), lambda text: b64(b64(text))]
    )
    def test_pem_and_json_in_base64(self, before: str, write: Callable[[str], str]) -> None:
        for inner, secret in ((PEM, BODY), (json.dumps(SET), D)):
            for outer in ({"secret_data": before + write(inner)}, before + write(inner)):
                kept, removed = redact_private((outer if isinstance(outer, str) else json.dumps(outer)).encode())
                assert kept is not None
                assert removed
                assert secret not in everything_in(kept.decode())

    def test_a_jwt_whose_payload_has_them(self) -> None:
        """A signed JWK Set (OpenID Federation §5.2.1.1)."""
        kept, removed = cleaned(f"eyJhbGciOiJFUzI1NiJ9.{b64(json.dumps(SET)).rstrip('=')}.c2ln")
        assert D not in everything_in(kept)
        assert removed == ("base64: keys[0].d",)

    def test_a_member_name_that_is_a_key(self) -> None:
        kept, _ = cleaned({PEM: 1})
        assert BODY not in kept

    def test_texts_inside_of_texts_without_end(self) -> None:
        text = json.dumps(SET)
        for _ in range(8):
            text = b64(json.dumps({"in": text}))
        kept, removed = cleaned(text)
        assert removed
        assert D not in everything_in(kept)


def everything_in(text: str, depth: int = 0) -> str:
    """A text with whatever its base64 stands for, as somebody would look for a key in it."""
    if depth > 10:
        return text
    found = [text]
    for word in "".join(letter if letter.isalnum() or letter in "+/-_" else " " for letter in text).split():
        for at in range(4):
            bare = word[at:].replace("-", "+").replace("_", "/")
            octets = base64.b64decode(bare[: len(bare) // 4 * 4]) if len(bare) >= 8 else b""
            if octets.isascii() and octets:
                found.append(everything_in(octets.decode(), depth + 1))
    return "".join(found)


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
    def test_with_a_byte_order_mark(self, encoding: str) -> None:
        mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
        kept, removed = redact_private(mark + json.dumps(SET).encode(encoding))
        assert kept == mark + json.dumps(SET).replace(D, "*" * len(D)).encode(encoding)
        assert removed == ("keys[0].d",)

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32"])
    def test_without_one_its_zeros_show_it(self, encoding: str) -> None:
        kept, removed = redact_private(json.dumps(SET).encode(encoding))
        assert kept == json.dumps(SET).replace(D, "*" * len(D)).encode(encoding)
        assert removed == ("keys[0].d",)

    def test_letters_of_several_octets_keep_their_columns(self) -> None:
        kept, _ = redact_private('{"kty": "oct", "k": "äöü", "kid": "ß"}'.encode())
        assert kept == '{"kty": "oct", "k": "***", "kid": "ß"}'.encode()

    def test_octets_that_are_no_text(self) -> None:
        kept, _ = redact_private(b"\xff\xfe\xfd" + PEM.encode() + b"\xff")
        assert kept is not None
        assert BODY.encode() not in kept
        kept, _ = redact_private(b"\xff" + json.dumps(SET).encode()[:-20])
        assert kept is None


class TestPages:
    def test_json_in_the_middle_of_a_page(self) -> None:
        """An error page that shows what it was given."""
        page = f"<html><script>var a = [ {{ x: 1 }} ]; var b = {json.dumps(SET)};</script><pre>[{json.dumps(SET)}, </pre>"
        kept, removed = cleaned(page)
        assert kept == page.replace(D, "*" * len(D))
        assert removed == ("keys[0].d",)

    def test_json_that_nests_deeper_than_it_is_read(self) -> None:
        kept, _ = cleaned("[" * 80 + json.dumps(SET) + "]" * 80 + " " * 2000)
        assert D not in kept

    def test_half_a_key_in_a_string_keeps_no_long_word(self) -> None:
        text = json.dumps({"log": json.dumps({"oth": [{"r": D, "d": "x"}], "kty": "RSA", "p": f"{D}p"})[:-2]})
        kept, removed = cleaned(text)
        assert D not in kept
        assert removed == ("log[0].d", "log: private members")

    @pytest.mark.parametrize("cut", [60, 100, 150])
    def test_half_a_structure_keeps_its_head(self, cut: int) -> None:
        der = b64(EC.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        kept, removed = cleaned(json.dumps({"a": f"{der[:cut]}!{der[cut + 1 :]}"}))
        assert json.loads(kept)["a"].startswith(f"{der[:12]}AAAA")
        secret = EC.private_numbers().private_value.to_bytes(32, "big")
        assert not any(b64(secret[at : at + 9]) in kept for at in range(24))
        assert removed == ("a: half a private key in DER",)

    def test_an_escape_that_the_encoding_has_no_octets_for(self) -> None:
        """Octets that are no UTF-8, and a string that is written anew for the key in it."""
        kept, removed = redact_private(b'\xff{"note": "\\u20ac' + json.dumps(PEM)[1:].encode() + b"}")
        assert kept is not None
        assert BODY.encode() not in kept
        assert removed[0] == "note: a private key in PEM"


class TestNotKept:
    @pytest.mark.parametrize(
        "text",
        [
            json.dumps(SET)[:-20],
            json.dumps(SET).replace('"d"', '"\\u0064"')[:-20],
            json.dumps(SET).replace('"', "'"),
            f"keys:\n- kty: EC\n  d: {D}\n",
            f"kty=EC&crv=P-256&d={D}",
            f"const jwk = {{kty: 'EC', d: '{D}'}}",
            f"<RSAKeyValue><Modulus>AQAB</Modulus><D>{D}</D></RSAKeyValue>",
            f"<html><code>{html.escape(json.dumps(SET))}</code>",
            f"https://app.example.com/?jwk={urllib.parse.quote(json.dumps(SET))}",
        ],
    )
    def test_what_shows_a_private_key_and_is_no_json(self, text: str) -> None:
        kept, removed = redact_private(text.encode())
        assert kept is None
        assert removed == ("the whole body: it shows signs of a private key and is not valid JSON",)

    @pytest.mark.parametrize(
        "data",
        [
            EC.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
            RSA.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
            pkcs12.serialize_key_and_certificates(b"x", EC, None, None, NoEncryption()),
            gzip.compress(json.dumps(SET).encode()),
            gzip.compress(PEM.encode()),
            gzip.compress(gzip.compress(json.dumps(SET).encode())),
        ],
    )
    def test_files_that_are_no_text(self, data: bytes) -> None:
        assert redact_private(data) == (None, ("the whole body: it is not text, and it contains a private key",))

    def test_gzip_without_a_key(self) -> None:
        for data in (gzip.compress(b"ordinary"), b"\x1f\x8bno gzip"):
            assert redact_private(data) == (data, ())

    @pytest.mark.parametrize(
        "text", ["<html><P>Internationalization-is-long</P>", '{"kid": "d', "<p>kty is the key type, d: nothing", "", "\0" * 9]
    )
    def test_other_pages_are_kept_as_they_are(self, text: str) -> None:
        assert cleaned(text) == (text, ())

    @pytest.mark.parametrize(
        "text", [f'{{"keys": []}} {json.dumps(SET)}', f'{{"keys": [] /* "kty" "d": "{D}/*" */}}', f'// "d": "{D}"\n[]']
    )
    def test_what_only_another_reader_would_see_is_filled(self, text: str) -> None:
        kept, removed = cleaned(text)
        assert D not in kept
        assert removed == ("what is not part of the JSON",)


class TestStillJudged:
    def test_every_vector_fails_where_it_failed(self) -> None:
        """The same rules at the same places: a bundle is judged as the server's answer would have been."""
        found = [(vector.path, vector.data) for vector in all_vectors()]
        changed = [(path, data, kept) for path, data in found if (kept := redact_private(data)[0]) != data]
        assert len(changed) > 50
        for path, data, kept in changed:
            if kept is not None:
                assert failing(kept, path) == failing(data, path)

    def test_damaged_members_fail_where_they_failed(self) -> None:
        for _, data in list(malformed())[::40]:
            kept, _ = redact_private(data)
            if kept is not None:
                assert failing(kept) == failing(data)

    def test_no_private_value_passes(self) -> None:
        """The rule of the catalogue (KEY-020), asked of what was kept."""
        kept, _ = redact_private(json.dumps(SET).encode())
        assert ("private-members-published", "jwks.json:1:63") in failing(kept or b"")

    def test_sound_documents_come_back_as_they_are(self) -> None:
        for control in all_controls():
            if not secrets_of(control.data):
                assert redact_private(control.data) == (control.data, ())

    def test_a_public_key_in_pem_and_a_certificate_do_too(self) -> None:
        public = RSA.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        assert redact_private(public) == (public, ())


class TestAnyDocument:
    @settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(data=sets() | providers() | damaged() | st.binary(max_size=200))
    def test_nothing_private_is_kept(self, data: bytes) -> None:
        kept, removed = redact_private(data)
        if kept is None or kept == data:
            assert bool(removed) == (kept is None) or not secrets_of(data)
            return
        assert not any(value.encode() in kept for value in secrets_of(data))
        assert redact_private(kept)[0] == kept

    @settings(max_examples=200, deadline=None)
    @given(secret=st.binary(min_size=24, max_size=64), layers=st.lists(st.sampled_from("jbup"), max_size=3))
    def test_however_it_is_wrapped(self, secret: bytes, layers: list[str]) -> None:
        """JSON in strings, base64, base64url and PEM, in any order."""
        value = base64.urlsafe_b64encode(secret).decode().rstrip("=")
        text = json.dumps({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": "AQ", "d": value}]})
        for layer in layers:
            if layer == "p":
                text = f"-----BEGIN PRIVATE KEY-----\n{b64(text)}\n-----END PRIVATE KEY-----\n"
            elif layer == "j":
                text = json.dumps({"inner": text})
            else:
                text = b64(text) if layer == "b" else base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        kept, removed = redact_private(text.encode())
        assert removed
        assert value not in everything_in((kept or b"").decode())


@pytest.mark.parametrize(
    "unit",
    [
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----AA-----END X",
        "-----BEGIN PRIVATE KEY-----<",
        "A" * 39 + " ",
        "b3BlbnNzaC1rZXktdjEA",
        "eyJr",
        '{"kty":"EC","d":"' + D + '"} ',
        "/**/",
        '\\"d\\":\\"',
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASC ",
        "kty d:",
    ],
)
def test_every_pass_is_linear(unit: str) -> None:
    """Megabytes of what each pattern begins with. Whatever is square in the size would not end while anybody waits."""
    for before, after in (("", ""), ('{"d": "', '"}'), ("PRIVATE KEY kty", "")):
        redact_private((before + unit * (2_000_000 // len(unit)) + after).encode())
