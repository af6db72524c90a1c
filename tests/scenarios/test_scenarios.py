"""Each scenario in this folder says what jwksgov tells of a tree of files, and nothing else, about known faults, the keys of
a service that issues its own tokens, and trust anchors.

A file has an introduction, then sections: files with their texts (those of earlier sections stay until they are replaced), a
command, and what it says: the result, the rule, the place and the message.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest

from scanner.cli import main
from tests.units.unit_trees import plant

_SECTION = re.compile(r"^## (.+)\n", re.MULTILINE)
_FILE = re.compile(r"^`([^`\n]+)`\n\n```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CONSOLE = re.compile(r"^```console\n\$ jwksgov (.+)\n((?:.+\n)*)```$", re.MULTILINE)
_RULES = (
    "consumer-has-critical-fault", "consumer-has-known-fault", "consumer-has-lesser-fault", "own-tokens-live-long",
    "signing-key-not-accepted", "trust-anchor-unpinned",
)  # fmt: skip


def _list_sections() -> Iterator[tuple[str, str, dict[str, str], str, list[str]]]:
    for path in sorted(Path(__file__).parent.glob("SC-*.md")):
        _, *parts = _SECTION.split(path.read_text(encoding="utf-8"))
        files: dict[str, str] = {}
        for title, text in zip(parts[::2], parts[1::2], strict=True):
            files = files | dict(_FILE.findall(text))
            for command, said in _CONSOLE.findall(text):
                yield path.stem, title, files, command, said.splitlines()


SECTIONS = list(_list_sections())


@pytest.mark.parametrize(
    ("files", "command", "said"), [each[2:] for each in SECTIONS], ids=[f"{each[0]}: {each[1]}" for each in SECTIONS]
)
def test_says_what_the_scenario_says(
    files: dict[str, str], command: str, said: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(tmp_path, files)
    with chdir(tmp_path):
        main([*shlex.split(command), "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    found = [
        f"{each['result']} {each['rule']} {each['location']['path']}:{each['location']['line']} {each['message']}"
        for each in report["findings"]
        if each["rule"] in _RULES
    ]
    assert sorted(found) == sorted(said)


def test_every_scenario_has_sections() -> None:
    assert {each[0] for each in SECTIONS} >= {"SC-07", "SC-11", "SC-19", "SC-22", "SC-30", "SC-33"}
