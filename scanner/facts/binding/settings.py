"""Helpers of the facts about bindings: the value of a setting, and the kind of host that a URL names."""

from __future__ import annotations

import re
from collections.abc import Callable

from scanner.evidence.bindings.values.placeholders import is_to_fill_in
from scanner.evidence.model import Binding, Setting
from scanner.facts.fact import Unknown
from scanner.hosts.reach import reach_of
from scanner.hosts.urls import host_of
from scanner.redaction.text import cut


def is_written(binding: Binding, name: str) -> bool:
    """Whether the file sets the setting, also with a template."""
    return binding.settings[name].state in ("set", "unresolved")


def is_default_true(binding: Binding, name: str) -> bool:
    """Whether the platform does it by default."""
    setting = binding.settings[name]
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
        return Unknown(f"{name} is a template")
    return Unknown(f"it is not known what {binding.platform} does where {name} is left out")


def accepted_algorithms(binding: Binding) -> list[str] | Unknown:
    """The accepted algorithms, as written or by the platform's default; empty where neither gives a list."""
    setting = binding.settings["algorithms"]
    if setting.state == "unresolved":
        return Unknown("the algorithms are a template")
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


def explain_open(name: str, setting: Setting) -> str:
    """Why a setting cannot be judged, in words."""
    written = setting.value if isinstance(setting.value, str) else "a template"
    return f"{name} is {cut(written, 120)}, which this file does not resolve"


def text_of(setting: Setting) -> str | None:
    """The text of a setting, resolved where that is known."""
    value = setting.resolved if isinstance(setting.resolved, str) else setting.value
    return value.strip() if isinstance(value, str) else None


def is_http(binding: Binding, name: str) -> bool | Unknown:
    """Whether the URL's scheme is http. The literal scheme of a template counts."""
    setting = binding.settings[name]
    text = text_of(setting)
    if text is not None and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        return text.lower().startswith("http://")
    return Unknown(explain_open(name, setting)) if setting.state == "unresolved" else False


def first_unknown(answers: list[bool | Unknown]) -> bool | Unknown:
    """The first answer that is Unknown; False where there is none."""
    return next((answer for answer in answers if isinstance(answer, Unknown)), False)


def known_host(setting: Setting) -> str:
    """The host of a URL in lower case; empty where there is no host, or a template in its place."""
    host = host_of(text_of(setting) or "")
    return "" if reach_of(host) == "template" else host


def host_scope(setting: Setting) -> str | Unknown:
    """The reach of a host, by its name or address alone, without DNS. `template` where the scheme is literal and the host is
    not.
    """
    text = text_of(setting) or ""
    reach = reach_of(host_of(text))
    if reach == "unknown" and host_of(text):
        return Unknown("the host is not a valid name or address")
    if reach in ("template", "unknown"):
        return "template" if "://" in text else Unknown("the host is a template")
    return reach if reach in ("public", "loopback") else "cluster"
