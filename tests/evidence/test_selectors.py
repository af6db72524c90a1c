"""Paths, settings, placeholders and values: what platform files are written in."""

from __future__ import annotations

import pytest

from scanner.evidence.bindings.paths.flat_settings import flatten, groups
from scanner.evidence.bindings.paths.selectors import BadPath, compile_path, exact, relaxed
from scanner.evidence.bindings.paths.walk import Trail
from scanner.evidence.bindings.values.placeholders import describes_a_key, is_empty_pem, is_open, lookup_in, resolve
from scanner.evidence.bindings.values.values import boolean, seconds, texts
from scanner.files.read import read
from scanner.files.tree import Node, Parsed, Scalar, to_plain

DOCUMENT = """\
kind: A
spec:
  rules:
  - {issuer: one, keys: {uri: u1}}
  - {issuer: two, off: true}
  camelCase: x
  "@type": type/x.Filter
  list: [[{deep: 1}]]
"""


def tree(text: str) -> Node:
    parsed = read(text.encode(), "yaml")
    assert isinstance(parsed, Parsed)
    return parsed.documents[0]


def selected(path: str, *, names: str = "exact", text: str = DOCUMENT) -> list[object]:
    selector = compile_path(path, relaxed if names == "relaxed" else exact)
    return [to_plain(trail.node) for trail in selector.select(Trail(tree(text)))]


class TestSelectors:
    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("spec.rules.issuer", ["one", "two"]),
            ("spec.rules.*.issuer", ["one", "two"]),
            ("spec.rules.keys.uri", ["u1"]),
            ("spec.nothing|kind", ["A"]),
            ("**[off].issuer", ["two"]),
            ("spec.rules.*[!off].issuer", ["one"]),
            ("spec.rules.*[issuer=t*|x].issuer", ["two"]),
            ("$[kind=A].kind", ["A"]),
            ("spec.rules.keys.^.issuer", ["one"]),
            ("spec.rules.keys.$.kind", ["A"]),
            ("spec.'@type'", ["type/x.Filter"]),
            ("**['@type'=*Filter].camelCase", ["x"]),
            ("spec.camelCase.#key", ["camelCase"]),
            ("**.deep", [1]),
            ("spec.camelcase", []),
            (".", [to_plain(tree(DOCUMENT))]),
            (".[kind=A].kind", ["A"]),
            (".[kind=B].kind", []),
            ("kind|.[spec]", ["A"]),
        ],
    )
    def test_select(self, path: str, expected: list[object]) -> None:
        assert selected(path) == expected

    def test_relaxed_names_compare_letters_and_digits(self) -> None:
        assert selected("spec.camel-case", names="relaxed") == ["x"]
        assert selected("spec.camel_case", names="relaxed") == ["x"]

    def test_a_wrong_step_is_refused(self) -> None:
        with pytest.raises(BadPath, match="a b"):
            compile_path("spec.a b")

    def test_an_alias_bomb_ends(self) -> None:
        bomb = "a: &a {x: {y: 1}}\n" + "".join(
            f"b{n}: &b{n} [{', '.join([f'*b{n - 1}' if n else '*a'] * 5)}]\n" for n in range(6)
        )
        assert len(selected("**.y", text=bomb)) > 0


class TestFlatSettings:
    @pytest.mark.parametrize(
        "text",
        ["a:\n  b:\n    c-d: 1\n    e: 2\n", "a.b:\n  cD: 1\n  e: 2\n", "a.b.c_d: 1\na.b.e: 2\n", "a: {b.c-d: 1, b.e: 2}\n"],
    )
    def test_every_nesting_is_one_setting(self, text: str) -> None:
        ((_, group),) = groups(list(flatten(tree(text))), "a.b", relaxed)
        assert sorted(relaxed(name) for name in group.names()) == ["cd", "e"]

    def test_a_capture_gives_a_group_each(self) -> None:
        found = groups(list(flatten(tree("p: {one: {uri: 1}, two: {uri: 2}}\n"))), "p.{name}", relaxed)
        assert [to_plain(group) for _, group in found] == [{"uri": 1}, {"uri": 2}]

    def test_an_indexed_list_is_a_list(self) -> None:
        ((_, group),) = groups(list(flatten(tree('"a.x[0]": p\n"a.x[1]": q\n'))), "a", relaxed)
        assert to_plain(group) == {"x": ["p", "q"]}


