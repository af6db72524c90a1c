"""The version of a consumer, as a file names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from scanner.pack.versions import EVERY_VERSION, VersionSpan, read_version, span_of, span_of_constraint
from scanner.record import record


@record
class SeenVersion:
    """The version of a platform: `text` as written, the versions that this may be, and where it is written (`path` with its
    line). `by`: what names it, in words (`image`, `chart`, `package`, `Debian package`, `lock file`, `constraint`, `setting`).
    `of`: the id of the platform whose version it is: the consumer's own, or that of software in it.
    """

    text: str
    span: VersionSpan
    path: str
    line: int
    by: str
    of: str = ""

    @property
    def words(self) -> str:
        """The version and its place, for a sentence."""
        return f"version {self.text} ({self.path}:{self.line})"


def version_from_text(text: str, of: str) -> SeenVersion:
    """The version in an example: a tag or version as it is, or a constraint."""
    numbers = read_version(text)
    span = span_of(numbers) if numbers is not None else span_of_constraint(text) or EVERY_VERSION
    return SeenVersion(text, span, "", 1, "lock file" if numbers is not None else "constraint", of)


# the version of a platform by its id, None where no file names it
FindVersion: TypeAlias = Callable[[str], "SeenVersion | None"]


class FindLater:
    """Finds the versions of platforms with a search that is made when one is asked for: of few platforms any is."""

    def __init__(self, make: Callable[[], FindVersion]) -> None:
        self._make = make
        self._find: FindVersion | None = None

    def __call__(self, platform: str) -> SeenVersion | None:
        """The version of a platform; None where no file names one."""
        self._find = self._find or self._make()
        return self._find(platform)

    @property
    def was_asked(self) -> bool:
        """Whether a version was asked for."""
        return self._find is not None


def find_no_version(_: str) -> SeenVersion | None:
    """Where nothing around the binding is asked."""
    return None
