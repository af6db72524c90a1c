"""Reading: true positions, kept faults, and a reason instead of an exception for any bytes."""

from __future__ import annotations

import json
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.files.read import read
from scanner.files.tree import Format, Mapping, Parsed, Unparsed, to_plain
from tests.files.trees import at, scalars


def parsed(text: str | bytes, format_: Format = "yaml") -> Parsed:
    found = read(text.encode() if isinstance(text, str) else text, format_)
    assert isinstance(found, Parsed), found
    return found


def refused(data: bytes, format_: Format) -> Unparsed:
    found = read(data, format_)
    assert isinstance(found, Unparsed)
    return found


class TestYaml:
    def test_scalars_follow_yaml_1_2(self) -> None:
        """`on` and `yes` are text, `0o17` is a number, `017` is seventeen, `1:30` is text (YAML 1.2 §10.3.2)."""
        text = "[on, yes, 0o17, 017, '5', 1:30, 1e5, 0x1F, ~, True, .5, -3]"
        expected = ["on", "yes", 15, 17, "5", "1:30", 1e5, 31, None, True, 0.5, -3]
        assert to_plain(parsed(text).documents[0]) == expected

    def test_accepts_urls_in_flow_collections(self) -> None:
        assert to_plain(parsed("a: [https://x.example.com/jwks]").documents[0]) == {"a": ["https://x.example.com/jwks"]}

    def test_keeps_repeated_keys_as_a_fault(self) -> None:
        found = parsed("a: 1\nb: 2\na: 3\n")
        assert [(fault.kind, fault.line, fault.column) for fault in found.faults] == [("duplicate-member", 3, 1)]
        assert at(found.documents[0], "a").value == 3

    def test_merges_what_merge_keys_bring_in(self) -> None:
        found = parsed("base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\n").documents[0]
        assert to_plain(found) == {"base": {"x": 1, "y": 2}, "use": {"y": 3, "x": 1}}

    def test_one_broken_document_does_not_hide_the_others(self) -> None:
        found = parsed("a: 1\n---\nb: [\n---\nc: 3\n")
        assert [to_plain(node) for node in found.documents] == [{"a": 1}, {"c": 3}]
        assert [fault.kind for fault in found.faults] == ["unparsed-document"]
        assert at(found.documents[1], "c").line == 5

    def test_keeps_a_short_tag_in_the_text(self) -> None:
        assert at(parsed("a: !Ref Issuer").documents[0], "a").text == "!Ref Issuer"


class TestJson:
    def test_reads_what_lax_parsers_hide_and_reports_it(self) -> None:
        found = parsed('{"a": 1, // c\n "a": NaN, "b": [1,],}\nrest', "json")
        kinds = [fault.kind for fault in found.faults]
        assert kinds == [
            "comment", "duplicate-member", "not-a-number", "trailing-comma", "trailing-comma", "trailing-content",
            "unparsed-document"
        ]  # fmt: skip

    def test_joins_surrogate_pairs_and_keeps_lone_halves(self) -> None:
        assert to_plain(parsed('["\\ud83d\\ude00"]', "json").documents[0]) == ["😀"]
        lone = parsed('["\\ud800"]', "json")
        assert to_plain(lone.documents[0]) == ["\ud800"]
        assert [fault.kind for fault in lone.faults] == ["lone-surrogate"]

    def test_survives_numbers_beyond_the_digit_limit(self) -> None:
        assert isinstance(parsed("[" + "9" * 10_000 + "]", "json").documents[0], object)

    def test_says_where_it_ends_too_early(self) -> None:
        assert refused(b'{"a":\n [1', "json") == Unparsed("not JSON: it ends too early", 2, 4)


class TestProperties:
    def test_reads_separators_continuations_escapes_and_documents(self) -> None:
        text = "a.b=1\nc : x\\\n   y\n! note\nd\\:e \\u0041\n#---\na.b=2\n"
        assert [to_plain(node) for node in parsed(text, "properties").documents] == [
            {"a.b": "1", "c": "xy", "d:e": "A"},
            {"a.b": "2"},
        ]

    def test_knows_the_place_of_key_and_value(self) -> None:
        (node,) = parsed("# c\n  key = value\n", "properties").documents
        assert isinstance(node, Mapping)
        entry = node.entries[0]
        assert (entry.key.line, entry.key.column, entry.value.column) == (2, 3, 9)


