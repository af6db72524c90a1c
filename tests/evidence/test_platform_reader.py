"""Bindings out of configuration: what the examples of the platform files do not reach."""

from __future__ import annotations

import pytest

from scanner.errors import PolicyError
from scanner.evidence.bindings.check_paths import check_paths
from scanner.evidence.bindings.paths.selectors import BadPath, compile_path
from scanner.evidence.bindings.paths.walk import BudgetExceeded, Trail, Walk
from scanner.evidence.bindings.reader import PlatformReaders
from scanner.evidence.bindings.values.placeholders import is_open, lookup_in, resolve
from scanner.evidence.left_out import LeftOut
from scanner.evidence.model import Binding
from scanner.files.read import read
from scanner.files.tree import Format, Parsed
from scanner.pack.platform import Behaviour, FieldSpec, Platform, Read
from scanner.pack.shipped import shipped_pack

PACK = shipped_pack(examples=True)
READERS = PlatformReaders(PACK.platforms.values())
FILTER = """\
"@type": type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication
providers:
"""
RULE = "kind: RequestAuthentication\nspec:\n  jwtRules:\n  - issuer: https://login.example.com\n    jwks: "


def parsed(text: str, format_: Format = "yaml") -> Parsed:
    made = read(text.encode(), format_)
    assert isinstance(made, Parsed)
    return made


def bindings(text: str, format_: Format = "yaml") -> tuple[Binding, ...]:
    return READERS.bindings(parsed(text, format_), text.lower().encode()).bindings


def platform(*, at: str = "a", needs: str = "issuer", behaviour: str = "cache_s", issuer: str = "issuer") -> Platform:
    known = Behaviour(value=1, confidence="unverified")
    return Platform(
        id="p",
        name="P",
        category="gateway",
        version_read="1",
        reads=[Read(formats=["yaml"], at=at, fields={"issuer": FieldSpec(path=issuer)}, needs=[needs])],
        behaviour={behaviour: known},
        examples=[],
    )


class TestAWrongPlatform:
    @pytest.mark.parametrize(
        ("members", "named"),
        [
            ({"at": "a[type~x]"}, "a[type~x]"),
            ({"at": "a[b c]"}, "a[b c]"),
            ({"at": "a[!]"}, "a[!]"),
            ({"issuer": "a..b"}, "a step of a path is empty"),
        ],
    )
    def test_is_refused_with_what_is_wrong(self, members: dict[str, str], named: str) -> None:
        """A filter that cannot be read must not be passed over: without it a read selects more."""
        with pytest.raises(PolicyError) as caught:
            check_paths(platform(**members))
        assert f"`{named}`" in caught.value.what or named in caught.value.what

    def test_a_right_one_is_accepted(self) -> None:
        check_paths(platform(at="a[b.c=d|e][!f].**[name={x.y}]"))


class TestSelection:
    @pytest.mark.parametrize(
        ("path", "count"),
        [
            ("x[b.c=1]", 1),
            ("x[b.c=2]", 0),
            ("x[scope=openid]", 1),
            ("list[k=1].v", 1),
            ("x.name[.=n*]", 1),
            ("x.name[.=m*]", 0),
        ],
    )
    def test_a_filter_reads_a_path_a_list_and_the_node_itself(self, path: str, count: int) -> None:
        text = "x: {name: node, b: {c: 1}, scope: [email, openid]}\nlist: [{k: 1, v: a}, {k: 2, v: b}]\n"
        assert len(compile_path(path).select(Trail(parsed(text).documents[0]))) == count

    @pytest.mark.parametrize("path", ["a.*", "**", "a.**.x"])
    def test_a_selection_ends_with_its_walk(self, path: str) -> None:
        with pytest.raises(BudgetExceeded):
            compile_path(path).select(Trail(parsed("a: [1, 2, 3, 4, 5]").documents[0]), Walk(3))

    def test_a_nested_bracket_is_refused(self) -> None:
        with pytest.raises(BadPath):
            compile_path("a[b[c]]")


