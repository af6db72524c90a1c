"""A policy file cannot lie by a misspelling: what is written wrong is an error at its place, with the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.errors import ScannerError
from scanner.pack.binding_terms import BEHAVIOURS, FIELDS
from scanner.pack.default_values import CHECKS
from scanner.pack.model import BindingExample
from scanner.record import defaults_of
from tests.pack.checking import check

PLATFORM = """\
id: ours
name: Our gateway
category: gateway
version_read: "1"
uses: [jose4j]
reads:
  - formats: [yaml]
    at: "a.b[kind=x]"
    fields:
      issuer: issuer
      audiences: {path: aud, when: ["mode=y"], of: other}
    needs: [issuer]
    join:
      other: {at: c, refers: name}
behaviour:
  checks_expiry: {value: true, confidence: verified, read: {at: 2026-11-30, by: code, commit: here}}
  cache_s: {value: 300, follows: cache_s, confidence: verified, read: {at: 2026-11-30, by: code, commit: here}}
examples: []
"""
RULE = """\
id: ours
title: Ours
severity: low
objective: key-strength
about: binding
since: 0.1.0
rationale: Because.
remedy: Do it.
params:
  least: {default: 1, description: The least.}
require: binding.label != "" && params.least > 0
message: "{binding.label} has fewer than {params.least}."
at: issuer
examples:
  - it: passes
    binding: {issuer: https://login.example.com, checks_expiry: true, defaults: {cache_s: 300}}
    gives: pass
  - it: is fetched
    fetched: {role: jwks, jwks: {keys: []}, tls: {version: TLSv1.2}, note: {owner: us}, again: [{status: 200}]}
    gives: pass
"""
ADVISORY = """\
id: ours
title: Ours
severity: high
platform: envoy
packages: {npm: [ours]}
affected:
  - {since: "1.0", fixed: "1.2"}
when: binding.fails_open
condition: it fails open
gains: Anybody gets in.
identifiers: [CVE-2026-1234]
sources:
  - {page: "https://example.com/a", at: 2026-11-30}
examples:
  - it: finds it
    version: "1.1"
    binding: {issuer: https://login.example.com, fails_open: true}
    gives: fail
"""
PROFILE = """\
id: ours
title: Ours
description: Ours.
extends: baseline
only: [rsa-modulus-too-small]
rules:
  rsa-modulus-too-small: {severity: low, params: {min_bits: 3072}}
"""


def refused(folder: Path, kind: str, text: str, right: str, wrong: str) -> tuple[ScannerError, str]:
    """The error, and where the wrong text stands: `right` is replaced by `wrong`, whose `«` marks the place."""
    assert text.count(right) == 1, right
    marked = text.replace(right, wrong)
    before = marked[: marked.index("«")]
    place = f"{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    (folder / kind).mkdir(parents=True)
    file = folder / kind / "ours.yaml"
    file.write_text(marked.replace("«", ""))
    with pytest.raises(ScannerError) as caught:
        check(folder)
    return caught.value, f"{file.as_posix()}:{place}"


def test_the_files_themselves_are_right(tmp_path: Path) -> None:
    for kind, text in (("platforms", PLATFORM), ("rules", RULE), ("profiles", PROFILE), ("advisories", ADVISORY)):
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "ours.yaml").write_text(text)
    check(tmp_path)


class TestAnAdvisory:
    @pytest.mark.parametrize(
        ("right", "wrong", "meant"),
        [
            ("platform: envoy", "platform: «envoi", "envoy"),
            ("severity: high", "severity: «hihg", "high"),
            ("packages: {npm:", "packages: {«nmp:", "npm"),
            ("gains: ", "«gain: ", "gains"),
            ('fixed: "1.2"', '«fixd: "1.2"', "fixed"),
            ("fails_open: true", "«fail_open: true", "fails_open"),
            ("gives: fail", "gives: «fial", "fail"),
        ],
    )
    def test_names_the_nearest(self, tmp_path: Path, right: str, wrong: str, meant: str) -> None:
        error, place = refused(tmp_path, "advisories", ADVISORY, right, wrong)
        assert str(error.where) == place
        assert f"Did you mean `{meant}`?" in error.remedy

    @pytest.mark.parametrize(
        ("right", "wrong", "said"),
        [
            ('since: "1.0"', 'since: «"1.x"', "`since` is not a version"),
            ('{since: "1.0", fixed: "1.2"}', '«{since: "1.2", fixed: "1.0"}', "the range is empty"),
            ('{since: "1.0", fixed: "1.2"}', '«{until: "1.0", fixed: "1.2"}', "a range ends twice"),
            ("[CVE-2026-1234]", "[«CVE-26-1]", "is no identifier"),
            ('page: "https://example.com/a"', 'page: «"http://example.com/a"', "is no address"),
            ("at: 2026-11-30", "at: «2026-30-11", "is not a date"),
            ('version: "1.1"', 'version: «"latest"', "is no version"),
        ],
    )
    def test_says_what_is_wrong(self, tmp_path: Path, right: str, wrong: str, said: str) -> None:
        error, place = refused(tmp_path, "advisories", ADVISORY, right, wrong)
        assert str(error.where) == place
        assert said in error.what

    def test_names_the_nearest_fact_of_its_condition(self, tmp_path: Path) -> None:
        error, place = refused(tmp_path, "advisories", ADVISORY, "when: binding.fails_open", "when: «binding.fail_open")
        assert str(error.where).rpartition(":")[0] == place.rpartition(":")[0]  # CEL points to the dot of the name
        assert "Did you mean `binding.fails_open`?" in error.remedy


class TestAPlatform:
    @pytest.mark.parametrize(
        ("right", "wrong", "meant"),
        [
            ("category: gateway", "category: «gatway", "gateway"),
            ("uses: [jose4j]", "uses: [«jose4]", "jose4j"),
            ("      issuer: issuer", "      «isuer: issuer", "issuer"),
            ("needs: [issuer]", "needs: [«isuer]", "issuer"),
            ("of: other", "of: «othr", "other"),
            ("  checks_expiry:", "  «checks_expire:", "checks_expiry"),
            ("follows: cache_s", "follows: «cach_s", "cache_s"),
            ("    at: ", "    role: «id_tokn\n    at: ", "id_token"),
        ],
    )
    def test_names_the_nearest(self, tmp_path: Path, right: str, wrong: str, meant: str) -> None:
        error, place = refused(tmp_path, "platforms", PLATFORM, right, wrong)
        assert str(error.where) == place
        assert f"Did you mean `{meant}`?" in error.remedy

    @pytest.mark.parametrize(
        ("right", "wrong", "said"),
        [
            ("value: true", 'value: «"yes"', "true or false"),
            ("value: true", "value: «1", "true or false"),
            ("value: 300", "value: «soon", "seconds as a number"),
            ("value: 300", "value: «-1", "seconds as a number from 0"),
            ("value: 300", "value: «true", "seconds as a number"),
            ("value: 300", "value: «.inf", "seconds as a number"),
            ("value: 300", "value: «infinit", "Did you mean `infinite`?"),
            ("value: 300", "value: «until-restrat", "Did you mean `until-restart`?"),
            ("  cache_s: {value: 300", "  endpoint_down: {value: «stale-for-ever", "Did you mean `stale-forever`?"),
            ("  cache_s: {value: 300", "  algorithms: {value: «RS256", "a list of texts"),
            ("  cache_s: {value: 300", "  issuer_check: {value: «true", "one of always"),
        ],
    )
    def test_has_values_of_the_type_of_their_name(self, tmp_path: Path, right: str, wrong: str, said: str) -> None:
        """Rules compare with true: `"yes"` would never be equal to it, and never fail."""
        error, place = refused(tmp_path, "platforms", PLATFORM, right, wrong)
        assert str(error.where) == place
        assert said in error.remedy

    @pytest.mark.parametrize(
        ("right", "wrong"),
        [
            ('"a.b[kind=x]"', '"a.b«[kind~x]"'),
            ('"a.b[kind=x]"', '"a.«.b"'),
            ('"a.b[kind=x]"', '"a.«#iam-statement"'),
            ('"a.b[kind=x]"', '"a[«#iam-statement=x]"'),
            ("issuer: issuer", "issuer: issuer«!x"),
            ('when: ["mode=y"]', 'when: ["«mode~y"]'),
            ("refers: name", "refers: name.«.x"),
            ("commit: here}}\n  cache_s", 'commit: here}, when: ["«a.(b)"]}\n  cache_s'),
        ],
    )
    def test_shows_the_character_at_which_a_path_cannot_be_read(self, tmp_path: Path, right: str, wrong: str) -> None:
        error, place = refused(tmp_path, "platforms", PLATFORM, right, wrong)
        assert str(error.where) == place
        assert "path" in error.what

    def test_names_the_nearest_reader(self, tmp_path: Path) -> None:
        error, _ = refused(tmp_path, "platforms", PLATFORM, '"a.b[kind=x]"', '"a.«#iam-statement"')
        assert "Did you mean `#iam-statements`?" in error.remedy

    def test_has_whole_reads_and_joins(self, tmp_path: Path) -> None:
        error, place = refused(
            tmp_path / "read", "platforms", PLATFORM, "  - formats: [yaml]", "  - «formats: [yaml]\n    settings: a"
        )
        assert (str(error.where), error.what) == (place, "a read needs exactly one of `at` and `settings`")
        error, place = refused(tmp_path / "join", "platforms", PLATFORM, "other: {at: c, refers: name}", "«other: {at: c}")
        assert (str(error.where), error.what) == (place, "the join `other` is not complete")


class TestARule:
    @pytest.mark.parametrize(
        ("right", "wrong", "meant"),
        [
            ("about: binding", "about: «bindin", "binding"),
            ("objective: key-strength", "objective: «key-strenght", "key-strength"),
            ("{binding.label}", "{«binding.labl}", "binding.label"),
            ("{params.least}", "{«params.leest}", "params.least"),
            ("{params.least}", "{«least}", "params.least"),
            ("at: issuer", "at: «isuer", "issuer"),
            ("{issuer: https", "{«isuer: https", "issuer"),
            ("defaults: {cache_s", "defaults: {«cach_s", "cache_s"),
            ("role: jwks", "role: «jwk", "jwks"),
            ("tls: {version", "tls: {«versoin", "version"),
            ("[{status", "[{«staus", "status"),
            ("{owner: us}", "{«onwer: us}", "owner"),
            ("fetched: {role", "fetched: {«rol", "role"),
        ],
    )
    def test_names_the_nearest(self, tmp_path: Path, right: str, wrong: str, meant: str) -> None:
        error, place = refused(tmp_path, "rules", RULE, right, wrong)
        assert str(error.where) == place
        assert f"Did you mean `{meant}`?" in error.remedy

    @pytest.mark.parametrize(
        ("right", "wrong"),
        [
            ("checks_expiry: true", 'checks_expiry: «"yes"'),
            ("cache_s: 300", "cache_s: «soon"),
            ("issuer: https://login.example.com", "audiences: «api"),
            ("since: 0.1.0", "since: «soon"),
            ("at: issuer", "at: «binding.has_secret"),
            ("[{status: 200", '[{status: «"200"'),
        ],
    )
    def test_has_values_of_the_right_type(self, tmp_path: Path, right: str, wrong: str) -> None:
        error, place = refused(tmp_path, "rules", RULE, right, wrong)
        assert str(error.where) == place

    def test_gives_each_example_one_thing_to_judge(self, tmp_path: Path) -> None:
        """What stands beside `fetched` would be read by nothing."""
        error, place = refused(tmp_path, "rules", RULE, "- it: is fetched", "- «it: is fetched\n    jwks: {keys: []}")
        assert str(error.where) == place

    def test_the_record_of_an_example_has_every_field(self) -> None:
        own = {"platform", "version", "role", "has_symmetric_secret", "drops_audience", "defaults"}
        assert set(defaults_of(BindingExample)) == own | set(FIELDS)

    def test_every_field_and_behaviour_has_a_type(self) -> None:
        assert set(CHECKS) == {*FIELDS, *BEHAVIOURS}


class TestAProfile:
    @pytest.mark.parametrize(
        ("right", "wrong", "meant"),
        [
            ("extends: baseline", "extends: «base-line", "baseline"),
            ("only: [rsa-modulus-too-small]", "only: [«rsa-modulus-to-small]", "rsa-modulus-too-small"),
            ("  rsa-modulus-too-small: {", "  «rsa-modulus-to-small: {", "rsa-modulus-too-small"),
            ("params: {min_bits", "params: {«min_bit", "min_bits"),
            ("severity: low", "severity: «lo", "low"),
        ],
    )
    def test_names_the_nearest(self, tmp_path: Path, right: str, wrong: str, meant: str) -> None:
        error, place = refused(tmp_path, "profiles", PROFILE, right, wrong)
        assert str(error.where) == place
        assert f"Did you mean `{meant}`?" in error.remedy

    def test_gives_a_parameter_a_value_of_its_type(self, tmp_path: Path) -> None:
        error, place = refused(tmp_path, "profiles", PROFILE, "min_bits: 3072", 'min_bits: «"3072"')
        assert (str(error.where), error.what) == (
            place,
            "parameter `min_bits` of `rsa-modulus-too-small` is a whole number, not a text",
        )


class TestAFolder:
    @pytest.mark.parametrize(
        ("wrong", "meant"), [("platform", "platforms"), ("profile", "profiles"), ("objectives.yml", "objectives.yaml")]
    )
    def test_that_is_called_nearly_like_one_that_is_read_is_refused(self, tmp_path: Path, wrong: str, meant: str) -> None:
        (tmp_path / "rules").mkdir()
        (tmp_path / wrong).mkdir()
        with pytest.raises(ScannerError) as caught:
            check(tmp_path)
        assert f"Did you mean `{meant}`?" in caught.value.remedy