class TestTemplates:
    def test_are_masked_and_cut_from_the_original(self) -> None:
        text = (
            "{{- if .Values.on }}\nissuer: {{ .Values.issuer }}\nuri: http://{{ .host }}/x  # c\n"
            '{{ include "labels" . }}\nq: "{{ .q }}"\n{{- end }}\nn: 3\n'
        )
        (node,) = parsed(text).documents
        assert at(node, "issuer").text == "{{ .Values.issuer }}"
        assert (at(node, "issuer").line, at(node, "issuer").column, at(node, "issuer").is_masked) == (2, 9, True)
        assert at(node, "uri").text == "http://{{ .host }}/x"
        assert at(node, "q").text == "{{ .q }}"
        assert at(node, "n").value == 3

    def test_both_branches_stay_and_are_no_fault(self) -> None:
        found = parsed("{{ if .a }}\nx: 1\n{{ else }}\nx: 2\n{{ end }}\n")
        assert isinstance(found.documents[0], Mapping)
        assert found.documents[0].names() == ("x", "x")
        assert found.faults == ()

    def test_maven_marks_do_not_hide_the_rest(self) -> None:
        (node,) = parsed("version: @project.version@\nmail: @project.developers[0].email@\nport: 8080\n").documents
        assert at(node, "port").value == 8080

    def test_the_comma_between_the_items_of_a_loop_goes_with_its_condition(self) -> None:
        text = (
            '{"a": [\n{{ range $i, $e := .list }}\n{{ if $i }},{{ end }}\n{"b": "{{ $e.b }}", "c": {{ .c }}}\n{{ end }}\n]}\n'
        )
        found = read(text.encode(), "json")
        assert isinstance(found, Parsed)
        assert to_plain(found.documents[0]) == {"a": [{"b": "{{ $e.b }}", "c": "{{ .c }}"}]}

    def test_directives_of_terraform_are_blanked_and_log_formats_are_not(self) -> None:
        found = parsed("a: 1\n%{ if is_large ~}\nb: 2\n%{ endif ~}\nc: '%{name} ran'\n")
        assert to_plain(found.documents[0]) == {"a": 1, "b": 2, "c": "%{name} ran"}

    def test_a_quoted_template_needs_no_mask(self) -> None:
        found = parsed('a: "{{ .x }}"\n')
        assert not found.is_masked


class TestInlineWaivers:
    def test_at_the_end_of_a_line_cover_that_line(self) -> None:
        (waiver,) = parsed("a: 1\nb: 2  # jwksgov: ignore[r-1, r-2] why; owner=me; expires=2027-03-31\n").waivers
        assert (waiver.rules, waiver.reason) == (("r-1", "r-2"), "why")
        assert waiver.members == {"owner": "me", "expires": "2027-03-31"}
        assert (waiver.first_line, waiver.last_line) == (2, 2)

    def test_alone_cover_the_next_value_and_all_below_it(self) -> None:
        text = "rules:\n  # jwksgov: ignore[r] why\n  # more\n\n  - issuer: a\n    jwks:\n      b: c\n  - issuer: d\n"
        (waiver,) = parsed(text).waivers
        assert (waiver.first_line, waiver.last_line) == (5, 7)

    def test_inside_a_string_are_none(self) -> None:
        assert parsed('a: "x # jwksgov: ignore[r] y"\n').waivers == ()

    @pytest.mark.parametrize(
        ("text", "format_", "lines"),
        [
            ("[a]\n; jwksgov: ignore[r] why; owner=me\nb = 1\n", "ini", (3, 3)),
            ("<a>\n <!-- jwksgov: ignore[r] why; owner=me -->\n <b>\n  <c>1</c>\n </b>\n</a>\n", "xml", (3, 5)),
            ("<a>\n <b>1</b> <!-- jwksgov: ignore[r] why; owner=me --> <!-- x -->\n</a>\n", "xml", (2, 2)),
            ("[{a, [\n  %% jwksgov: ignore[r] why; owner=me\n  {b, 1}\n]}].\n", "erlang", (3, 3)),
            ("A {\n  x.LoginModule required\n  // jwksgov: ignore[r] why; owner=me\n  b=1;\n};\n", "jaas", (4, 4)),
            ('{\n  /* jwksgov: ignore[r] why; owner=me */\n  "b": 1\n}\n', "json", (3, 3)),
        ],
    )
    def test_stand_behind_the_comment_sign_of_every_format(self, text: str, format_: Format, lines: tuple[int, int]) -> None:
        found = read(text.encode(), format_)
        assert isinstance(found, Parsed)
        (waiver,) = found.waivers
        assert (waiver.rules, waiver.reason, waiver.members) == (("r",), "why", {"owner": "me"})
        assert (waiver.first_line, waiver.last_line) == lines