class TestHostileFiles:
    def test_a_file_with_too_many_bindings_leaves_the_rest_out(self) -> None:
        """A path is asked once for each binding: without a bound the time grows with the square of the file. What is read is
        read wholly, and the rest is named: a binding read by half could pass.
        """
        text = FILTER + "".join(f"  p{number}: {{issuer: https://i{number}.example.com}}\n" for number in range(600))
        text += "rules:\n- requires:\n    requires_any:\n      requirements:\n" + "      - provider_name: other\n" * 600
        read = READERS.bindings(parsed(text), text.encode())
        found = read.bindings
        assert 300 < len(found) < 600
        assert read.left_out == (LeftOut("bindings", len(found), 600, is_most=True),)
        assert {each.settings["fails_open"].state for each in found} == {"default"}

    def test_definitions_that_multiply_stay_open(self) -> None:
        known = {"a": "${b}" * 500, "b": "${c}" * 500, "c": "x" * 1000}
        assert resolve("${a}", lookup_in(known)) is None

    @pytest.mark.parametrize(
        "text",
        [
            '${replace(data.aws_eks_cluster.this.identity[0].oidc[0].issuer, "https://", "")}',
            '${var.is_live ? "https://login.example.com" : "http://login.example.com"}',
            "${lookup(var.issuers, 'a:b')}",
        ],
    )
    def test_a_part_of_an_expression_is_no_default(self, text: str) -> None:
        assert resolve(text) is None
        assert resolve("${issuer:https://login.example.com}") == "https://login.example.com"

    def test_many_opening_marks_are_no_long_search(self) -> None:
        assert not is_open("{{" * 200_000)
        assert is_open("{{ x }}")


class TestEmbeddedKeys:
    def test_a_private_key_in_pem_is_a_secret(self) -> None:
        (binding,) = bindings(RULE + '"-----BEGIN PRIVATE KEY----- AA"\n')
        assert binding.has_symmetric_secret

    def test_a_public_key_in_pem_is_none(self) -> None:
        (binding,) = bindings(RULE + '"-----BEGIN PUBLIC KEY----- AA"\n')
        assert not binding.has_symmetric_secret
        assert binding.settings["inline_keys"].value == 1

    def test_keys_in_base64_are_counted(self) -> None:
        import base64

        keys = base64.b64encode(b'{"keys": [{"kty": "oct", "k": "AA"}]}').decode()
        (binding,) = bindings(f"{FILTER}  a: {{local_jwks: {{inline_bytes: {keys}}}}}\n")
        assert binding.settings["inline_keys"].value == 1
        assert binding.has_symmetric_secret

    @pytest.mark.parametrize("written", ["""'{"keys": []}'""", "{keys: []}"])
    def test_a_set_without_a_key_has_none(self, written: str) -> None:
        """It is a key set all the same: the tokens are held against it."""
        binding = reading({"inline_keys": "keys"}, f"jwt:\n  keys: {written}\n")
        assert (binding.settings["inline_keys"].state, binding.settings["inline_keys"].value) == ("set", 0)
        assert binding.embedded is not None
        assert binding.embedded.keys == ()

    @pytest.mark.parametrize("written", ["""'{"keys": ["a key"]}'""", "words", "'{}'"])
    def test_what_is_no_key_set_may_still_be_a_key(self, written: str) -> None:
        binding = reading({"inline_keys": "keys"}, f"jwt:\n  keys: {written}\n")
        assert binding.settings["inline_keys"].value == 1

    def test_no_setting_holds_the_text_of_a_key(self) -> None:
        (binding,) = bindings(RULE + """'{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}'\n""")
        assert "c2VjcmV0" not in repr(binding)


def reading(fields: dict[str, str | FieldSpec | list[FieldSpec]], text: str) -> Binding:
    made = Platform(
        id="p",
        name="P",
        category="gateway",
        version_read="1",
        reads=[Read(formats=["yaml"], at="jwt", needles=["jwt"], fields=fields)],
        behaviour={},
        examples=[],
    )
    (binding,) = PlatformReaders([made]).bindings(parsed(text), text.encode()).bindings
    return binding


