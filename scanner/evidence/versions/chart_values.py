"""The images in the values of a chart: a name in one layer, its tag perhaps in another one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scanner.evidence.versions.images import fill_in, know_nothing, parse_image
from scanner.evidence.versions.images import is_one_of as is_image
from scanner.evidence.versions.mention import Mention, make_tag
from scanner.files.read import read
from scanner.files.tree import Mapping, Parsed, Scalar
from scanner.record import record
from scanner.units.files import UnitFile

_NAMES = ("repository", "repo", "image", "name")
_TAGS = ("tag", "imageTag", "version")
_DEEPEST = 8
Path = tuple[str, ...]


@record
class ValuesLayer:
    """A values file, and the name under which it has the values of this chart: empty, or that of a subchart."""

    file: UnitFile
    below: Path = ()


@record
class _Written:
    text: str
    line: int
    origin: str


def find_in_values(layers: Iterable[ValuesLayer], globs: Sequence[str]) -> list[tuple[Mention, str, int]]:
    """The images like one of `globs` that the values give, each with the file and the line of its tag. A later layer replaces
    what earlier ones say.
    """
    names: dict[Path, _Written] = {}
    tags: dict[Path, _Written] = {}
    for layer in layers:
        parsed = read(layer.file.data, "yaml")
        node = parsed.documents[0] if isinstance(parsed, Parsed) and parsed.documents else None
        for name in layer.below:
            node = node.get(name) if isinstance(node, Mapping) else None
        if isinstance(node, Mapping):
            for path, key, value in _list_texts(node, ()):
                written = _Written(value.text.strip(), value.line, layer.file.origin)
                if key in _TAGS:
                    tags[path] = written
                if key in _NAMES:
                    names[path if key != "image" else (*path, key)] = written
    return list(_match(names, tags, globs))


def _match(names: dict[Path, _Written], tags: dict[Path, _Written], globs: Sequence[str]) -> Iterator[tuple[Mention, str, int]]:
    for path, written in names.items():
        image = parse_image(written.text)
        if not is_image(image.name, globs):
            continue
        if image.tag is not None:
            tag: _Written | None = _Written(image.tag, written.line, written.origin)
        elif image.has_digest:
            yield Mention("", None, 0, "image"), written.origin, written.line
            continue
        else:
            # `image: name` has its tag beside it, `image: {repository: name}` within
            tag = tags.get(path) or (tags.get(path[:-1]) if path[-1:] == ("image",) else None)
        if tag is None or not tag.text or tag.text == "null":
            yield Mention("", None, 0, "image", is_left_out=True), written.origin, written.line
        elif (filled := fill_in(tag.text, know_nothing)) is not None:
            yield make_tag(filled.encode(), 0, "image"), tag.origin, tag.line


def _list_texts(node: Mapping, path: Path) -> Iterator[tuple[Path, str, Scalar]]:
    """The texts that may belong to an image, with the way to their mapping and their names."""
    for entry in node.entries:
        key = entry.key.text
        if isinstance(entry.value, Mapping) and len(path) < _DEEPEST:
            yield from _list_texts(entry.value, (*path, key))
        elif isinstance(entry.value, Scalar) and (key in _NAMES or key in _TAGS):
            yield path, key, entry.value
