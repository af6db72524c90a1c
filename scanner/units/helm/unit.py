"""The unit of a chart: its templates rendered with its own values and with those of each variant."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from scanner.files.read import read_text
from scanner.files.tree import Format, Parsed
from scanner.record import record
from scanner.sources.document import Document
from scanner.sources.rendering import Rendering
from scanner.units.asked import Asked
from scanner.units.files import UnitFiles
from scanner.units.helm.borrowed import ANY, LOADED, BorrowedText, names_at
from scanner.units.helm.chart import Chart, ChartLoader, Template, Templates
from scanner.units.helm.folders import folder_of_chart
from scanner.units.helm.globbing import list_matching
from scanner.units.helm.sources import Define, TooMuch
from scanner.units.helm.value import Value
from scanner.units.helm.values import read_values
from scanner.units.helm.variants import ValuesFile, find_variants, is_for_tests
from scanner.units.joins import is_asking, is_telling
from scanner.units.made import Made, MadeText, OpenPart, Origin, Piece, Variant
from scanner.units.unit import MOST_VARIANTS

if TYPE_CHECKING:
    from scanner.units.helm.evaluate import Renderer
    from scanner.units.helm.scopes import Scope

# of a template that no values file of the repository switches on
SWITCHED_OFF = Variant("switched off")
_LOADED = (".yaml", ".yml", ".json", ".tpl")
# of all texts that one unit makes: their characters, and the steps to make them
_MOST_TEXT = 16 * 1024 * 1024
_MOST_STEPS = 4_000_000
# the characters of the templates that are read together
_MOST_JOINED = 1024 * 1024
_TOO_LARGE = "the chart renders more than is read"


@record(slots=True)
class _Use:
    """A chart of the tree as one variant uses it, and what renders its templates."""

    scope: Scope
    renderer: Renderer


class HelmUnit:
    """A chart with the charts below it."""

    replaces: frozenset[str] = frozenset()

    def __init__(self, folder: str, files: UnitFiles) -> None:
        self._files = files
        self._folder = folder
        self.name = files.report_path(folder)
        found = find_variants(folder, files)
        self._given: tuple[ValuesFile, ...] = tuple(found[:MOST_VARIANTS])
        self.variants = tuple(Variant(each.name, (files.report_path(each.path),)) for each in self._given)
        self.left_out_variants = len(found) - len(self._given)
        self.is_base_deployed = all(is_for_tests(each.name) for each in self._given)
        self.templates = Templates(files)
        self._chart: Chart | None = None
        self._defines: dict[str, Define] | None = None
        self._uses: dict[int, list[_Use]] = {}
        self._made: dict[str, tuple[Made, ...]] = {}
        self._open: dict[str, list[OpenPart]] = {}
        self._written = 0
        self._steps = 0
        self._borrowed: BorrowedText | None = None
        self._joined: tuple[Made, ...] | None = None

    @property
    def chart(self) -> Chart:
        """The chart of the unit's folder."""
        if self._chart is None:
            self._chart = ChartLoader(self._files).load(self._folder)
        return self._chart

    def make(self, document: Document) -> tuple[Made, ...]:
        """The text of a template in each variant, with the chart's own values first; for one whose resources others say more
        about, that of all such templates together.
        """
        path = os.path.realpath(document.origin or "")
        together = self._join() if is_asking(document.data) and _is_loaded(path) else ()
        return together if any(made.text.lines_of(document.path) for made in together) else self._make(path)

    def _join(self) -> tuple[Made, ...]:
        """The text of the templates whose resources say something together, in each variant; none where one cannot be read."""
        if self._joined is None:
            paths = [path for path in self._list_telling(self.chart) if self._make(path)]
            self._joined = tuple(self._join_all(paths)) if len(paths) > 1 else ()
            texts = {id(made.text): made.text.text for made in self._joined}
            if sum(map(len, texts.values())) > _MOST_JOINED or not all(map(_is_readable, texts.values())):
                self._joined = ()
        return self._joined

    def _list_telling(self, chart: Chart) -> Iterator[str]:
        yield from (
            file.origin for file in self.templates.list_files(chart) if _is_loaded(file.origin) and is_telling(file.data)
        )
        for each in chart.dependencies:
            yield from self._list_telling(each.chart)

    def _join_all(self, paths: list[str]) -> Iterator[Made]:
        known: dict[object, MadeText] = {}
        for variant in (None, *self.variants):
            texts = [made.text for path in paths for made in self._make(path) if made.variant == variant]
            pieces = tuple(piece for text in texts for piece in (Piece("---\n"), *text.pieces, Piece("\n")))
            same = _content(pieces)
            if same not in known:
                known[same] = MadeText(pieces)
            yield Made(known[same], "yaml", "templates.yaml", variant)

    def _make(self, path: str) -> tuple[Made, ...]:
        if path not in self._made:
            template = self.templates.get(path) if _is_loaded(path) else None
            self._made[path] = tuple(self._render_all(path, template)) if template is not None else ()
        return self._made[path]

    def borrowed(self, document: Document) -> bytes:
        """The text that a template takes from the helpers, values and files of its chart, in lower case."""
        path = os.path.realpath(document.origin or "")
        if not _is_loaded(path):
            return b""
        return self._texts.of(document.data, folder_of_chart(path, self._files) or self._folder)

    def lent(self, document: Document, lines: frozenset[int]) -> frozenset[int]:
        """The lines of a values file, a helper or a loaded file that the chart's templates render."""
        path = os.path.realpath(document.origin or "")
        is_values = path in {os.path.realpath(each.path) for each in self._given} or os.path.basename(path) == "values.yaml"
        is_helper = f"{os.sep}templates{os.sep}" in path
        names = names_at(document.data, lines, is_values=is_values) if is_values or is_helper else {LOADED}
        found: set[int] = set()
        for template in self._list_borrowers(self.chart, names):
            for made in self._make(template):
                found |= made.text.lines_from(document.path)
        return lines & found

    def _list_borrowers(self, chart: Chart, names: set[bytes]) -> Iterator[str]:
        """The templates that mention one of these names. A chart below another takes its values from a member of its."""
        for file in self.templates.list_files(chart):
            if _is_loaded(file.origin) and not names.isdisjoint(self._texts.names_in(file.data)):
                yield file.origin
        for each in chart.dependencies:
            inner = {b"." + each.name.encode(), b".global"}
            yield from self._list_borrowers(each.chart, names if names.isdisjoint(inner) else {ANY})

    @property
    def _texts(self) -> BorrowedText:
        if self._borrowed is None:
            self._borrowed = BorrowedText(self.chart, [each.path for each in self._given], self.templates, self._files)
        return self._borrowed

    def renderings(self) -> tuple[Asked, ...]:
        """What Helm is to render: the chart with its own values, and with those of each variant."""
        found = [Asked(Rendering("helm", self._folder, (), (self._folder,)))]
        for each, variant in zip(self._given, self.variants, strict=True):
            found.append(Asked(Rendering("helm", self._folder, (each.path,), (self._folder, each.path)), variant))
        return tuple(found)

    def open_parts(self, document: Document) -> tuple[OpenPart, ...]:
        """Why a template is not rendered, if it is not."""
        return tuple(self._open.get(os.path.realpath(document.origin or ""), ()))

    def _render_all(self, path: str, template: Template) -> Iterator[Made]:
        if template.parsed is None:
            return
        name = os.path.basename(path)
        format_: Format = "json" if name.endswith(".json") else "yaml"
        known: dict[object, MadeText] = {}
        try:
            for number, variant in ((-1, None), *enumerate(self.variants)):
                for use in self._uses_of(number, path):
                    pieces = tuple(use.renderer.render(template.source, template.parsed.body))
                    self._steps += use.renderer.steps
                    self._note_missing(path, template, use)
                    same = _content(pieces)
                    if same not in known:
                        self._count(pieces)
                        known[same] = MadeText(pieces)
                    yield Made(known[same], format_, name, variant)
            if not any(text.text.strip("- \n") for text in known.values()):
                yield from (Made(text, format_, name, SWITCHED_OFF) for text in self._switch_on(path, template))
        except TooMuch as reason:
            self._steps += _MOST_STEPS // 40  # a chart full of such templates ends as well
            self._add_open(path, template, str(reason))

    def _switch_on(self, path: str, template: Template) -> Iterator[MadeText]:
        """What a template renders with the chart's own values, if the condition around all of it held: somebody who installs
        the chart may say so.
        """
        assert template.parsed is not None
        for use in self._uses_of(-1, path):
            use.renderer.switches_on = True
            try:
                pieces = tuple(use.renderer.render(template.source, template.parsed.body))
            finally:
                use.renderer.switches_on = False
            self._count(pieces)
            yield MadeText(pieces)

    def _count(self, pieces: tuple[Piece, ...]) -> None:
        self._written += sum(len(piece.text) for piece in pieces)
        if self._written > _MOST_TEXT or self._steps > _MOST_STEPS:
            raise TooMuch(_TOO_LARGE)

    def _note_missing(self, path: str, template: Template, use: _Use) -> None:
        """That a template is nothing but what a chart gives that is not there."""
        if use.renderer.missing and use.scope.chart.missing and not _has_own_text(template):
            named = ", ".join(sorted(set(use.scope.chart.missing)))
            self._add_open(path, template, f"what it renders is in a chart that is not in the repository ({named})")

    def _add_open(self, path: str, template: Template, because: str) -> None:
        part = OpenPart(because, Origin(template.file.path, 1, 1))
        parts = self._open.setdefault(path, [])
        if part not in parts:
            parts.append(part)

    def _uses_of(self, number: int, path: str) -> list[_Use]:
        """How a variant uses the chart that has a template."""
        if number not in self._uses:
            from scanner.units.helm.scopes import list_scopes  # most templates of a chart are not rendered

            given = read_values(self._files.read(self._given[number].path)) if number >= 0 else Value({})
            self._uses[number] = [self._use(scope) for scope in list_scopes(self.chart, given)]
        return [
            use for use in self._uses[number] if path.startswith(os.path.join(use.scope.chart.folder, "templates") + os.sep)
        ]

    def _use(self, scope: Scope) -> _Use:
        from scanner.units.helm.evaluate import Renderer
        from scanner.units.helm.scopes import make_root
        from scanner.units.helm.structures import Files

        if self._defines is None:
            self._defines = self.templates.list_defines(self.chart)
        files = Files(self._reader(scope.chart), self._lister(scope.chart))
        root = make_root(scope, is_root=scope.chart is self.chart, files=files)
        return _Use(scope, Renderer(root, self._defines))

    def _reader(self, chart: Chart) -> Callable[[str], tuple[str, str] | None]:
        """A function that reads a file of a chart."""

        def read(name: str) -> tuple[str, str] | None:
            path = os.path.realpath(os.path.join(chart.folder, *name.split("/")))
            file = self._files.read(path) if path.startswith(chart.folder + os.sep) else None
            return (file.data.decode("utf-8", "replace"), file.path) if file is not None else None

        return read

    def _lister(self, chart: Chart) -> Callable[[str], list[str]]:
        """A function that lists the files of a chart that match a pattern."""
        return lambda pattern: list_matching(chart.folder, pattern, self._files)


def _content(pieces: tuple[Piece, ...]) -> object:
    """What pieces say, to compare those of two variants. The places of the template are the same wherever the text is."""
    return tuple((each.text, *((at.path, at.line, at.column) for at in each.origins)) for each in pieces)


def _is_readable(text: str) -> bool:
    return isinstance(read_text(text, "yaml"), Parsed)


def _is_loaded(path: str) -> bool:
    """Whether Helm takes what a template renders for a manifest."""
    folder, name = os.path.split(path)
    return not name.startswith("_") and name.endswith(_LOADED) and f"{os.sep}templates{os.sep}" in f"{folder}{os.sep}"


def _has_own_text(template: Template) -> bool:
    """Whether a template has any text beside its actions, also in their blocks."""
    first, *others = template.source.text.split("{{")
    return any(part.strip("- \n") for part in (first, *(each.partition("}}")[2] for each in others)))
