"""Charts of any content."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.units.files import UnitFile
from scanner.units.helm.kind import Helm
from scanner.units.helm.layout import write_yaml
from scanner.units.helm.value import Value
from scanner.units.helm.values import read_values
from tests.units.unit_trees import document_of, find_unit, plant

_FUNCTIONS = (
    "default", "quote", "toYaml", "toJson", "nindent", "indent", "printf", "include", "tpl", "dict", "list", "index",
    "get", "merge", "replace", "trim", "eq", "and", "or", "not", "set", "range", "dig", "ternary", "required", "fail",
    "fromYaml", "split", "until", "trunc", "repeat", "lookup", "len", "first", "join", "hasKey", "b64dec", "int",
    "round", "unknownFunction",
)  # fmt: skip
_OPERANDS = (
    ".", "$", ".Values", ".Values.a", ".Values.a.b", ".Values.l", "$.Values.d", "$x", ".Release.Name", ".Capabilities",
    ".Files", '"a"', '"%s-%d"', "1", "-1", "99999999", "true", "nil", '"h"', "`{{ .Values.a }}`", "(dict `a` 1)",
    "(.Values.d).e",
)  # fmt: skip
_OPENINGS = ("if", "with", "range", "range $k, $v :=", "$x :=", "$x =", "else if")
_expressions = st.lists(st.sampled_from((*_FUNCTIONS, *_OPERANDS, "|", "(", ")")), min_size=1, max_size=7).map(" ".join)
_actions = st.one_of(
    _expressions,
    st.builds("{} {}".format, st.sampled_from(_OPENINGS), _expressions),
    st.sampled_from(("end", "else", "end", "end", 'define "h"', 'template "h" .', "/* c */", "break", "continue")),
)
_pieces = st.one_of(
    st.builds("{{{{{}{}{}}}}}".format, st.sampled_from(("", "- ")), _actions, st.sampled_from(("", " -"))),
    st.sampled_from(("\n", "  ", "a: ", "- ", "---\n", "}}", "{{", "x", '"', "\t", "é")),
)
_texts = st.lists(_pieces, max_size=14).map("".join)
_VALUES = "a: {b: x, c: [1, {d: 2}]}\nl: [a, 1, null, {b: c}]\nd: {e: '{{ .Values.l }}'}\n"
# Go merges `<<` wherever it stands
_names = st.text(max_size=6).filter(lambda name: name != "<<")
_plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**40), 2**40).map(float), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(_names, inner, max_size=3)),
    max_leaves=8,
)


class TestAnyTemplate:
    @settings(max_examples=150, deadline=None)
    @given(_texts, _texts)
    def test_gives_a_text_or_a_reason(self, template: str, helper: str) -> None:
        """And every place of the text lies in a file of the chart."""
        with TemporaryDirectory() as name:
            root = Path(name)
            files = {"c/Chart.yaml": "name: c\n", "c/values.yaml": _VALUES, "c/templates/_h.tpl": helper}
            plant(root, {**files, "c/templates/a.yaml": "{{/**/}}" + template})
            unit = find_unit(Helm(), root, "c/templates/a.yaml")
            assert unit is not None
            document = document_of(root, "c/templates/a.yaml")
            lengths = {path: len(text.split("\n")) for path, text in files.items()}
            lengths["c/templates/a.yaml"] = len(template.split("\n"))
            for made in unit.make(document):
                for line in range(1, made.text.text.count("\n") + 2):
                    found = made.text.find(line, 1)
                    for place in (found.at, *found.origins) if found is not None else ():
                        assert 1 <= place.line <= lengths[place.path]


def _to_value(plain: object) -> Value:
    if isinstance(plain, dict):
        return Value({name: _to_value(member) for name, member in plain.items()})
    return Value([_to_value(item) for item in plain] if isinstance(plain, list) else plain)


def _to_plain(value: Value) -> object:
    if isinstance(value.data, dict):
        return {name: _to_plain(member) for name, member in value.data.items()}
    return [_to_plain(item) for item in value.data] if isinstance(value.data, list) else value.data


class TestAnyValue:
    @settings(max_examples=200, deadline=None)
    @given(_plain)
    def test_is_read_back_as_it_was_written(self, plain: object) -> None:
        text = "".join(part for part, _ in write_yaml(Value({"a": _to_value(plain)})))
        data = f"{text}\n".encode("utf-8", "surrogatepass")
        assert _to_plain(read_values(UnitFile("v", "v", data, data))) == {"a": plain}, text
