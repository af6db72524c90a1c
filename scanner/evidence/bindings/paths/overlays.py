"""What kustomize lays over manifests: JSON patches (RFC 6902), strategic patches, replacements, and what it generates.

A patch names a place in a manifest that is not in the file. What it puts there becomes a draft of that manifest, with nothing
else in it, so that a platform reads it as it reads the manifest. Flux and Argo CD hold the same patches in resources of theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from scanner.evidence.bindings.paths.pair_lists import as_mapping
from scanner.files.tree import Entry, Mapping, Node, Parsed, Scalar, Sequence, Unparsed
from scanner.patterns import lazy_pattern
from scanner.record import changed, record

# members that hold a patch as a text or a list
_PATCHES = ("patch", "jsonOp")
_SETS = frozenset({"add", "replace"})
# names of settings for trusted keys; those of a custom resource's schema only describe them
_TRUST = lazy_pattern(
    r"jwks|jwk[_-]?set|jwt[_-]?(?:rules|providers|authenticat)|(?:^|_)issuer(?:[_-]?ur[il])?$|issuer[_-]?ur[il]"
    r"|(?:oidc|openid)[\w.-]{0,40}(?:issuer|provider|discovery|metadata|configuration)|openidconnecturl"
    r"|(?:expected|token|trusted|valid|jwt|oidc)[_-]?issuers?$|bundle[_-]?endpoint|authorizationurl$",
    re.IGNORECASE,
)
# parts of a path below which a URL is one of these
_ABOUT_TRUST = lazy_pattern(r"(?:oidc|openid|jwt|discovery|identity[_-]?providers?|authentications?|oauth\w*)$", re.IGNORECASE)
# the same in a URL
_TRUSTED_URL = lazy_pattern(r"https?:\S{0,400}?(?:jwks|/certs$|well-known/(?:openid|oauth))", re.IGNORECASE)
_CHECKS = frozenset({"audiences", "audience", "issuer", "algorithms", "allowedalgorithms"})
_SCHEMA = "schema"

_Draft: TypeAlias = "dict[str, Node | _Draft]"


@record
class Change:
    """One operation of a JSON patch: the path's segments, the value it sets, and the text that says where."""

    op: str
    path: tuple[str, ...]
    value: Node | None
    at: Scalar

    def may_trust(self) -> bool:
        """Whether the operation seems to say where trusted keys come from, or drops a check."""
        names = list(self.path)
        if any(_SCHEMA in name.lower() for name in names):
            return False
        if self.op == "remove":
            return bool(names) and names[-1].lower() in _CHECKS and any(_TRUST.search(name) for name in names[:-1])
        if self.sets_url() and any(_ABOUT_TRUST.match(name) for name in names):
            return True
        names += _list_names(self.value)
        return any(_TRUST.search(name) for name in names) or any(_TRUSTED_URL.match(text) for text in _list_texts(self.value))

    def sets_url(self) -> bool:
        """Whether the value has a web URL."""
        return self.op in _SETS and any(text.lower().startswith(("http:", "https:")) for text in _list_texts(self.value))


@record
class Patch:
    """A patch of one manifest: the kind and version that it names, None where it names none, and its operations, or the part of
    a manifest that is merged into it.
    """

    kind: str | None
    version: str | None
    changes: tuple[Change, ...] = ()
    merged: Mapping | None = None
    at: Scalar | None = None


def with_inline(parsed: Parsed) -> Parsed:
    """The file with the transformers and generators that its kustomizations hold as texts, as documents of their own."""
    from scanner.files.inside import Insides

    insides = Insides(parsed.text)
    found: list[Node] = []
    for top in parsed.documents:
        for name in ("transformers", "generators", "validators"):
            listed = top.get(name) if isinstance(top, Mapping) else None
            for item in listed.items if isinstance(listed, Sequence) else ():
                if isinstance(item, Scalar) and (item.text.lstrip()[:1] == "{" or "\n" in item.text):
                    inner = insides.read(item, "yaml")
                    found += inner.documents if not isinstance(inner, Unparsed) else ()
    return changed(parsed, documents=(*parsed.documents, *found)) if found else parsed


def find_patches(parsed: Parsed) -> Iterator[Patch]:
    """The patches of a file, in order: in a list, or in a text with the target beside it."""
    from scanner.files.inside import Insides

    insides = Insides(parsed.text)
    done: set[int] = set()
    for node in _walk(parsed.documents, set()):
        if isinstance(node, Sequence):
            changes = _read_operations(node) if id(node) not in done else ()
            if changes:
                yield Patch(None, None, changes)
            continue
        members = {entry.key.text: entry.value for entry in node.entries} if isinstance(node, Mapping) else {}
        for name in _PATCHES:
            written, target = members.get(name), members.get("target")
            if isinstance(written, Scalar) and len(written.text) > 8:
                is_json = written.text.lstrip()[:1] in ("[", "{")
                inner = insides.read(written, "json" if is_json else "yaml")
                trees = inner.documents if not isinstance(inner, Unparsed) else ()
                yield from _patches_of(trees, target, written)
            elif isinstance(written, Sequence):
                done.add(id(written))
                yield from _patches_of((written,), target, None)


