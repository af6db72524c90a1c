"""The citations in policies and their meaning: an auditor must not read a withdrawn or misattributed reference as a control.

A rule cites in `references`, a framework's control in its own. Most citations are other documents and are not checked; those of
a known control are. Takes rules and frameworks, gives notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scanner.errors import Place, PolicyError
from scanner.pack.controls import Kind, Resolved, Resolver
from scanner.pack.model import Control, Framework, Rule
from scanner.pack.pack import Pack
from scanner.record import record


@record
class Citation:
    """One citation that needs a note. `of`: the rule or the `framework:control` that cites; `means`: full names of controls.
    `off_topic`: the citing rule or control serves no objective of these controls.
    """

    of: str
    written: str
    kind: Kind
    means: tuple[str, ...]
    note: str
    off_topic: bool
    place: Place

    @property
    def is_doubtful(self) -> bool:
        """Whether `--strict-references` refuses it."""
        return self.kind in ("superseded", "misattributed")


def find_citations(rules: Iterable[Rule], frameworks: Mapping[str, Framework]) -> Iterator[Citation]:
    """A note for every citation that is not a control's exact name, or that is off the topic of the rule or control that cites
    it.
    """
    resolver = Resolver(frameworks)
    for rule in rules:
        place = rule.places.of("references", rule.place)
        yield from _make_notes(rule.id, rule.references, {rule.objective}, place, resolver)
    for framework in frameworks.values():
        for control in framework.controls:
            name = f"{framework.id}:{control.id}"
            yield from _make_notes(name, control.references, _list_objectives(control), control.place, resolver)


def refuse_doubtful(pack: Pack) -> None:
    """`--strict-references`: a superseded or misattributed citation is an error."""
    for note in find_citations(pack.rules.values(), pack.frameworks):
        if note.is_doubtful:
            raise PolicyError(
                what=f"`{note.of}` cites `{note.written}`, which is {note.kind}: {note.note}",
                where=note.place,
                remedy=f"Write {' or '.join(note.means)}.",
            )


def _make_notes(
    of: str, references: Iterable[str], objectives: set[str], place: Place, resolver: Resolver
) -> Iterator[Citation]:
    for written in references:
        found = resolver.resolve(written)
        if not found:
            continue
        off_topic = bool(objectives) and not any(objectives & _list_objectives(each.control) for each in found)
        kind = found[0].kind
        if kind == "exact" and not off_topic:
            continue
        said = [found[0].note or ""]
        if off_topic:
            said.append(_suggest_better(found, objectives))
        yield Citation(
            of=of,
            written=written,
            kind=kind,
            means=tuple(each.name for each in found),
            note=" ".join(" ".join(said).split()),
            off_topic=off_topic,
            place=place,
        )


def _list_objectives(control: Control) -> set[str]:
    return {mapping.objective for mapping in control.objectives if mapping.strength != "weak"}


def _suggest_better(found: list[Resolved], objectives: set[str]) -> str:
    """The controls of the same framework that the objectives serve."""
    served = [control.id for control in found[0].framework.controls if objectives & _list_objectives(control)]
    named = " and ".join(sorted(objectives))
    instead = f"; there it is evidence for {', '.join(served)}" if served else ""
    return f"{named} is not evidence for {found[0].control.id}{instead}."
