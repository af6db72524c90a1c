"""Running a platform's examples: a file, and every binding it gives in order (`gives: []` is a similar file without
bindings).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from scanner.evidence.model import Binding
from scanner.evidence.read_document import DocumentReader
from scanner.examples.rule_examples import ExampleOutcome
from scanner.pack.platform import Platform, PlatformExample
from scanner.sources.document import Document


def run_platform_examples(platforms: Iterable[Platform]) -> Iterator[ExampleOutcome]:
    """Every example of every platform, each read with that platform alone."""
    for platform in platforms:
        reader = DocumentReader([platform])
        for example in platform.examples:
            yield ExampleOutcome(platform.id, example.it, tuple(_find_faults(reader, example)))


def _find_faults(reader: DocumentReader, example: PlatformExample) -> Iterator[str]:
    evidence = reader.read(Document(example.file, example.text.encode(), is_named=True))
    if evidence is not None and evidence.unparsed is not None:
        yield f"it cannot be read: {evidence.unparsed}"
        return
    bindings = evidence.bindings if evidence is not None else ()
    if len(bindings) != len(example.gives):
        yield f"it gives {len(bindings)} bindings, not {len(example.gives)}"
        return
    for number, (binding, wanted) in enumerate(zip(bindings, example.gives, strict=True), 1):
        for name, value in wanted.items():
            found = _read_member(binding, name)
            if found != value:
                yield f"binding {number}: {name} is {found!r}, not {value!r}"


def _read_member(binding: Binding, name: str) -> Any:
    """The member `name` of a binding as examples write it: a setting's value; `<setting>_state`, `<setting>_resolved`;
    or line, column, platform, role.
    """
    own: Mapping[str, Any] = {
        "line": binding.spot.line,
        "column": binding.spot.column,
        "platform": binding.platform,
        "role": binding.role,
    }
    if name in own:
        return own[name]
    for ending, member in (("_state", "state"), ("_resolved", "resolved")):
        if name.endswith(ending) and name.removesuffix(ending) in binding.settings:
            return getattr(binding.settings[name.removesuffix(ending)], member)
    return binding.settings[name].value if name in binding.settings else f"no setting {name}"