class TestASharedSecret:
    @pytest.mark.parametrize(
        ("key", "is_secret"),
        [
            ("correct horse", True),
            ("-----BEGIN PUBLIC KEY----- AA", False),
            ("MIIBIjANBgkqhkiG9w0BAQ", False),
            ("${KEY}", False),
        ],
    )
    def test_is_a_text_that_is_no_public_key(self, key: str, is_secret: bool) -> None:
        binding = reading({"inline_keys": FieldSpec(path="key", secret=True)}, f"jwt: {{key: '{key}'}}\n")
        assert binding.has_symmetric_secret is is_secret

    def test_is_none_where_the_platform_says_nothing_of_secrets(self) -> None:
        assert not reading({"inline_keys": "key"}, "jwt: {key: words}\n").has_symmetric_secret


class TestAReference:
    def test_is_a_name_whose_value_stays_open(self) -> None:
        binding = reading({"issuer": FieldSpec(path="ref", reference=True)}, "jwt: {ref: tenant.issuer}\n")
        assert (binding.settings["issuer"].state, binding.settings["issuer"].value) == ("unresolved", "tenant.issuer")

    def test_of_a_key_shows_nothing(self) -> None:
        binding = reading({"inline_keys": FieldSpec(path="ref", reference=True)}, "jwt: {ref: private.key}\n")
        assert (binding.settings["inline_keys"].state, binding.settings["inline_keys"].value) == ("unresolved", None)


class TestAFormat:
    REALM = FieldSpec(path="url", format="{url}/realms/{realm.name}")

    def test_puts_what_its_paths_find_into_the_text(self) -> None:
        """No part brings a second slash before one."""
        binding = reading({"issuer": self.REALM}, "jwt: {url: 'https://login.example.com/', realm: {name: shop}}\n")
        assert binding.settings["issuer"].value == "https://login.example.com/realms/shop"

    def test_stays_open_where_a_part_is(self) -> None:
        binding = reading({"issuer": self.REALM}, "jwt: {url: '${URL}', realm: {name: '${REALM:shop}'}}\n")
        assert binding.settings["issuer"].state == "unresolved"
        assert binding.settings["issuer"].value == "${URL}/realms/${REALM:shop}"

    def test_is_left_out_where_a_part_is_nowhere(self) -> None:
        binding = reading({"issuer": self.REALM, "jwks_uri": "url"}, "jwt: {url: 'https://login.example.com'}\n")
        assert binding.settings["issuer"].state == "unknown"


class TestDocumentsOfOneFile:
    def test_an_alternative_in_one_resource_does_not_hide_another(self) -> None:
        found = bindings(
            "items:\n- {kind: RequestAuthentication, spec: {jwtRules: [{issuer: a}]}}\n"
            "- {kind: RequestAuthentication, spec: {jwt_rules: [{issuer: b}]}}\n"
        )
        assert [binding.settings["issuer"].value for binding in found] == ["a", "b"]

    def test_a_conditional_document_is_not_inherited(self) -> None:
        prefix = "spring.security.oauth2.resourceserver.jwt"
        found = bindings(
            f"spring.config.activate.on-profile=a\n{prefix}.issuer-uri=https://a.example.com\n#---\n"
            f"spring.config.activate.on-profile=b\n{prefix}.jwk-set-uri=https://b.example.com/jwks\n",
            "properties",
        )
        assert [binding.settings["issuer"].value for binding in found] == ["https://a.example.com", None]

    def test_an_empty_value_takes_an_inherited_one_back(self) -> None:
        prefix = "spring.security.oauth2.resourceserver.jwt"
        found = bindings(
            f"{prefix}.issuer-uri=https://a.example.com\n#---\nspring.config.activate.on-profile=b\n"
            f"{prefix}.issuer-uri=\n{prefix}.public-key-location=classpath:key.pem\n",
            "properties",
        )
        assert [binding.settings["issuer"].value for binding in found] == ["https://a.example.com", None]
