"""What several files show together is found by its rule, and sound folders are left alone."""

from __future__ import annotations

from collections import Counter

import pytest

from scanner.renderers.choose import FORMATS, render
from tests.one_document import OneDocument
from tests.vectors.folders import Folder, folders

FOLDERS = tuple(folders())
BAD = [each for each in FOLDERS if each.rule]
GOOD = [each for each in FOLDERS if not each.rule]
JUDGED_KINDS = ("private_key", "key_pair", "shared_key", "fleet")


@pytest.fixture(scope="module")
def one() -> OneDocument:
    return OneDocument()


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_is_found_by_its_rule(one: OneDocument, folder: Folder) -> None:
    found = one.report_of_files(folder.files).findings
    assert (folder.rule, folder.severity) in {(each.rule, each.severity) for each in found if each.result == "fail"}


@pytest.mark.parametrize("folder", GOOD, ids=lambda folder: folder.name)
def test_a_sound_folder_is_left_alone(one: OneDocument, folder: Folder) -> None:
    found = one.report_of_files(folder.files).findings
    assert [each.message for each in found if each.severity in ("critical", "high", "medium")] == []


def test_are_many_and_have_names_of_their_own(one: OneDocument) -> None:
    about = {each.rule.id: each.rule.about for each in one.rules}
    assert len([each for each in BAD if about[each.rule] in JUDGED_KINDS]) >= 100
    assert [name for name, count in Counter(each.name for each in FOLDERS).items() if count > 1] == []


@pytest.mark.parametrize("format_", FORMATS)
def test_no_report_holds_a_private_value(one: OneDocument, format_: str) -> None:
    held = [each for each in BAD if each.rule in ("private-key-in-file", "private-half-of-published-key")]
    for folder in held[:: 1 if format_ in ("text", "json") else 7]:
        report = render(one.report_of_files(folder.files), format_)
        secrets = [line for data in folder.files.values() for line in _private_lines(data.decode())]
        assert not any(line in report for line in secrets), folder.name


def _private_lines(text: str) -> list[str]:
    """The lines of the body of a private key in PEM, as they are written."""
    body = text.partition("PRIVATE KEY-----")[2].partition("-----END")[0]
    return [line.strip() for line in body.replace("\\n", "\n").split("\n") if len(line.strip()) > 40]