# each line names nine of the one before: 350 octets that stand for nine to the ninth values
BOMB = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (98 + level, 98 + level, b",".join([b"*%c" % (97 + level)] * 9)) for level in range(9)
)


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("data", "format_"),
        [
            (b"[" * 100_000, "yaml"),
            (b"[" * 100_000, "json"),
            (b'{"a":' * 100_000, "json"),
            (b"".join(b" " * i + b"a:\n" for i in range(3000)), "yaml"),
            (b"&x [*x]", "yaml"),
            (b"abc: def\n" * 500_000, "yaml"),
            (BOMB, "yaml"),
            (b"x" * (5 * 1024 * 1024 + 1), "json"),
            (b"\xff\xfe\x00", "json"),
            (b"a: \x00", "yaml"),
        ],
        ids=lambda value: value if isinstance(value, str) else None,
    )  # fmt: skip
    def test_end_soon_with_a_reason(self, data: bytes, format_: Format) -> None:
        begin = time.monotonic()
        assert refused(data, format_).because
        assert time.monotonic() - begin < 30  # a hang, not a budget

    @pytest.mark.parametrize(
        ("data", "format_"),
        [
            (b"a: " + b"{{" * 500_000, "yaml"),
            (b"a: {{ x }} " + b"[#" * 500_000, "yaml"),
            (b"a: " + b"{{ if x }}" * 100_000, "yaml"),
            (b"a: @" + b"\n" * 190_000, "yaml"),
            (b"".join(b"k%d: {{ x }}\n" % number for number in range(40_000)), "yaml"),
            (b"".join(b"# jwksgov: ignore[a]\na%d: 1\n" % number for number in range(40_000)), "yaml"),
            (b"---\na: 1\n" * 60_000 + b"---\nb: [\n", "yaml"),
            (b"a=1\\\n" * 500_000, "properties"),
        ],
        ids=[
            "opening marks",
            "openings on a line",
            "actions on a line",
            "blank lines",
            "actions",
            "waivers",
            "documents",
            "continuations",
        ],
    )
    def test_are_read_in_proportion_to_their_length(self, data: bytes, format_: Format) -> None:
        """Each of these once took time with the square of its length and would hang the whole run."""
        assert isinstance(read(data, format_), Parsed | Unparsed)

    @given(st.binary(max_size=300), st.sampled_from(["yaml", "json", "properties"]))
    @settings(max_examples=300, deadline=None)
    def test_any_bytes_give_trees_or_a_reason(self, data: bytes, format_: Format) -> None:
        assert isinstance(read(data, format_), Parsed | Unparsed)

    @given(st.text(alphabet="{}%[]:-#@\"'\\ \n\tax.$&*!|>", max_size=120), st.sampled_from(["yaml", "json", "properties"]))
    @settings(max_examples=400, deadline=None)
    def test_any_template_mangling_gives_trees_or_a_reason(self, text: str, format_: Format) -> None:
        assert isinstance(read(text.encode(), format_), Parsed | Unparsed)


WORDS = st.text(alphabet="abcdefgh-_. ", min_size=1, max_size=12)
DATA = st.recursive(
    st.one_of(WORDS, st.integers(-1000, 1000), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(WORDS, inner, max_size=4)),
    max_leaves=12,
)


class TestPositions:
    @given(st.dictionaries(WORDS, DATA, max_size=4))
    @settings(max_examples=150, deadline=None)
    def test_of_json_point_at_the_value(self, data: dict[str, object]) -> None:
        text = json.dumps(data, indent=2)
        (node,) = parsed(text, "json").documents
        assert to_plain(node) == data
        lines = text.split("\n")
        for scalar in scalars(node):
            assert lines[scalar.line - 1][scalar.column - 1 :].startswith(json.dumps(scalar.value))

    @given(st.dictionaries(WORDS, DATA, max_size=4))
    @settings(max_examples=150, deadline=None)
    def test_of_yaml_point_at_the_value(self, data: dict[str, object]) -> None:
        text = yaml.safe_dump(data, width=1000)
        (node,) = parsed(text).documents
        lines = text.split("\n")
        for scalar in scalars(node):
            if scalar.text and not scalar.is_quoted:
                assert lines[scalar.line - 1][scalar.column - 1 :].startswith(scalar.text)
