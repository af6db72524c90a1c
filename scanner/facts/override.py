"""Facts about a policy that takes the place of a wider one that verifies tokens."""

from __future__ import annotations

from scanner.evidence.model import Override
from scanner.facts.fact import Fact, Unknown, fact, readable
from scanner.redaction.text import cut


@fact("override.policy")
def policy(override: Override) -> str | Unknown:
    """The kind, namespace and name of the policy."""
    return readable(cut(override.policy, 120))


@fact("override.targets", spec="Gateway API GEP-713")
def targets(override: Override) -> list[str] | Unknown:
    """What the policy is attached to, of what a wider policy protects as well: the kind and name of each, with its rule or
    listener.
    """
    found = [readable(cut(each, 120)) for each in override.targets]
    return next((each for each in found if isinstance(each, Unknown)), [each for each in found if isinstance(each, str)])


@fact("override.replaced")
def replaced(override: Override) -> str | Unknown:
    """The wider policy, which verifies tokens: its kind, namespace and name, and what it is attached to."""
    return readable(f"{cut(override.replaced, 120)} of {cut(override.replaced_target, 120)}")


@fact("override.verifies_tokens", spec="Gateway API GEP-713")
def verifies_tokens(override: Override) -> bool | Unknown:
    """Whether tokens are still verified where the policy applies. Unknown where it does not verify them itself and it is not
    certain that it takes the place of the wider one.
    """
    if not override.open_because:
        return override.verifies_tokens
    names = " of ".join(cut(each, 120) for each in (override.replaced, override.replaced_target))
    return Unknown(f"it may take the place of {names}: {override.open_because}")


@fact("override.other_checks")
def other_checks(override: Override) -> list[str]:
    """What else the policy asks of a caller: external authorization, basic authentication, API keys, login with OpenID
    Connect, authorization rules, client certificates.
    """
    return list(override.checks)


FACTS: tuple[Fact, ...] = (policy, targets, replaced, verifies_tokens, other_checks)
