"""Reading policy folders: the shipped one, and a user's own.

A folder holds any of `rules/**.yaml`, `objectives.yaml`, `frameworks/*.yaml`, `profiles/*.yaml`, `platforms/*.yaml`,
`advisories/*.yaml`, `issuers/*.yaml`, `published/*.jsonl`. A folder without these names counts as a folder of rules. Ids are
unique over all folders: a user's file never silently replaces a shipped one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from scanner.errors import Place, PolicyError
from scanner.files.tree import Mapping, Node, Sequence
from scanner.pack.advisory import Advisories, Advisory
from scanner.pack.check_advisories import check_advisory_values
from scanner.pack.check_values import check_issuer_values, check_platform_values, check_rule_values
from scanner.pack.control_index import ControlIndex
from scanner.pack.cross_references import check_aliases, check_framework, check_references
from scanner.pack.issuers import PublicIssuer, PublicIssuers
from scanner.pack.model import Framework, Objective, Profile, Rule
from scanner.pack.pack import Pack, heads_of
from scanner.pack.platform import Platform, Platforms
from scanner.pack.published import check_published
from scanner.pack.shipped import shipped_path
from scanner.pack.structure import own_documents, structure

Model = TypeVar("Model", Rule, Objective, Framework, Profile, Platform, Advisory, PublicIssuer)

_FOLDERS = ("rules", "frameworks", "profiles", "platforms", "advisories", "issuers", "published")


def load_pack(folders: Iterable[Path], *, base: Pack | None = None, examples: bool = True) -> Pack:
    """Every policy in `folders`, beside those of `base`, shape-checked; the first fault raises PolicyError with its place.

    `examples=False` leaves the examples of rules and platforms unread: they are most of the text, and a scan does not need
    them. Frameworks are parsed at first use: a commit without findings needs none.
    """
    loader = _Loader(base, examples=examples)
    for folder in folders:
        loader.folder(folder)
    return loader.pack()


class _Loader:
    def __init__(self, base: Pack | None, *, examples: bool) -> None:
        self.examples = examples
        self.rules = dict(base.rules) if base else {}
        self.objectives = dict(base.objectives) if base else {}
        self.frameworks: list[tuple[Path, str, bytes]] = []
        self.known_frameworks = base.frameworks if base else {}
        self.profiles = dict(base.profiles) if base else {}
        self.platforms = dict(base.platforms) if base else {}
        self.advisories = dict(base.advisories) if base else {}
        self.issuers = dict(base.issuers) if base else {}
        self.published = [*base.published] if base else []
        self.digests = [base.digest] if base else []
        self.digest = hashlib.sha256()

    def folder(self, folder: Path) -> None:
        if not folder.is_dir():
            raise PolicyError(what=f"no policy folder `{folder}`", remedy="Name a folder that holds rule files.")
        self.digest = hashlib.sha256()
        self.load_everything(folder)
        self.digests.append(self.digest.hexdigest())

    def load_everything(self, folder: Path) -> None:
        is_plain = not any((folder / name).is_dir() for name in _FOLDERS) and not (folder / "objectives.yaml").is_file()
        name = folder.as_posix()
        for path in self.files(folder if is_plain else folder / "rules"):
            self.one(path, folder, name, Rule, self.rules)
        if is_plain:
            return
        _check_names(folder)
        if (folder / "objectives.yaml").is_file():
            self.objectives_in(folder / "objectives.yaml", folder, name)
        for path in self.files(folder / "frameworks"):
            self.frameworks.append((path, f"{name}/{path.relative_to(folder).as_posix()}", self.bytes_of(path, folder)))
        for path in self.files(folder / "profiles"):
            self.one(path, folder, name, Profile, self.profiles)
        for path in self.files(folder / "platforms"):
            self.one(path, folder, name, Platform, self.platforms)
        for path in self.files(folder / "advisories"):
            self.one(path, folder, name, Advisory, self.advisories)
        for path in self.files(folder / "issuers"):
            self.one(path, folder, name, PublicIssuer, self.issuers)
        for path in sorted((folder / "published").glob("*.jsonl")):
            data = self.bytes_of(path, folder)
            check_published(data, f"{name}/{path.relative_to(folder).as_posix()}")
            if name != shipped_path():
                self.published.append(data)

    def files(self, folder: Path) -> list[Path]:
        return sorted(path for ending in ("*.yaml", "*.yml") for path in folder.rglob(ending))

    def bytes_of(self, path: Path, folder: Path) -> bytes:
        data = path.read_bytes()
        self.digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(data).digest())
        return data

    def tree(self, path: Path, folder: Path, name: str) -> tuple[Node, str]:
        data = self.bytes_of(path, folder)
        if not self.examples:
            data = _strip_examples(data)
        shown = f"{name}/{path.relative_to(folder).as_posix()}"
        return _tree(data, shown), shown

    def one(self, path: Path, folder: Path, name: str, model: type[Model], into: dict[str, Model]) -> None:
        node, shown = self.tree(path, folder, name)
        item = _check_file_name(structure(node, model, shown, PolicyError), path)
        if isinstance(item, Rule):
            check_rule_values(item)
        elif isinstance(item, Platform):
            check_platform_values(item)
        elif isinstance(item, Advisory):
            check_advisory_values(item)
        elif isinstance(item, PublicIssuer):
            check_issuer_values(item)
        _add(item, into)

    def objectives_in(self, path: Path, folder: Path, name: str) -> None:
        node, shown = self.tree(path, folder, name)
        listed = node.get("objectives") if isinstance(node, Mapping) else None
        if not isinstance(listed, Sequence):
            raise PolicyError(
                what="no list `objectives`", where=Place(shown, 1, 1), remedy="Write `objectives:` and a list below it."
            )
        for item in listed.items:
            _add(structure(item, Objective, shown, PolicyError), self.objectives)

    def pack(self) -> Pack:
        frameworks = Frameworks(self.known_frameworks, self.frameworks, self.objectives)
        pack = Pack(
            rules=self.rules,
            heads=heads_of(self.rules),
            objectives=self.objectives,
            frameworks=frameworks,
            control_index=ControlIndex(frameworks, self.objectives.values()),
            profiles=self.profiles,
            platforms=Platforms(self.platforms),
            advisories=Advisories(self.advisories),
            issuers=PublicIssuers(self.issuers),
            digest=_join_digests(self.digests),
            published=tuple(self.published),
        )
        check_references(pack)
        return pack


class Frameworks(MappingOf[str, Framework]):
    """The frameworks by id, parsed and checked at first use."""

    def __init__(
        self, known: MappingOf[str, Framework], files: list[tuple[Path, str, bytes]], objectives: dict[str, Objective]
    ) -> None:
        self._known = known
        self._files = files
        self._objectives = objectives
        self._loaded: dict[str, Framework] | None = None

    def _all(self) -> dict[str, Framework]:
        if self._loaded is None:
            loaded = dict(self._known)
            added: list[Framework] = []
            for path, shown, data in self._files:
                framework = structure(_tree(data, shown), Framework, shown, PolicyError)
                _add(_check_file_name(framework, path), loaded)
                check_framework(framework, self._objectives)
                added.append(framework)
            for framework in added:
                check_aliases(framework, loaded)
            self._loaded = dict(sorted(loaded.items(), key=lambda item: item[1].optional))
        return self._loaded

    def __getitem__(self, name: str) -> Framework:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())


def _check_names(folder: Path) -> None:
    """Refuse a misspelt file or folder name: all policies in it would be ignored silently."""
    known = (*_FOLDERS, "objectives.yaml")
    for path in sorted(folder.iterdir()):
        near = get_close_matches(path.name, known, n=1, cutoff=0.8)
        if path.name not in known and near:
            raise PolicyError(
                what=f"`{path.name}` in a policy folder is not read",
                where=Place(path.as_posix()),
                remedy=f"Did you mean `{near[0]}`? A policy folder has {', '.join(known)}.",
            )


def _join_digests(digests: list[str]) -> str:
    """The digest of one folder, or the digest over the digests of several in order."""
    return digests[0] if len(digests) == 1 else hashlib.sha256(" ".join(digests).encode()).hexdigest()


def _strip_examples(data: bytes) -> bytes:
    """The text without `examples` as the last member; all of the text where another member follows."""
    head, mark, tail = data.partition(b"\nexamples:\n")
    if not mark or re.search(rb"^[a-z_]", tail, re.MULTILINE):
        return data
    return head + b"\nexamples: []\n"


def _tree(data: bytes, shown: str) -> Node:
    documents = own_documents(
        data,
        shown,
        PolicyError,
        unread="Correct the file; `jwksgov policy check` reads it again.",
        repeated="Keep one of the two.",
    )
    if len(documents) != 1:
        raise PolicyError(
            what=f"{len(documents)} documents in one policy file",
            where=Place(shown),
            remedy="Write one document in one file: a rule, a framework, a profile, a platform, an advisory or an issuer.",
        )
    return documents[0]


def _check_file_name(item: Model, path: Path) -> Model:
    if item.id != path.stem:
        raise PolicyError(
            what=f"the id is `{item.id}` and the file `{path.name}`",
            where=item.place,
            remedy=f"Name the file `{item.id}{path.suffix}`: id, file, page and suppression share one name.",
        )
    return item


def _add(item: Model, into: dict[str, Model]) -> None:
    if item.id in into:
        raise PolicyError(
            what=f"the id `{item.id}` is taken by {into[item.id].place}",
            where=item.place,
            remedy="Choose another id; to change a shipped rule use `rules:` in .jwksgov.yaml.",
        )
    into[item.id] = item
