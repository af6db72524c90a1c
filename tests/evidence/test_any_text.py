"""Whatever a file holds, it gives bindings or nothing: never an exception, and no value that stands elsewhere."""

from __future__ import annotations

import base64
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

PLATFORMS = shipped_pack(examples=True).platforms
READER = DocumentReader(PLATFORMS.values())
EXAMPLES = [(example.file, example.text) for platform in PLATFORMS.values() for example in platform.examples]
# what templates, other formats and careless editors leave behind
MARKS = (
    "{{ .Values.x }}", "{{- if .a }}", "{{", "}}", "${X:-y}", "${", "{% x %}", "@x@", "[", "]", "{", "}", '"', "'", ":", "=",
    "- ", "\t", "\n", "\n\n", "#", "--", "&a ", "*a", "<<: ", "|\n", "!Ref X", "\\", "\x00", "é", "\u2028",
)  # fmt: skip


@st.composite
def mangled(draw: st.DrawFn) -> tuple[str, str]:
    """A platform's example with marks put in, parts cut out or doubled, under its own name or another's."""
    file, text = draw(st.sampled_from(EXAMPLES))
    rng = random.Random(draw(st.integers(0, 2**32)))
    for _ in range(draw(st.integers(1, 6))):
        at, length = rng.randrange(len(text) + 1), rng.randrange(30)
        text = rng.choice(
            [
                text[:at] + rng.choice(MARKS) + text[at:],
                text[:at] + text[at + length :],
                text[: at + length] + text[at:],
            ]
        )
    other, _ = draw(st.sampled_from(EXAMPLES))
    return draw(st.sampled_from([file, file, other])), text


class TestAnyText:
    @settings(max_examples=400, deadline=None)
    @given(mangled())
    def test_gives_bindings_or_nothing(self, document: tuple[str, str]) -> None:
        name, text = document
        evidence = READER.read(Document(name, text.encode("utf-8", "surrogatepass")))
        last = text.count("\n") + 1
        for binding in evidence.bindings if evidence is not None else ():
            assert 1 <= binding.spot.line <= last
            assert all(1 <= said.spot.line <= last for said in binding.settings.values() if said.spot is not None)


class TestEveryValue:
    @pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=range(len(EXAMPLES)))
    def test_stands_on_the_line_that_is_reported(self, name: str, text: str) -> None:
        """Put together from parts, one of them stands there; decoded, its base64 does."""
        evidence = READER.read(Document(name, text.encode()))
        lines = text.split("\n")
        for binding in evidence.bindings if evidence is not None else ():
            for field in ("issuer", "jwks_uri"):
                setting = binding.settings[field]
                if setting.spot is None or not isinstance(setting.value, str):
                    continue
                if binding.platform in ("terraform-aws-iam-modules", "google-auth"):
                    continue  # the module or the library writes the issuer, which stands in none of its inputs
                around = " ".join(lines[setting.spot.line - 1 : setting.spot.line + 2])
                if binding.platform == "terraform-aws-oidc-provider":
                    around = text  # a policy names its provider, which has the issuer
                if binding.platform == "quarkus" and ".provider=" in around:
                    continue  # Quarkus knows the issuer of a provider by its name
                if binding.platform == "teleport" and "join_method" in around:
                    continue  # Teleport knows the issuer of a way to join
                assert any(word in around for word in _spellings(setting.value)), (field, setting)


def _spellings(value: str) -> list[str]:
    parts = [word for word in re.split(r"[^\w-]+", value) if len(word) > 3]
    return [value, base64.b64encode(value.encode()).decode(), *parts]
