"""`waivers.yaml`: wrong ones name line, column and the nearest name."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from scanner.commands.schemas import schema
from scanner.config.load import load_config
from scanner.config.waivers import Selector, parse_waivers
from scanner.errors import ConfigError
from scanner.files.read import read
from scanner.files.tree import Parsed, to_plain

FULL = """\
waivers:
  - rule: static-key-file
    subject: {path: "kiosk/**", issuer: "https://kiosk.example.com"}
    reason: The kiosks are offline.
    owner: retail
    approver: ciso
    expires: 2027-03-31
    ticket: SEC-12
    compensating_control: Kiosks stand in locked rooms.
  - {rule: static-key-file, subject: "a.yaml#binding:*", reason: lab, owner: idp, expires: "2026-12-31"}
  - {rule: static-key-file, reason: lab, owner: idp, expires: 2026-12-31}
"""


class TestReading:
    def test_gives_every_member_and_its_place(self) -> None:
        first, second, third = parse_waivers(FULL.encode(), "waivers.yaml")
        assert first.selector == Selector(path="kiosk/**", issuer="https://kiosk.example.com")
        assert (first.approver, first.ticket, first.expires) == ("ciso", "SEC-12", "2027-03-31")
        assert first.place.line == 2
        assert second.selector == Selector(id="a.yaml#binding:*")
        assert third.selector == Selector()

    def test_takes_an_empty_file_for_no_waivers(self) -> None:
        assert parse_waivers(b"# none yet\n", "waivers.yaml") == ()
        assert parse_waivers(b"waivers: []\n", "waivers.yaml") == ()
        assert parse_waivers(b"waivers:\n", "waivers.yaml") == ()

    @pytest.mark.parametrize(
        ("text", "what", "line", "hint"),
        [
            ("waivers:\n- {rule: a, reson: b}\n", "unknown member `reson`", 2, "`reason`"),
            ("waivers:\n- {rule: a, reason: b, owner: c}\n", "needs `expires`", 2, "expires"),
            ("waivers:\n- {rule: a, reason: b, owner: c, expires: soon}\n", "`soon` is not a date", 2, "2027-03-31"),
            ("waivers:\n- {rule: a, reason: b, owner: c, expires: 2026-02-30}\n", "`2026-02-30`", 2, "2027-03-31"),
            ("waivers:\n- {rule: a, reason: '  ', owner: c, expires: 2026-02-03}\n", "`reason` of a waiver is empty", 2, "why"),
            ("waivers:\n- {rule: a, subject: {kd: b}}\n", "unknown member `kd`", 2, "`kid`"),
            ("waiver: []\n", "no list `waivers`", 1, "waivers.yaml"),
            ("waivers: []\n---\nwaivers: []\n", "2 documents", None, "one document"),
            ("waivers: [\n", "not YAML", None, "nothing is waived"),
        ],
    )
    def test_names_place_and_remedy(self, text: str, what: str, line: int | None, hint: str) -> None:
        with pytest.raises(ConfigError) as caught:
            parse_waivers(text.encode(), "waivers.yaml")
        assert what in caught.value.what
        assert hint in caught.value.remedy
        assert line is None or (caught.value.where is not None and caught.value.where.line == line)


class TestSchema:
    def test_accepts_what_is_read_and_refuses_what_is_not(self) -> None:
        validator = jsonschema.Draft202012Validator(schema("waivers"))
        parsed = read(FULL.encode(), "yaml", templates=False)
        assert isinstance(parsed, Parsed)
        good = json.loads(json.dumps(to_plain(parsed.documents[0])))
        assert list(validator.iter_errors(good)) == []
        assert list(validator.iter_errors({"waivers": [{"rule": "a", "reson": "b"}]}))


class TestFinding:
    def test_takes_the_file_beside_the_configuration_or_the_one_it_names(self, tmp_path: Path) -> None:
        config = tmp_path / ".jwksgov.yaml"
        config.write_text("")
        assert load_config(config).waivers is None
        (tmp_path / "waivers.yaml").write_text("waivers: []\n")
        assert load_config(config).waivers == str(tmp_path / "waivers.yaml")
        config.write_text("waivers: risk/accepted.yaml\n")
        assert load_config(config).waivers == str(tmp_path / "risk" / "accepted.yaml")
