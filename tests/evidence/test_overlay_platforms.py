"""A patch of a URL in any platform's manifest is seen, or its place is open."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import yaml

from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

URL = "http://keys.example.net/x"
# pairs of a list, and paths of common words alone: without the manifest nothing says what they are of
UNKNOWN = frozenset(
    {
        ("dapr", "name"),
        ("druid", "kind"),
        ("druid", "name"),
        ("generic-jwt", "kind"),
        ("generic-jwt", "name"),
        ("gloo", "name"),
        ("kube-apiserver", "kind"),
        ("kube-apiserver", "name"),
        ("kube-apiserver-tokens", "kind"),
        ("kube-apiserver-tokens", "name"),
        ("oauth2-proxy", "kind"),
        ("oauth2-proxy", "name"),
        ("teleport", "name"),
        ("terraform-aws-oidc-provider", "name"),
        ("vault", "name"),
    }
)


def patches() -> Iterator[tuple[str, str, str]]:
    """For each URL in a manifest of a platform's example: the platform, what the target names, and a kustomization."""
    for platform in shipped_pack(examples=True).platforms.values():
        reader = DocumentReader([platform])
        for example in platform.examples:
            if not example.file.endswith((".yaml", ".yml")) or any(mark in example.text for mark in ("{{", "!")):
                continue
            evidence = reader.read(Document(example.file, example.text.encode(), is_named=True))
            found = evidence.bindings if evidence is not None else ()
            urls = {each.settings[name].value for each in found for name in ("issuer", "jwks_uri", "discovery_url")}
            for manifest in yaml.safe_load_all(example.text):
                if isinstance(manifest, dict) and manifest.get("kind") not in (None, "Kustomization"):
                    for path in _find(manifest, urls, ""):
                        patch = json.dumps([{"op": "replace", "path": path, "value": URL}])
                        for target in ({"kind": manifest["kind"]}, {"name": "a"}):
                            yield platform.id, next(iter(target)), json.dumps({"patches": [{"target": target, "patch": patch}]})


def _find(node: object, urls: set[object], path: str) -> Iterator[str]:
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from _find(inner, urls, f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _find(inner, urls, f"{path}/{number}")
    elif isinstance(node, str) and node.startswith("https://") and node in urls:
        yield path


CASES = tuple(patches())


@pytest.fixture(scope="module")
def reader() -> DocumentReader:
    return DocumentReader(shipped_pack(examples=False).platforms)


@pytest.mark.parametrize(("platform", "named", "text"), CASES, ids=[f"{each[0]}-{number}" for number, each in enumerate(CASES)])
def test_a_patch_is_seen_or_its_place_is_open(platform: str, named: str, text: str, reader: DocumentReader) -> None:
    evidence = reader.read(Document("kustomization.yaml", text.encode()))
    is_seen = evidence is not None and any(
        each.value == URL for binding in evidence.bindings for each in binding.settings.values()
    )
    assert is_seen or (evidence is not None and evidence.open_places) or (platform, named) in UNKNOWN


def test_most_are_seen(reader: DocumentReader) -> None:
    seen = [
        each
        for each in CASES
        if (found := reader.read(Document("kustomization.yaml", each[2].encode()))) is not None and found.bindings
    ]
    assert len(CASES) > 100
    assert len(seen) > 0.7 * len(CASES)
