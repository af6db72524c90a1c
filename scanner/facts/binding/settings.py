"""Helpers of the facts about bindings: the value of a setting, and the kind of host that a URL names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from scanner.evidence.bindings.values.placeholders import has_words, is_to_fill_in
from scanner.evidence.model import Binding, Setting
from scanner.facts.fact import Unknown
from scanner.hosts.reach import reach_of
from scanner.hosts.reading import UrlReading, read_url
from scanner.redaction.text import cut

# how an expression begins and ends within a text
_EXPRESSIONS = (("{{", "}}"), ("${", "}"), ("$(", ")"), ("{%", "%}"))


def is_written(binding: Binding, name: str) -> bool:
    """Whether the file sets the setting, also with a template."""
    return binding.settings[name].state in ("set", "unresolved")


def is_present(binding: Binding, name: str) -> bool | Unknown:
    """Whether the setting has a value. Unknown where a template alone gives it, which may give nothing, or where one of its
    conditions may leave it out; a text with words of its own around the template is never empty.
    """
    setting = binding.settings[name]
    if setting.is_conditional:
        return unknown_for(name, setting, f"a condition of a template decides whether {name} is set")
    if setting.state != "unresolved":
        return setting.state == "set"
    written = setting.value if isinstance(setting.value, list) else [setting.value]
    if any(isinstance(text, str) and has_words(text) for text in written):
        return True
    return unknown_for(name, setting)


def is_switched(binding: Binding, name: str, *, to: bool) -> bool | Unknown:
    """Whether the file sets the switch to that value. Unknown where a template decides."""
    setting = binding.settings[name]
    if setting.state == "unresolved":
        return unknown_for(name, setting)
    return setting.state == "set" and setting.value is to


def is_off(binding: Binding, name: str) -> bool | Unknown:
    """Whether a switch is off, as written or by the platform's default. Unknown where a template decides. The default of a
    patch says nothing: the manifest that it changes may set the switch.
    """
    setting = binding.settings[name]
    if binding.is_part and setting.state == "default":
        return False
    return unknown_for(name, setting) if setting.state == "unresolved" else setting.value is False


def either(one: bool | Unknown, other: bool | Unknown) -> bool | Unknown:
    """Whether one of them holds. Unknown where neither does, and one is not known."""
    if one is True or other is True:
        return True
    return one if isinstance(one, Unknown) else other


def is_never_compared(binding: Binding, check: str) -> bool:
    """Whether the platform never compares a claim, whatever is written: `check` is the behaviour that says so. One that does
    not by default compares it where the configuration asks for that.
    """
    behaviour = binding.behaviour.get(check)
    return behaviour is not None and behaviour.value == "never"


def is_default_true(binding: Binding, name: str) -> bool | Unknown:
    """Whether the platform does it by default. Unknown where its versions differ."""
    setting = binding.settings[name]
    if setting.state == "unknown" and setting.note is not None:
        return Unknown(setting.note)
    return setting.state == "default" and setting.value is True


def value_of(binding: Binding, name: str) -> object:
    """The value that the file sets; None where it does not set one."""
    setting = binding.settings[name]
    return setting.value if setting.state == "set" else None


def is_effective(binding: Binding, name: str) -> bool | Unknown:
    """Whether a switch is on, as written or by the platform's default."""
    setting = binding.settings[name]
    if isinstance(setting.value, bool):
        return setting.value
    if setting.state == "unresolved":
        return unknown_for(name, setting, f"{name} is a template")
    return Unknown(setting.note or f"it is not known what {binding.platform} does where {name} is left out")


def accepted_algorithms(binding: Binding) -> list[str] | Unknown:
    """The accepted algorithms, as written or by the platform's default; empty where neither gives a list, or where the platform
    ignores the one that is written.
    """
    setting = binding.settings["algorithms"]
    if setting.spot is not None and any(each.value == setting.spot for each in binding.ineffective):
        return []
    if setting.state == "unresolved":
        return unknown_for("algorithms", setting, "the algorithms are a template")
    return [str(item) for item in setting.resolved] if isinstance(setting.resolved, list) else []


def any_algorithm(binding: Binding, test: Callable[[str], bool]) -> bool | Unknown:
    """Whether `test` holds for an accepted algorithm."""
    found = accepted_algorithms(binding)
    return found if isinstance(found, Unknown) else any(test(name) for name in found)


def has_placeholder(setting: Setting) -> bool:
    """Whether the author left a placeholder."""
    value = setting.resolved if setting.state == "set" else None
    texts = value if isinstance(value, list) else [value]
    return any(isinstance(text, str) and is_to_fill_in(text) for text in texts)


