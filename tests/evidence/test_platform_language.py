"""The constructs of a platform file, each by a small platform and a small file."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from scanner.evidence.bindings.reader import PlatformReaders
from scanner.evidence.model import Binding, Setting
from scanner.files.read import read
from scanner.files.tree import Format, Parsed
from scanner.pack.platform import Behaviour, Confidence, FieldSpec, NodeJoin, Platform, Read, Reading, SharedText
from scanner.record import changed


def known(value: object, **members: Any) -> Behaviour:
    return Behaviour(value=value, confidence="verified", read=read_in("here"), **members)


def read_in(where: str) -> Reading:
    return Reading(at="2026-11-30", by="code", commit=where)


def platform(read: Read, **members: Any) -> Platform:
    given: dict[str, Any] = {
        "id": "p",
        "name": "P",
        "category": "gateway",
        "version_read": "1",
        "behaviour": {},
        "examples": [],
    }
    return Platform(reads=[read], **given | members)


def bindings(text: str, *platforms: Platform, format_: Format = "yaml", path: str = "a.yaml") -> tuple[Binding, ...]:
    parsed = read(text.encode(), format_)
    assert isinstance(parsed, Parsed)
    # the stems that every file must hold are not what is tested here
    return PlatformReaders(platforms).bindings(parsed, text.lower().encode() + b" jwt", path).bindings


def reading(fields: dict[str, Any], text: str, **members: Any) -> list[Binding]:
    given: dict[str, Any] = {"formats": ["yaml"], "at": "jwt"} if "settings" not in members else {"formats": ["yaml"]}
    return list(bindings(text, platform(Read(fields=fields, **given | members))))


def setting(fields: dict[str, Any], text: str, name: str, **members: Any) -> Setting:
    (binding,) = reading(fields, text, **members)
    return binding.settings[name]


VARIABLES = {"issuer": "OAUTH_ISSUER", "jwks_uri": "OAUTH_JWKS"}


class TestATextOfSeveralBindings:
    FIELDS: ClassVar = {"issuer": FieldSpec(path=".", before="="), "audiences": FieldSpec(path=".", after="=")}

    @pytest.mark.parametrize("text", ["jwt: 'https://a=x, https://b=y'", "jwt: ['https://a=x,https://b=y']"])
    def test_is_cut_at_its_mark(self, text: str) -> None:
        found = [each.settings for each in reading(self.FIELDS, text, split=",")]
        assert [(each["issuer"].value, each["audiences"].value) for each in found] == [
            ("https://a", ["x"]),
            ("https://b", ["y"]),
        ]

    def test_is_whole_where_a_template_makes_it(self) -> None:
        (binding,) = bindings(
            "jwt: {{ a, b }}=x", platform(Read(formats=["yaml"], at="jwt", fields={"issuer": "."}, split=","))
        )
        assert binding.settings["issuer"].state == "unresolved"

    def test_has_no_parts_that_are_empty(self) -> None:
        assert len(reading({"issuer": "."}, "jwt: 'https://a,,'", split=",")) == 1


class TestListsThatMeanAMapping:
    @pytest.mark.parametrize(
        "text",
        [
            "environment: {OAUTH_ISSUER: 'https://a', OAUTH_JWKS: 'https://a/keys'}",
            "environment: ['OAUTH_ISSUER=https://a', 'OAUTH_JWKS=https://a/keys']",
            "env: [{name: OAUTH_ISSUER, value: 'https://a'}, {name: OAUTH_JWKS, value: 'https://a/keys'}]",
        ],
    )
    def test_an_environment_is_read_however_it_is_written(self, text: str) -> None:
        (binding,) = reading(VARIABLES, text, at="**[OAUTH_JWKS]")
        assert (binding.settings["issuer"].value, binding.settings["jwks_uri"].value) == ("https://a", "https://a/keys")

    @pytest.mark.parametrize(
        "text",
        [
            "args: [apiserver, --oidc-issuer=https://a, --x]",
            "args: [--x, --oidc-issuer, https://a]",
            "args: ['--oidc-issuer=https://a']",
        ],
    )
    def test_flags_are_read_with_the_sign_or_the_next_word(self, text: str) -> None:
        (binding,) = reading({"issuer": "--oidc-issuer"}, text, at="**[--oidc-issuer]")
        assert binding.settings["issuer"].value == "https://a"

    def test_a_value_from_elsewhere_is_there_and_open(self) -> None:
        from_a_map = "{name: OAUTH_ISSUER, valueFrom: {configMapKeyRef: {name: c, key: k}}}"
        text = f"env: [{{name: OAUTH_JWKS, value: 'https://a/keys'}}, {from_a_map}]"
        (binding,) = reading(VARIABLES, text, at="**[OAUTH_JWKS]")
        assert binding.settings["issuer"].state == "unresolved"

    def test_a_value_stands_at_its_own_column(self) -> None:
        (binding,) = reading(VARIABLES, "environment:\n- OAUTH_JWKS=https://a/keys\n", at="**[OAUTH_JWKS]")
        assert (binding.spot.line, binding.spot.column) == (2, 14)


class TestFields:
    def test_the_first_way_that_says_something_counts(self) -> None:
        ways = [FieldSpec(path="a"), FieldSpec(path="b")]
        assert setting({"issuer": ways}, "jwt: {b: x}", "issuer").value == "x"

    def test_of_a_switch_the_dangerous_way_counts(self) -> None:
        ways = [FieldSpec(path="tls.verify"), FieldSpec(path="insecure", invert=True)]
        text = "jwt: {issuer: x, tls: {verify: true}, insecure: true}"
        assert setting({"issuer": "issuer", "verifies_tls": ways}, text, "verifies_tls").value is False

    def test_a_condition_decides_whether_a_field_counts(self) -> None:
        fields = {"issuer": "issuer", "audiences": FieldSpec(path="client", when=["check=true"])}
        assert setting(fields, "jwt: {issuer: x, client: c, check: true}", "audiences").value == ["c"]
        assert setting(fields, "jwt: {issuer: x, client: c}", "audiences").state == "unknown"

    def test_a_text_is_cut(self) -> None:
        fields = {"issuer": FieldSpec(path="arn", after="provider/", before=":")}
        assert setting(fields, "jwt: {arn: 'arn:provider/login.example.com:aud'}", "issuer").value == "login.example.com"

    def test_a_mark_that_is_missing_leaves_nothing(self) -> None:
        assert reading({"issuer": FieldSpec(path="arn", after="provider/")}, "jwt: {arn: 'arn:role/x'}") == []

    def test_a_key_set_in_a_file_is_a_key_file(self) -> None:
        (binding,) = reading({"jwks_uri": "url"}, "jwt: {url: 'file:///keys.json'}")
        assert binding.settings["jwks_uri"].state == "unknown"
        assert binding.settings["key_file"].value == "file:///keys.json"

    def test_an_element_with_attributes_is_its_text(self) -> None:
        text = "jwt: {issuers: {issuer: {'@id': a, '#text': 'https://a'}}}"
        assert setting({"issuer": "issuers.issuer"}, text, "issuer").value == "https://a"

    def test_a_list_where_a_text_belongs_gives_its_first(self) -> None:
        assert setting({"issuer": "issuers"}, "jwt: {issuers: [a, b]}", "issuer").value == "a"


class TestReads:
    def test_only_files_of_that_name_are_looked_at(self) -> None:
        made = platform(Read(formats=["yaml"], at="jwt", fields={"issuer": "issuer"}, files=["Settings*.yaml"]))
        text = "jwt: {issuer: x}"
        assert [len(bindings(text, made, path=path)) for path in ("a/settings.dev.yaml", "settings.yaml/a.yaml")] == [1, 0]

    def test_a_node_that_satisfies_unless_is_none(self) -> None:
        assert len(reading({"issuer": "issuer"}, "jwt: [{issuer: x}, {issuer: y, opaque: true}]", unless=["opaque=true"])) == 1

    def test_of_profiles_before_names_those_that_are_deployed_count(self) -> None:
        text = "'%dev.oidc': {url: http://dev, keys: http://dev/keys}\noidc.url: https://a\n'%prod.oidc.url': https://prod\n"
        (binding,) = reading({"issuer": "url", "jwks_uri": "keys"}, text, settings="oidc", profiles="smallrye")
        assert (binding.settings["issuer"].value, binding.settings["jwks_uri"].state) == ("https://prod", "unknown")

    def test_settings_are_found_in_each_environment(self) -> None:
        """A variable has no dashes: the platform takes any or none of them for an underscore."""
        text = """\
