"""The known faults of consumers: of the platform of a binding, and of the packages in lock files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.evidence.model import Binding, KnownFault, Spot
from scanner.evidence.versions.mention import Mention, line_at
from scanner.evidence.versions.packages import package_file_named
from scanner.evidence.versions.seen import SeenVersion, version_from_text
from scanner.pack.advisory import Advisories, Advisory

# versions of one package in one lock file that are told
_MOST_VERSIONS = 5


def find_faults_of_bindings(bindings: Iterable[Binding], advisories: Advisories) -> Iterator[KnownFault]:
    """The faults of consumers whose version is known, at least in part. A version of software in a consumer counts for what is
    known of that software.
    """
    for binding in bindings:
        seen = binding.version
        if seen is None:
            continue
        for advisory in advisories.about(f"platform:{seen.of}"):
            if advisory.meets(seen.span):
                yield KnownFault(advisory, seen, binding.spot, binding=binding)


def find_faults_of_packages(name: str, data: bytes, advisories: Advisories) -> Iterator[KnownFault]:
    """The faults of the packages that a lock file names."""
    known = package_file_named(name)
    if known is None:
        return
    text = data.lower() if known.is_any_case else data
    for product in advisories.products:
        ecosystem, _, package = product.partition(":")
        if ecosystem != known.ecosystem:
            continue
        mentions = [each for each in known.find(text, package) if each.span is not None]
        for mention in _each_version(mentions):
            seen = _make_seen(mention, data, product)
            for advisory in advisories.about(product):
                if advisory.meets(seen.span):
                    yield KnownFault(advisory, seen, Spot(seen.line, 1), package=package)


def find_faults_of_version(product: str, text: str, advisories: Advisories) -> Iterator[KnownFault]:
    """The faults of a package (`npm:fast-jwt`) of one version, as an example gives it."""
    seen = version_from_text(text, product)
    for advisory in advisories.about(product):
        if advisory.meets(seen.span):
            yield KnownFault(advisory, seen, Spot(1, 1), package=product.partition(":")[2])


def _each_version(mentions: list[Mention]) -> list[Mention]:
    """Each version once: a lock file may have several copies of a package."""
    return list({mention.text: mention for mention in reversed(mentions)}.values())[::-1][:_MOST_VERSIONS]


def _make_seen(mention: Mention, data: bytes, product: str) -> SeenVersion:
    assert mention.span is not None
    return SeenVersion(mention.text, mention.span, "", line_at(data, mention.offset), mention.by, product)


def is_certain(fault: KnownFault) -> bool:
    """Whether each version that may run has the fault. A distribution mends faults without another version of the software."""
    advisory: Advisory = fault.advisory
    return advisory.holds(fault.version.span) and fault.version.by != "Debian package"
