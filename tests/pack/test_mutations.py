"""Any one name or word of a shipped policy file, misspelt: the file is refused at a place, or the word was free text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.errors import ScannerError
from scanner.files.read import read
from scanner.files.tree import Mapping, Node, Parsed, Scalar
from scanner.pack.shipped import shipped_folder
from scanner.record import record
from tests.pack.checking import check

_WORD = re.compile(r"[A-Za-z_][\w.-]*")

# What may hold any word: the way to it (`*` for the items of a list), and whether a name or a value stands there. Documents of
# examples are data: `policy test` says what they give. A platform's own names, in paths and filters, are its own.
_FREE = {
    "rules": (
        r"examples\.\*\.(jwks|metadata|files|config)\b.*",
        r"examples\.\*\.waiver\.(rule|reason|owner|approver|ticket|compensating_control) value",
        r"examples\.\*\.fetched\b.*\.(jwks|metadata|headers)\b.*",
        r"examples\.\*\.fetched\b.*\.(body|caa|caa_at|cnames|because|location|url|problem|cipher|version)(\.\*)? value",
        r"examples\.\*\.fetched\b.*\.(certificate|client|issuer|kind|address|resolved|removed|environment|owner)(\.\*)? value",
        r"examples\.\*\.(it|binding\.(platform|version|issuer|algorithms\.\*|audiences\.\*|subject\.\*|thumbprints\.\*)) value",
        r"examples\.\*\.nested\.\* value",
        r"(references\.\*|title|message|params\.\w+\.(description|default|one_of)(\.\*)?) value",
    ),
    "platforms": (
        r"(reads\.\*\.)?behaviour\.(accepted_algorithms|multi_issuer|algorithms)(\.\*)?\.value(\.\*)? value",
        r".*\.(when\.\*|meaning|source|because) value",
        r"examples\.\*\.(it|file|text) value",
        r"examples\.\*\.gives\.\*\.(issuer|jwks_uri|discovery_url|key_file|cache_s|subject|thumbprints)(\.\*)? value",
        r"examples\.\*\.gives\.\*\.(audiences|algorithms|\w+_resolved)(\.\*)? value",
        r"(name|version_read|notes\.\*|sources\.\*) value",
        r"(schema_read\.\*\.(commit|page)|left_out\.\*\.(setting|because)) value",
        r"reads\.\*\.(at|settings|(where|unless|files|inside|needles|also)\.\*) value",
        r"reads\.\*\.fields\.\w+(\.\*)?(\.(path|equals|split|after|before|format))? value",
        r"reads\.\*\.join\.\w+\.(at|settings|refers|same\.(theirs|mine)) value",
        r"reads\.\*\.unused_settings\.\*\.setting value",
        r"left_out\.\*\.setting value",
        r"versions\.(images|charts|chart_versions|providers|paths|packages\.\w+)\.\* value",
    ),
    "advisories": (
        r"(title|condition|gains|identifiers\.\*|packages\.\w+\.\*|sources\.\*\.page) value",
        r"examples\.\*\.(it|version|config\.(file|text)) value",
        r"examples\.\*\.binding\.(issuer|algorithms\.\*|audiences\.\*|subject\.\*) value",
    ),
    "issuers": (r"(name|tenant|meaning|issuers\.\*|jwks_uris\.\*|read\.\*\.(page|commit|version|how)) value",),
    "profiles": (r"(title|description|rules\.[\w-]+\.params\.\w+(\.\*)?) value",),
    "frameworks": (
        r"(short|title|version|licence|limits|aliases\.\*\.(written|note)|controls\.\*\.objectives\.\*\.why) value",
        r"controls\.\*\.(id|title|text|note|references\.\*) value",
    ),
}


@record
class Word:
    """A name or a value of a file, and the way to it."""

    scalar: Scalar
    where: str

    @property
    def misspelt(self) -> str:
        """With its last letter twice."""
        return self.scalar.text + self.scalar.text[-1]


@cache
def words(path: Path) -> tuple[Word, ...]:
    """Every name of a mapping, and every value that is one word, but for the id, which the file's name repeats."""
    parsed = read(path.read_bytes(), "yaml", templates=False)
    assert isinstance(parsed, Parsed)
    return tuple(word for word in _below(parsed.documents[0], "") if word.where != "id value")


def _below(node: Node, way: str) -> Iterator[Word]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            inner = f"{way}{entry.key.text}"
            yield Word(entry.key, f"{inner} name")
            yield from _below(entry.value, inner if isinstance(entry.value, Scalar) else f"{inner}.")
    elif isinstance(node, Scalar):
        if _WORD.fullmatch(node.text) and isinstance(node.value, str):
            yield Word(node, f"{way} value")
    else:
        for item in node.items:
            yield from _below(item, f"{way}*" if isinstance(item, Scalar) else f"{way}*.")


def mutated(path: Path, word: Word) -> str | None:
    """The text of the file under the id `ours` with the word misspelt; None where it is not written on one line as it reads."""
    lines = path.read_text(encoding="utf-8").split("\n")
    line, column = word.scalar.line - 1, word.scalar.column - 1 + word.scalar.is_quoted
    if not lines[line][column:].startswith(word.scalar.text):
        return None
    lines[line] = lines[line][:column] + word.misspelt + lines[line][column + len(word.scalar.text) :]
    return "\n".join(lines).replace(f"id: {path.stem}\n", "id: ours\n", 1)


@pytest.mark.parametrize("kind", _FREE)
@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
@given(data=st.data())
def test_a_misspelt_word_is_refused_at_a_place_or_was_free(kind: str, tmp_path: Path, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted((shipped_folder() / kind).rglob("*.yaml"))))
    bound = [word for word in words(path) if not any(re.fullmatch(free, word.where) for free in _FREE[kind])]
    word = data.draw(st.sampled_from(bound))
    text = mutated(path, word)
    if text is None:
        return
    folder = tmp_path / kind
    folder.mkdir(exist_ok=True)
    file = folder / "ours.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScannerError) as caught:
        check(tmp_path)
    assert caught.value.where is not None, word.where
    assert (caught.value.where.path, caught.value.where.line is not None) == (file.as_posix(), True), word.where