class TestPlaceholders:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("https://x", "https://x"),
            ("${A:https://d}", "https://d"),
            ("${A:-https://d}/p", "https://d/p"),
            ("${base}/p", "https://b/p"),
            ("${outer}", "https://b/q"),
            ("${unknown}", None),
            ("{{ .x }}", None),
            ("@x@", None),
            ("${loop}", None),
        ],
    )
    def test_resolve(self, text: str, expected: str | None) -> None:
        known = {"base": "https://b", "outer": "${base}/q", "loop": "${loop}"}
        assert resolve(text, lookup_in(known)) == expected

    def test_an_address_with_an_at_sign_is_closed(self) -> None:
        assert not is_open("user@example.com")

    @pytest.mark.parametrize(
        "text",
        [
            "$(env:CORP_URL)/v2.0", "$(file:UTF-8:$(env:CORP_KEYS))", "$(params.issuer)", "<path:secret/data/idp#issuer>",
            "ref+vault://secret/idp#/issuer", "https://#{Host}/keys", "<%= ENV['ISSUER'] %>", "%env(ISSUER)%",
            "https://__AUTH_HOST__/keys", "{cipher}AQBcafe", "ENC(q5mXyQ)", "${env:ISSUER}", "${file:/etc/idp:issuer}",
            "${ENV:URL}",
        ],
    )  # fmt: skip
    def test_what_a_tool_fills_in_is_open(self, text: str) -> None:
        """The languages of keycloak-config-cli, Tekton, vault plugins, release tools, Symfony, Spring and Kafka."""
        assert resolve(text) is None

    @pytest.mark.parametrize("text", ["https://a.example.com/$(", "reference+x", "https://a__b__c.example.com", "price: 5%env"])
    def test_what_only_looks_like_it_is_closed(self, text: str) -> None:
        assert not is_open(text)

    def test_a_name_and_its_default_are_filled_in(self) -> None:
        assert resolve("${env:dev}.example.com") == "dev.example.com"


class TestSentencesAboutKeys:
    """In the place of a key, the text that a product ships describes the key; a passphrase is a key itself."""

    @pytest.mark.parametrize(
        "text",
        [
            "base64 encoded HMAC key or public RSA/ECDSA pem key", "Paste your public key here", "your secret key",
            "PEM encoded certificate", "must be at least 32 characters long",
        ],
    )  # fmt: skip
    def test_are_placeholders(self, text: str) -> None:
        assert describes_a_key(text)

    @pytest.mark.parametrize(
        "text",
        [
            "correct horse battery staple",
            "my secret key for HMAC",
            "c2VjcmV0IG9mIHRoZSBzaG9w",
            "secret of the shop",
            "",
            "key key",
        ],
    )
    def test_are_told_from_passphrases(self, text: str) -> None:
        assert not describes_a_key(text)

    @pytest.mark.parametrize("body", ["...", "<your key>", "[public key]", "****", ""])
    def test_a_frame_around_nothing_is_one_too(self, body: str) -> None:
        assert is_empty_pem(f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----")

    def test_a_frame_around_a_key_is_none(self) -> None:
        assert not is_empty_pem("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYI\n-----END PUBLIC KEY-----")


def scalar(text: str) -> Scalar:
    return Scalar(text, text, 1, 1, 1)


class TestValues:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [("300", 300), ("300s", 300), ("5m0s", 300), ("1h", 3600), ("PT5M", 300), ("P1D", 86400), ("soon", None), ("", None)],
    )
    def test_durations_in_seconds(self, text: str, expected: int | None) -> None:
        assert seconds(scalar(text)) == expected

    def test_a_message_and_a_unit(self) -> None:
        assert seconds(tree("{seconds: 300}")) == 300
        assert seconds(scalar("5"), "min") == 300

    def test_booleans(self) -> None:
        assert [boolean(word) for word in ("true", "on", "0", "False", "maybe")] == [True, True, False, False, None]

    def test_lists(self) -> None:
        assert texts(scalar("a, b,"), ",") == ["a", "b"]
        assert texts(tree("[a, [b]]")) == ["a", "b"]