def find_replaced(parsed: Parsed) -> Iterator[Scalar]:
    """The places of trusted keys that kustomize's replacements fill in: `spec.jwtRules.0.jwksUri`."""
    for node in _walk(parsed.documents, set()):
        paths = node.get("fieldPaths") if isinstance(node, Mapping) else None
        for item in paths.items if isinstance(paths, Sequence) else (paths,):
            if isinstance(item, Scalar) and _SCHEMA not in item.text.lower() and _TRUST.search(item.text.replace("]", "")):
                yield item


def find_generated(parsed: Parsed) -> Iterator[Mapping]:
    """The files in ConfigMaps and Secrets that a kustomization generates from literals. Other literals are read where they are,
    as the list of pairs that they are.
    """
    for each in _walk(parsed.documents, set()):
        if isinstance(each, Mapping) and isinstance(literals := each.get("literals"), Sequence):
            pairs = as_mapping(literals)
            files = [entry for entry in pairs.entries if _is_file(entry.key.text)] if pairs is not None else []
            if files:
                yield _mapping(((entry.key.text, _as_lines(entry.value)) for entry in files), each)


def _list_generators(top: Node) -> Iterator[Mapping]:
    for name in ("configMapGenerator", "secretGenerator"):
        listed = top.get(name) if isinstance(top, Mapping) else None
        yield from (each for each in (listed.items if isinstance(listed, Sequence) else ()) if isinstance(each, Mapping))


def _is_file(name: str) -> bool:
    return "." in name and "/" not in name


def _as_lines(node: Node) -> Node:
    """The content of a file, which ends with a line end: a text without one is no document."""
    if not isinstance(node, Scalar):
        return node
    text = f"{node.text}\n"
    return Scalar(text, text, node.line, node.column, node.end_line, is_quoted=True)


def find_named_files(parsed: Parsed) -> Iterator[tuple[Scalar, str]]:
    """The files that a kustomization loads: the name as written, and the name under which the content is used."""
    lists = (
        "resources",
        "components",
        "bases",
        "crds",
        "configurations",
        "generators",
        "transformers",
        "patchesStrategicMerge",
    )
    for top in parsed.documents:
        if not isinstance(top, Mapping):
            continue
        for name in (*lists, "replacements", "patches", "patchesJson6902"):
            listed = top.get(name)
            for each in listed.items if isinstance(listed, Sequence) else ():
                yield from _list_files(each.get("path") if isinstance(each, Mapping) else each, "a.yaml")
        for each in _list_generators(top):
            yield from _list_files(each.get("files"), "")
            for member in ("envs", "env"):
                yield from _list_files(each.get(member), "a.env")


def drafts_of(patch: Patch) -> Iterator[tuple[Mapping, frozenset[int]]]:
    """The parts of a manifest that the patch sets, each with the ids of the mappings that stand for what it leaves as it is."""
    if patch.merged is not None:
        # JSON merge (RFC 7386 §2): a list is replaced as a whole
        yield patch.merged, frozenset(id(each) for each in _walk((patch.merged,), set(), through_lists=False))
    drafts: list[_Draft] = []
    for number, change in enumerate(patch.changes):
        if change.op in _SETS and change.value is not None and change.path:
            path = [f"-{number}" if segment == "-" else segment for segment in change.path]
            if not drafts or not _put(drafts[-1], path, change.value):
                drafts.append({})
                _put(drafts[-1], path, change.value)
        elif change.op in _SETS and isinstance(change.value, Mapping):  # the whole manifest
            yield change.value, frozenset()
    for draft in drafts:
        made: set[int] = set()
        tree = _build(draft, patch.changes[0].at, made)
        if isinstance(tree, Mapping):
            yield tree, frozenset(made)


def with_members(tree: Mapping, members: dict[str, str]) -> Mapping:
    """The mapping with further members before its own; one that it has itself wins."""
    added = tuple(
        Entry(Scalar(name, name, tree.line, tree.column, tree.line), Scalar(text, text, tree.line, tree.column, tree.line))
        for name, text in members.items()
        if tree.get(name) is None
    )
    return Mapping((*added, *tree.entries), tree.line, tree.column, tree.end_line)


