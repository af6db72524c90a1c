"""Finding the control that a reference means: exact, in another notation, superseded, or under the wrong framework."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Literal

from scanner.pack.model import Alias, Control, Framework
from scanner.record import record

Kind = Literal["exact", "notation", "superseded", "misattributed"]


@record
class Resolved:
    """A control that a reference means; `kind` says how certain that is, `note` why the text differs."""

    written: str
    framework: Framework
    control: Control
    kind: Kind
    note: str | None = None

    @property
    def name(self) -> str:
        """The control's full name, `framework:control`."""
        return f"{self.framework.id}:{self.control.id}"


def resolve(frameworks: Mapping[str, Framework], written: str) -> list[Resolved]:
    """Every control that `written` may mean; see `Resolver` for several."""
    return Resolver(frameworks).resolve(written)


class Resolver:
    """Frameworks, indexed by every spelling of their controls and aliases."""

    def __init__(self, frameworks: Mapping[str, Framework]) -> None:
        self._frameworks = frameworks
        self._indexes = {framework.id: _FrameworkIndex(framework, frameworks) for framework in frameworks.values()}

    def resolve(self, written: str) -> list[Resolved]:
        """Every control that `written` may mean; empty where nothing matches.

        A framework name in front narrows the search: by id (`nist-800-207:SC-23`) or in words (`NIST Zero Trust SC-23`). A
        misattribution exists only where the wrong framework is named.
        """
        head, _, tail = written.partition(":")
        if head in self._indexes:
            return _find_within([self._indexes[head]], tail, written, is_named=True)
        found = _find_within(self._indexes.values(), written, written, is_named=False)
        words = written.split()
        for cut in range(len(words) - 1, 0, -1):
            if found:
                break
            hint = _split_words(" ".join(words[:cut]))
            named = [each for each in self._indexes.values() if hint and hint <= each.words]
            found = _find_within(named, " ".join(words[cut:]), written, is_named=True)
        return found


def parse_control_name(framework: Framework, meant: str, frameworks: Mapping[str, Framework]) -> tuple[Framework, str]:
    """The framework and the id of the control that one `means` of an alias of `framework` names."""
    owner, _, control_id = meant.partition(":")
    # a control's own id may hold a colon (NHI4:2025): only a framework's id before it names another framework
    return (frameworks[owner], control_id) if owner in frameworks else (framework, meant)


class _FrameworkIndex:
    """One framework by normal spelling: its controls, and what its aliases mean. `words`: the words of its names."""

    def __init__(self, framework: Framework, frameworks: Mapping[str, Framework]) -> None:
        self.framework = framework
        self.words = _split_words(f"{framework.id} {framework.title} {framework.short} {framework.version}")
        self.spelled: dict[str, list[Control]] = {}
        for control in framework.controls:
            for spelling in _list_spellings(framework, control):
                self.spelled.setdefault(spelling, []).append(control)
        self.aliased: dict[str, list[tuple[Alias, Framework, Control]]] = {}
        for alias in framework.aliases:
            for meant in alias.means:
                home, wanted = parse_control_name(framework, meant, frameworks)
                meaning = [(alias, home, control) for control in home.controls if control.id == wanted]
                self.aliased.setdefault(_normalise(alias.written), []).extend(meaning)

    def find(self, wanted: str, written: str) -> Iterator[Resolved]:
        """What `wanted` means here: aliases come first, since their notes say more than another spelling does."""
        normal = _normalise(wanted)
        for alias, home, control in self.aliased.get(normal, ()):
            yield Resolved(written, home, control, alias.kind, alias.note)
        for control in self.spelled.get(normal, ()):
            yield Resolved(written, self.framework, control, "exact" if control.id == wanted else "notation")


def _find_within(homes: Iterable[_FrameworkIndex], wanted: str, written: str, *, is_named: bool) -> list[Resolved]:
    found: dict[str, Resolved] = {}
    wanted = wanted.strip().removeprefix("§")
    for home in homes:
        for each in home.find(wanted, written):
            # the exact id is the strongest match
            if (each.name not in found or each.kind == "exact") and (is_named or each.kind != "misattributed"):
                found[each.name] = each
    return list(found.values())


def _list_spellings(framework: Framework, control: Control) -> set[str]:
    """The id, and the id without the edition that some carry: `NHI2` for `NHI2:2025`, `9.1.2` for `v5.0.0-9.1.2`."""
    bare = control.id.removesuffix(f":{framework.version}").removeprefix(f"v{framework.version}-")
    return {_normalise(control.id), _normalise(bare)}


@lru_cache(maxsize=4096)
def _normalise(text: str) -> str:
    """`SC-12 (01)`, `sc-12.1` and `SC-12(1)` are one spelling, and so are `NHI-02` and `NHI2`, `V9.1.2` and `§9.1.2`."""
    text = re.sub(r"[\s§]+", "", text).upper()
    text = re.sub(r"\((\d+)\)", r".\1", text)
    text = re.sub(r"(?<!\d)0+(?=\d)", "", text)
    text = re.sub(r"(?<=[A-Z])-(?=\d)", "", text)
    return re.sub(r"^V(?=\d+\.\d+\.\d+$)", "", text)


def _split_words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+(?:\.[0-9]+)*", text.lower()))
