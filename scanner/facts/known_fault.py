"""Facts about a known fault of a consumer."""

from __future__ import annotations

from scanner.evidence.model import KnownFault
from scanner.evidence.versions.known_faults import is_certain
from scanner.facts.fact import Fact, Unknown, fact, readable
from scanner.redaction.text import cut


@fact("known_fault.product")
def product(fault: KnownFault) -> str | Unknown:
    """The consumer: the platform of a binding, or the package in a lock file."""
    return readable(cut(fault.package or fault.version.of, 120))


@fact("known_fault.version")
def version(fault: KnownFault) -> str | Unknown:
    """The consumer's version as a file names it, with the place where that is another file."""
    return readable(_say_version(fault))


@fact("known_fault.title")
def title(fault: KnownFault) -> str:
    """What is wrong, in the words of the advisory."""
    return fault.advisory.title


@fact("known_fault.gains")
def gains(fault: KnownFault) -> str:
    """What an attacker gains, in a sentence."""
    return fault.advisory.gains.strip()


@fact("known_fault.identifiers")
def identifiers(fault: KnownFault) -> list[str]:
    """The identifiers of the fault in public lists, such as CVE-2025-64527."""
    return list(fault.advisory.identifiers)


@fact("known_fault.fixed_in")
def fixed_in(fault: KnownFault) -> list[str]:
    """The first versions without the fault, one for each line that has one; `no version yet` where there is none."""
    return fault.advisory.fixed_in or ["no version yet"]


@fact("known_fault.severity")
def severity(fault: KnownFault) -> str:
    """How severe the advisory is where it applies: critical, high or medium."""
    return fault.advisory.severity


@fact("known_fault.applies")
def applies(fault: KnownFault) -> bool | Unknown:
    """Whether the consumer has the fault: its version does, and the configuration meets the advisory's condition. Unknown where
    the condition is not seen in files, or where the version is known in part only, and the condition may hold.
    """
    if fault.is_met is False:
        return False
    names = ", ".join(fault.advisory.identifiers)
    of = f"{fault.package or fault.version.of} {_say_version(fault)}"
    if fault.is_met is None:
        return Unknown(f"{of} may have {names}: {fault.open_because}")
    if not is_certain(fault):
        fixed = ", ".join(fault.advisory.fixed_in) or "no version yet"
        return Unknown(f"{of} may or may not have {names}, which is corrected in {fixed}")
    return True


def _say_version(fault: KnownFault) -> str:
    text, path = cut(fault.version.text, 120), cut(fault.version.path, 300)
    return f"{text} ({path}:{fault.version.line})" if path else text


FACTS: tuple[Fact, ...] = (product, version, title, gains, identifiers, fixed_in, severity, applies)
