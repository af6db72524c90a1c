"""The HTML report is one file that asks for nothing, runs only its own script, and shows every text as text."""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scanner.cli import main
from scanner.renderers.html.page import SECTIONS
from tests.renderers import estates


class Document(HTMLParser):
    """What a page holds: tags with their attributes, and the text of style and script."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"style": [], "script": []}
        self.words: list[str] = []
        self._open: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = tag if tag in self.raw else self._open

    def handle_endtag(self, tag: str) -> None:
        self._open = None if tag == self._open else self._open

    def handle_data(self, data: str) -> None:
        (self.raw[self._open] if self._open else self.words).append(data)

    def all(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(attribute)) is not None]


def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, build: Callable[[Path], None], *more: str) -> str:
    """The HTML report of one estate."""
    (tmp_path / ".git").mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "estate").mkdir(exist_ok=True)
    build(tmp_path / "estate")
    main(["scan", "estate", "-q", "-o", "out.html", "--now", "2026-06-01", *more])
    return (tmp_path / "out.html").read_text(encoding="utf-8")


ALL = [estates.demo, estates.hostile, estates.clean, estates.undetermined, estates.empty, estates.network]


@pytest.fixture(scope="module", params=ALL)
def text(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One estate's report, written once for all tests."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return written(tmp_path_factory.mktemp("report"), monkeypatch, request.param)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return written(tmp_path_factory.mktemp("hostile"), monkeypatch, estates.hostile)


class TestOneFile:
    def test_has_the_thirteen_sections_in_their_order(self, text: str) -> None:
        ids = [attributes["id"] for tag, attributes in Document(text).tags if tag == "section"]
        assert ids == [anchor for anchor, _ in SECTIONS]
        assert len(ids) == 13

    def test_loads_nothing(self, text: str) -> None:
        document = Document(text)
        assert {tag for tag, _ in document.tags} & {"img", "link", "iframe", "object", "embed", "base", "use", "image"} == set()
        assert document.all("src") == []
        assert "url(" not in "".join(document.raw["style"])
        assert "@import" not in "".join(document.raw["style"])

    def test_its_policy_allows_its_own_style_and_script_and_nothing_else(self, text: str) -> None:
        """CSP Level 3: hashes of the two elements; inline style attributes and handlers would be refused, so there are none."""
        document = Document(text)
        metas = [attributes for tag, attributes in document.tags if tag == "meta"]
        (policy,) = (str(each["content"]) for each in metas if each.get("http-equiv") == "Content-Security-Policy")
        for kind in ("style", "script"):
            (content,) = document.raw[kind]
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"{kind}-src 'sha256-{digest}';" in policy
        assert policy.startswith("default-src 'none';")
        assert "unsafe" not in policy
        assert document.all("style") == []
        assert [name for _, attributes in document.tags for name in attributes if name.startswith("on")] == []

    def test_every_id_is_unique_and_every_inner_link_leads_somewhere(self, text: str) -> None:
        document = Document(text)
        ids = Counter(document.all("id"))
        assert [name for name, count in ids.items() if count > 1] == []
        inner = {link[1:] for link in document.all("href") if link.startswith("#")}
        assert inner - set(ids) == set()
        referred = {name for names in document.all("aria-labelledby") for name in names.split()}
        assert referred - set(ids) == set()

    def test_outer_links_are_https(self, text: str) -> None:
        links = [link for link in Document(text).all("href") if not link.startswith("#")]
        assert [link for link in links if not link.startswith("https://")] == []

    def test_never_claims_more_than_was_tested(self, text: str) -> None:
        said = " ".join(Document(text).words).lower()
        assert re.findall(r"\bcompliant\b", said) == []


class TestHostileText:
    def test_stays_text(self, hostile: str) -> None:
        document = Document(hostile)
        tags = Counter(tag for tag, _ in document.tags)
        assert tags["script"] == 1
        assert tags["img"] == tags["b"] == tags["i"] == 0
        assert "alert(1)" in " ".join(document.words)
        assert "49" not in [word for line in document.words for word in line.split()]

    def test_has_no_character_that_turns_or_hides_text(self, hostile: str) -> None:
        assert {
            char for char in hostile if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char != "\n"
        } == set()
        assert "\\u202e" in hostile

    def test_of_any_length_stays_short(self, hostile: str) -> None:
        assert "A" * 700 not in hostile


class TestStability:
    def test_the_same_input_and_clock_give_the_same_bytes(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        first = written(tmp_path, monkeypatch, estates.demo)
        assert written(tmp_path, monkeypatch, estates.demo) == first

    def test_another_clock_is_another_report(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        first = written(tmp_path, monkeypatch, estates.demo)
        (report_id,) = set(re.findall(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first))
        assert report_id not in written(tmp_path, monkeypatch, estates.demo, "--now", "2026-06-02")


class TestReferenceNotes:
    def test_name_what_own_policies_cite_by_a_superseded_name(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        own = tmp_path / "own" / "rules"
        own.mkdir(parents=True)
        (own / "own-rule.yaml").write_text(
            "id: own-rule\ntitle: Own\nseverity: low\nobjective: key-strength\nabout: key\nsince: 0.1.0\n"
            "rationale: So it is.\nremedy: Do it.\nreferences: [PR.AC-1]\n"
            "require: key.is_published\nmessage: No.\nexamples: []\n"
        )
        words = " ".join(Document(written(tmp_path, monkeypatch, estates.demo, "--policies", "own")).words)
        assert "cite by a misleading name" in words
        assert "own-rule" in words.partition("cite by a misleading name")[2]


class TestSize:
    def test_many_findings_are_folded_by_rule(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """What a rule says stands once, not beside each of its findings."""
        document = Document(written(tmp_path, monkeypatch, lambda folder: estates.large(folder, files=10, rules=10)))
        groups = [attributes for tag, attributes in document.tags if attributes.get("class") == "group"]
        rows = [attributes for tag, attributes in document.tags if tag == "tr" and "data-state" in attributes]
        assert len(rows) == 200
        assert len(groups) == 2
        assert all("open" not in group for group in groups)

    def test_one_more_finding_costs_little(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Its row and its binding's line in the trust table; so that ten thousand stay a file that a browser opens."""
        few = written(tmp_path, monkeypatch, lambda folder: estates.large(folder, files=10, rules=10))
        many = written(tmp_path, monkeypatch, lambda folder: estates.large(folder, files=10, rules=20))
        assert (len(many) - len(few)) / 200 < 750