def is_elsewhere(setting: Setting) -> bool:
    """Whether configuration that was not read with this one gives the value: a role of another file, say."""
    return setting.state == "unresolved" and setting.value is None and setting.spot is None


def unknown_for(name: str, setting: Setting, because: str = "") -> Unknown:
    """What an open setting makes unknown: the reason, and the expression that it waits for."""
    return Unknown(because or explain_open(name, setting), open_expression(setting))


def unknown_of(binding: Binding, names: Sequence[str]) -> Unknown:
    """What several open settings make unknown: the reason of each, and the expression of the first."""
    reasons = "; ".join(explain_open(name, binding.settings[name]) for name in names)
    return Unknown(reasons, open_expression(binding.settings[names[0]]))


def open_expression(setting: Setting) -> str:
    """The expression that a setting waits for, without the text around it: the same one in the issuer and in the address of its
    keys is one cause. Of a node that a template fills as a whole, its place.
    """
    written = setting.value[0] if isinstance(setting.value, list) and setting.value else setting.value
    if not isinstance(written, str) or not written.strip():
        return f"the template at {setting.spot.line}:{setting.spot.column}" if setting.spot is not None else ""
    for begin, end in _EXPRESSIONS:
        _, mark, rest = written.partition(begin)
        inside, closed, _ = rest.partition(end)
        if mark and closed:
            return cut(inside.strip(" -"), 120)
    return cut(written.strip(), 120)


def explain_open(name: str, setting: Setting) -> str:
    """Why a setting cannot be judged, in words."""
    if is_elsewhere(setting):
        return f"{name} is set in configuration that was not read with this one"
    written = setting.value[0] if isinstance(setting.value, list) and len(setting.value) == 1 else setting.value
    shown = cut(written, 120) if isinstance(written, str) and written.strip() else "a template"
    return f"{name} is {shown}, which this file does not resolve"


def text_of(setting: Setting) -> str | None:
    """The text of a setting, resolved where that is known."""
    value = setting.resolved if isinstance(setting.resolved, str) else setting.value
    return value.strip(" ") if isinstance(value, str) else None


def has_pattern(setting: Setting) -> bool:
    """Whether a setting is written as a pattern: what an expression calls or compares is not part of the text."""
    text = text_of(setting) or ""
    if setting.state != "unresolved":
        return is_pattern(text)
    for begin, end in (("${", "}"), ("{{", "}}")):
        if begin in text and end in text:
            return is_pattern(f"{text.partition(begin)[0]}{text.rpartition(end)[2]}")
    return "://" in text and is_pattern(text)


def is_pattern(text: str) -> bool:
    """Whether a text is a wildcard or a regular expression rather than an exact string."""
    return "*" in text or text.startswith("^") or text.endswith("$")


def reading_of(setting: Setting) -> UrlReading:
    """What clients make of the text of a setting."""
    return read_url(text_of(setting) or "")


def is_http(binding: Binding, name: str) -> bool | Unknown:
    """Whether clients read the text as an http URL. The literal scheme of a template counts."""
    setting = binding.settings[name]
    reading = reading_of(setting)
    if reading.scheme:
        return reading.scheme == "http"
    return unknown_for(name, setting) if setting.state == "unresolved" else False


def first_unknown(answers: list[bool | Unknown]) -> bool | Unknown:
    """The first answer that is Unknown; False where there is none."""
    return next((answer for answer in answers if isinstance(answer, Unknown)), False)


def known_hosts(setting: Setting) -> tuple[str, ...]:
    """The hosts that clients take from a URL, in lower case; none where there is no host, or a template in its place. A text
    without a scheme may be a name.
    """
    reading = reading_of(setting)
    return () if reading.kind == "bare" else tuple(host for host in reading.hosts if reach_of(host) != "template")


def host_scope(setting: Setting) -> str | Unknown:
    """The reach of a host, by its name or address alone, without DNS. `template` where the scheme is literal and the host is
    not. Where clients differ about the host, the widest reach counts.
    """
    reading = reading_of(setting)
    reaches = {reach_of(host) for host in reading.hosts}
    if "public" in reaches:
        return "public"
    if "template" in reaches:
        return "template"
    if setting.state == "unresolved" and not reaches:
        return "template" if reading.kind == "web" else unknown_for("", setting, "the host is a template")
    if not reaches or "unknown" in reaches:
        return Unknown("the host is not a valid name or address")
    return "loopback" if reaches == {"loopback"} else "cluster"
