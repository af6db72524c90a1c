"""The version of a platform as a setting of the document that has its bindings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from scanner.evidence.bindings.paths.selectors import compile_path
from scanner.evidence.bindings.paths.walk import Trail, Walk
from scanner.evidence.versions.images import fill_in, know_nothing
from scanner.evidence.versions.mention import make_tag
from scanner.evidence.versions.seen import SeenVersion
from scanner.files.tree import Node, Scalar

_LONGEST = 300
# each binding asks for the same few paths
_compile = cache(compile_path)


def find_at_paths(document: Node, paths: Sequence[str], platform: str) -> SeenVersion | None:
    """The version at the first path that selects one: a version, or an image with its tag. Its place is in the document."""
    for path in paths:
        for trail in _compile(path).select(Trail(document), Walk()):
            node = trail.node
            if not isinstance(node, Scalar) or len(node.text) > _LONGEST:
                continue
            text = fill_in(node.text.strip(), know_nothing)
            if text is None:
                continue
            name, _, tag = text.partition("@")[0].rpartition(":")
            mention = make_tag((tag if name else text).encode("utf-8", "replace"), 0, "setting")
            if mention.span is not None:
                return SeenVersion(mention.text, mention.span, "", node.line, mention.by, platform)
    return None