def texts_in(tree: Node) -> str:
    """Every name and text of a tree, a line each, for a search of keywords."""
    found: list[str] = []
    for node in _walk((tree,), set(), with_scalars=True):
        if isinstance(node, Mapping):
            found += node.names()
        elif isinstance(node, Scalar):
            found.append(node.text)
    return "\n".join(found)


def _walk(nodes: Iterable[Node], seen: set[int], *, with_scalars: bool = False, through_lists: bool = True) -> Iterator[Node]:
    """Every mapping and list from the nodes downwards, in order; what aliases share comes once."""
    waiting = list(nodes)[::-1]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Scalar):
            if with_scalars:
                yield node
            continue
        yield node
        if isinstance(node, Mapping):
            waiting += [entry.value for entry in reversed(node.entries)]
        elif through_lists:
            waiting += reversed(node.items)


def _list_names(node: Node | None) -> Iterator[str]:
    """The names in a value, with those of environment variables and flags."""
    for each in _walk((node,), set(), with_scalars=True) if node is not None else ():
        if isinstance(each, Mapping):
            yield from each.names()
            if isinstance(named := each.get("name"), Scalar):
                yield named.text
        elif isinstance(each, Scalar):
            yield each.text.partition("=")[0] if "=" in each.text[:80] else ""


def _list_texts(node: Node | None) -> Iterator[str]:
    for each in _walk((node,), set(), with_scalars=True) if node is not None else ():
        if isinstance(each, Scalar):
            yield each.text.strip()


def _patches_of(trees: Iterable[Node], target: Node | None, at: Scalar | None) -> Iterator[Patch]:
    kind, version = _read_target(target)
    for tree in trees:
        changes = _read_operations(tree) if isinstance(tree, Sequence) else ()
        if changes:
            yield Patch(kind, version, changes)
        elif isinstance(tree, Mapping) and kind is not None and tree.get("kind") is None:
            yield Patch(kind, version, merged=tree, at=at)


def _read_target(target: Node | None) -> tuple[str | None, str | None]:
    """The kind and version of a target. A kind that is a pattern is not known."""
    if not isinstance(target, Mapping):
        return None, None
    members = (target.get(name) for name in ("kind", "group", "version"))
    kind, group, version = (each.text if isinstance(each, Scalar) else "" for each in members)
    return (kind if kind.isalnum() else None), (f"{group}/{version or 'v1'}" if group else None)


def _read_operations(node: Sequence) -> tuple[Change, ...]:
    """The operations of a JSON patch; none where the list is something else."""
    found: list[Change] = []
    for item in node.items:
        if not isinstance(item, Mapping):
            return ()
        op, path = item.get("op"), item.get("path")
        if not isinstance(op, Scalar) or not isinstance(path, Scalar):
            return ()
        # RFC 6901 §4
        segments = tuple(each.replace("~1", "/").replace("~0", "~") for each in path.text.strip().split("/") if each)
        found.append(Change(op.text.strip().lower(), segments, item.get("value"), path))
    return tuple(found)


def _put(draft: _Draft, path: list[str], value: Node) -> bool:
    """Put a value at its path; False where something else stands in the way."""
    *above, last = path
    for segment in above:
        inner = draft.setdefault(segment, {})
        if not isinstance(inner, dict):
            return False
        draft = inner
    if last in draft:
        return False
    draft[last] = value
    return True


def _build(draft: Node | _Draft, place: Scalar, made: set[int]) -> Node:
    """The draft as a tree; `made` gets the ids of its own mappings, whose other members the patch leaves as they are."""
    if not isinstance(draft, dict):
        return draft
    members = [(name, _build(inner, place, made)) for name, inner in draft.items()]
    members = [(name, _as_lines(node) if _is_file(name) else node) for name, node in members]
    if all(name.removeprefix("-").isdigit() for name in draft):
        return Sequence(tuple(node for _, node in members), place.line, place.column, place.end_line)
    tree = _mapping(members, place)
    made.add(id(tree))
    return tree


def _mapping(members: Iterable[tuple[str, Node]], place: Node) -> Mapping:
    entries = (Entry(Scalar(name, name, node.line, node.column, node.line), node) for name, node in members)
    return Mapping(tuple(entries), place.line, place.column, place.end_line)


def _list_files(node: Node | None, used_as: str) -> Iterator[tuple[Scalar, str]]:
    for item in node.items if isinstance(node, Sequence) else (node,):
        if not isinstance(item, Scalar) or "\n" in item.text or "://" in item.text:
            continue
        key, mark, name = item.text.strip().partition("=")
        if not mark:
            key, name = key.rpartition("/")[2], key
        if name:
            yield Scalar(name, name, item.line, item.column, item.end_line), used_as or key