services:
  a: {environment: [OIDC_RESOURCE_SERVER_ISSUER_URI=https://a]}
  b: {env: [{name: OIDC_RESOURCESERVER_ISSUERURI, value: "https://b"}]}
"""
        members = {"settings": "oidc.resource-server", "environment": True, "names": "relaxed", "needles": ["oidc"]}
        found = reading({"issuer": "issuer-uri"}, text, **members)
        assert [binding.settings["issuer"].value for binding in found] == ["https://a", "https://b"]

    def test_a_captured_part_is_the_name(self) -> None:
        text = "oidc.login.url: https://a\noidc.other.url: https://b\n"
        found = reading({"issuer": "url", "audiences": "#key"}, text, settings="oidc.{name}")
        assert [binding.settings["audiences"].value for binding in found] == [["login"], ["other"]]


class TestJoins:
    def test_a_node_that_has_a_value_in_common_belongs_to_it(self) -> None:
        join = {"role": NodeJoin(at="$.roles", same=SharedText(theirs="backend", mine="name"))}
        fields = {"issuer": "issuer", "audiences": FieldSpec(path="aud", of="role")}
        text = "jwt: {issuer: x, name: a}\nroles: [{backend: a, aud: one}, {backend: b, aud: two}, {backend: a, aud: three}]"
        assert setting(fields, text, "audiences", join=join).value == ["one", "three"]

    def test_a_node_that_names_the_address_belongs_to_it(self) -> None:
        join = {"role": NodeJoin(at="$.resource.role.*", refers="backend")}
        fields = {"issuer": "issuer", "audiences": FieldSpec(path="aud", of="role")}
        roles = "r: {backend: '${backend.a.path}', aud: one}, s: {backend: backend.ab.path, aud: two}"
        text = f"resource: {{backend: {{a: {{issuer: x}}}}, role: {{{roles}}}}}"
        assert setting(fields, text, "audiences", join=join, at="resource.backend.*").value == ["one"]

    @pytest.mark.parametrize(("words", "found"), [(True, "set"), (False, "unknown")])
    def test_a_value_may_be_one_word_of_theirs(self, words: bool, found: str) -> None:
        """nginx names a location by `= /keys`, and its user by `/keys`."""
        join = {"keys": NodeJoin(at="$.places", same=SharedText(theirs="args", mine="keys", words=words))}
        fields = {"issuer": "issuer", "jwks_uri": FieldSpec(path="url", of="keys")}
        text = (
            "jwt: {issuer: x, keys: /keys}\nplaces: [{args: '= /keys', url: 'https://a'}, {args: '= /keys2', url: 'https://b'}]"
        )
        assert setting(fields, text, "jwks_uri", join=join).state == found

    def test_settings_join_by_what_was_captured(self) -> None:
        join = {"reg": NodeJoin(settings="oidc.registration.{r}", same=SharedText(theirs="provider|#key", mine="#key"))}
        fields = {"issuer": "url", "audiences": FieldSpec(path="client-id", of="reg")}
        text = "oidc.provider.a.url: https://a\noidc.registration.web.provider: a\noidc.registration.web.client-id: w\n"
        assert setting(fields, text, "audiences", settings="oidc.provider.{p}", join=join).value == ["w"]


class TestWhatIsFilledIn:
    @pytest.mark.parametrize(
        ("written", "value", "resolved"),
        [
            ("!Ref Issuer", "!Ref Issuer", "https://a"),
            ("{Ref: Issuer}", "!Ref Issuer", "https://a"),
            ("!Sub '${Issuer}/x'", "${Issuer}/x", "https://a/x"),
            ("{'Fn::Sub': '${Issuer}/x'}", "${Issuer}/x", "https://a/x"),
            ("{'Fn::Join': ['/', [{Ref: Issuer}, x]]}", "${Issuer}/x", "https://a/x"),
            ("!Ref Other", "!Ref Other", None),
            ("{'Fn::GetAtt': [Pool, Arn]}", "!GetAtt Pool.Arn", None),
            ("!Sub 'https://x.${AWS::Region}.y'", "https://x.${AWS::Region}.y", None),
        ],
    )
    def test_a_function_of_cloudformation(self, written: str, value: str, resolved: str | None) -> None:
        text = f"Parameters: {{Issuer: {{Default: 'https://a'}}, Other: {{Type: String}}}}\njwt: {{issuer: {written}}}\n"
        found = setting({"issuer": "issuer"}, text, "issuer")
        assert (found.value, found.resolved) == (value, resolved)
        assert found.state == ("set" if resolved else "unresolved")


class TestBehaviour:
    def test_a_setting_that_a_behaviour_follows_is_the_answer(self) -> None:
        made = platform(
            Read(formats=["yaml"], at="jwt", fields={"issuer": "issuer", "cache_s": "cache"}),
            behaviour={"cache_s": known(300), "new_key_visible_s": known(300, follows="cache_s")},
        )
        first, second = bindings("jwt: [{issuer: x, cache: 60}, {issuer: y}]", made)
        assert (first.behaviour["new_key_visible_s"].state, first.behaviour["new_key_visible_s"].value) == ("set", 60)
        assert (second.behaviour["new_key_visible_s"].state, second.behaviour["new_key_visible_s"].value) == ("default", 300)

    def test_of_conditional_behaviours_the_first_that_holds_counts(self) -> None:
        made = platform(
            Read(formats=["yaml"], at="jwt", fields={"issuer": "issuer"}),
            behaviour={"cache_s": [known(900, when=["cache=true"]), known(0)]},
        )
        found = bindings("jwt: [{issuer: x, cache: true}, {issuer: y}]", made)
        assert [binding.settings["cache_s"].value for binding in found] == [900, 0]

    def test_what_is_not_said_is_taken_from_what_is_embedded(self) -> None:
        outer = platform(Read(formats=["yaml"], at="jwt", fields={"issuer": "issuer"}), id="outer", uses=["inner"])
        inner = platform(Read(formats=["xml"], at="x", fields={}), id="inner", behaviour={"cache_s": known(600)})
        (binding,) = bindings("jwt: {issuer: x}", outer, inner)
        cache = binding.settings["cache_s"]
        assert (cache.value, cache.confidence, cache.source) == (600, "inferred", "P: here, read 2026-11-30")

    def test_an_outage_is_survived_for_the_cache_and_what_is_allowed_past_it(self) -> None:
        made = platform(
            Read(formats=["yaml"], at="jwt", fields={"issuer": "issuer", "cache_s": "cache"}),
            behaviour={"stale_max_s": known(3600), "endpoint_down": known("stale-for")},
        )
        (binding,) = bindings("jwt: {issuer: x, cache: 60}", made)
        assert binding.behaviour["outage_tolerance_s"].value == 3660

    @pytest.mark.parametrize("weaker", ["verified", "inferred", "docs-only", "unverified"])
    @pytest.mark.parametrize("is_cache", [True, False])
    def test_a_figure_made_of_two_is_as_sure_as_the_less_sure(self, weaker: Confidence, is_cache: bool) -> None:
        order: tuple[Confidence, ...] = ("measured", "verified", "inferred", "docs-only", "unverified")
        for surer in order[: order.index(weaker)]:
            cache, stale = (weaker, surer) if is_cache else (surer, weaker)
            made = platform(
                Read(formats=["yaml"], at="jwt", fields={"issuer": "issuer"}),
                behaviour={
                    "cache_s": Behaviour(value=60, confidence=cache, read=read_in(f"{cache} source")),
                    "stale_max_s": Behaviour(value=3600, confidence=stale, read=read_in(f"{stale} source")),
                },
            )
            (binding,) = bindings("jwt: {issuer: x}", made)
            tolerance = binding.behaviour["outage_tolerance_s"]
            assert (tolerance.confidence, tolerance.source) == (weaker, f"{weaker} source, read 2026-11-30")


class TestPartsOfAConfiguration:
    def test_a_part_takes_no_default_for_what_may_be_written_elsewhere(self) -> None:
        """A plugin without its keys: that it has no issuer is no finding, and its own switches are read."""
        fields: dict[str, Any] = {"issuer": "issuer", "checks_expiry": "checks", "fails_open": "open"}
        (binding,) = reading(
            fields, "jwt: {checks: false}", needs=["checks_expiry"], part=True, behaviour={"fails_open": known(False)}
        )
        assert binding.is_part
        assert binding.settings["checks_expiry"].value is False
        assert binding.settings["fails_open"].state == "unknown"


class TestTwoCachesInARow:
    @pytest.mark.parametrize(("text", "expected"), [("jwt: {issuer: a, cache: 600}", 1200), ("jwt: {issuer: a}", 172800)])
    def test_a_written_age_counts_so_many_times(self, text: str, expected: int) -> None:
        behaviour = {"removed_key_trusted_s": known(172800, follows="cache_s", times=2)}
        (binding,) = reading({"issuer": "issuer", "cache_s": "cache"}, text, behaviour=behaviour)
        assert binding.behaviour["removed_key_trusted_s"].value == expected


class TestEmbeddedSoftwareOfOneRead:
    @pytest.mark.parametrize(("uses", "expected"), [(None, "default"), ([], "unknown"), (["engine"], "default")])
    def test_a_read_names_its_own(self, uses: list[str] | None, expected: str) -> None:
        engine = changed(
            platform(Read(formats=["yaml"], fields={"issuer": "x"}, at="engine")), id="engine", behaviour={"skew_s": known(60)}
        )
        outer = platform(Read(formats=["yaml"], fields={"issuer": "issuer"}, at="jwt", uses=uses), uses=["engine"])
        (binding,) = bindings("jwt: {issuer: a}", engine, outer)
        assert binding.settings["skew_s"].state == expected


class TestPathsFromTheDocument:
    def test_many_bindings_may_ask_the_same_of_the_document(self) -> None:
        """A path from `$` is followed once for a document: 600 credentials beside 400 plugins are within the budget."""
        plugins = "".join("- {name: jwt, checks: [exp]}\n" for _ in range(400))
        credentials = "".join(f"- {{issuer: a{number}}}\n" for number in range(600))
        fields: dict[str, Any] = {
            "issuer": "issuer",
            "checks_expiry": FieldSpec(path="$.**.plugins[name=jwt][!checks=exp].name", exists=True, invert=True),
        }
        found = reading(fields, f"plugins:\n{plugins}jwt:\n{credentials}")
        assert len(found) == 600
        assert {binding.settings["checks_expiry"].state for binding in found} == {"unknown"}
