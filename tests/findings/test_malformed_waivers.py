"""A comment that was meant as a waiver, and is none, is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.files.read import read
from scanner.files.tree import Parsed
from tests.cli.commands import jwksgov

BINDING = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: shop}
spec:
  jwtRules:
    - issuer: https://login.example.com
      jwksUri: https://login.example.com/jwks.json  COMMENT
"""


def faults(comment: str) -> list[tuple[str, bool]]:
    """What is told of a comment, and whether it waives nothing."""
    parsed = read(f"a: 1 {comment}\n".encode(), "yaml", templates=False)
    assert isinstance(parsed, Parsed)
    return [(each.fault, each.is_none) for each in parsed.waivers if each.fault]


class TestWhatIsNoWaiver:
    @pytest.mark.parametrize(
        "comment",
        [
            "# jwksgov: ignore audience-not-restricted",
            "#jwksgov ignore[audience-not-restricted] lab",
            "# Jwksgov: Ignore[audience-not-restricted] lab",
            "# JWKSGOV: ignore[audience-not-restricted]",
            "# jwksgov:ignore(audience-not-restricted)",
            "# jwksgov=ignore[audience-not-restricted]",
            "# jwksgov: ignore [audience-not-restricted]",
            "# jwksgov: ignores[audience-not-restricted]",
            "# @jwksgov ignored: lab",
            "# jwksgov: ignore[audience-not-restricted",
        ],
    )
    def test_is_told(self, comment: str) -> None:
        """Another sign, another case, no brackets."""
        ((fault, is_none),) = faults(comment)
        assert is_none
        assert "does not have the form" in fault

    def test_a_string_is_no_comment(self) -> None:
        """An odd number of quotes before the sign."""
        parsed = read(b'a: "1 # jwksgov: ignore rule"\n', "yaml", templates=False)
        assert isinstance(parsed, Parsed)
        assert parsed.waivers == ()

    @pytest.mark.parametrize(
        "comment",
        [
            "# jwksgov: ignore[audience-not-restricted] lab; owner=web; expires=2027-03-31",
            "# jwksgov: ignore[a, b] lab; see the ticket; owner=web",
            "# jwksgov scans this file",
            "# see .jwksgov.yaml, which ignores nothing",
            "# ignore this: jwksgov",
        ],
    )
    def test_other_comments_are_not(self, comment: str) -> None:
        """Who speaks of jwksgov need not mean a waiver."""
        assert faults(comment) == []


class TestParts:
    @pytest.mark.parametrize(
        ("part", "told"),
        [
            ("ownr=web", "`owner=`"),
            ("expires 2027-03-31", "`expires=`"),
            ("expiry=2027-03-31", "`expires=`"),
            ("until=2027-03-31", "it takes owner, approver"),
        ],
    )
    def test_without_effect_are_told(self, part: str, told: str) -> None:
        """The waiver itself applies; what it says of its end does not."""
        ((fault, is_none),) = faults(f"# jwksgov: ignore[audience-not-restricted] lab; {part}")
        assert not is_none
        assert told in fault


class TestTheRun:
    def test_tells_it_and_waives_nothing(self, tmp_path: Path) -> None:
        """As a note at the line, also of a hook on the one file; it is no finding."""
        (tmp_path / "a.yaml").write_text(BINDING.replace("COMMENT", "# jwksgov ignore[audience-not-restricted] lab"))
        ran = jwksgov("scan", "a.yaml", "--isolated", "--format", "json", cwd=tmp_path)
        report = json.loads(ran.stdout)
        assert ran.returncode == 1
        assert report["subjects"]["waivers"] == []
        (told,) = (each for each in report["notices"] if each["kind"] == "malformed-waiver")
        assert told["location"]["line"] == 7
