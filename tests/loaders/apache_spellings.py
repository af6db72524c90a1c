"""Random spellings of mod_auth_openidc's directives in Apache's configuration (its "Configuration Files" page)."""

from __future__ import annotations

import random

JWKS_URI = "https://login.example.com/jwks"
DIRECTIVES = (("OIDCOAuthVerifyJwksUri", JWKS_URI), ("OIDCSSLValidateServer", "Off"))
_SECTIONS = (
    ("IfModule", "auth_openidc_module"),
    ("VirtualHost", "*:80"),
    ("IfModule", "!nothing"),
    ("If\\\nDefine", "!NONE"),
)
_NOTES = ("", "# a note", "   # x: {{ y", "# }} \\", "#" * 3000, "# [[[[", "\t")


def spell_apache(random_: random.Random) -> str:
    """A configuration that takes keys from a server whose certificate is not checked."""
    lines = [random_.choice(_NOTES) for _ in range(random_.randrange(3))]
    # a comment that ends in a backslash goes on in the next line
    lines += [""] if lines and lines[-1].endswith("\\") else []
    is_defined = random_.random() < 0.1
    if is_defined:
        lines.append(f"Define keys {JWKS_URI}")
    for name, value in DIRECTIVES:
        written = "${keys}" if is_defined and value == JWKS_URI else value
        lines.append(
            _spell(name, random_, is_name=True) + random_.choice([" ", "  ", "\t", " \\\n  "]) + _quote(written, random_)
        )
    for section, argument in _SECTIONS:
        if random_.random() < 0.2:
            name = section if random_.random() < 0.5 else section.lower()
            end = section.replace("\\\n", "")
            lines = [f"<{name} {argument}>", *(f"  {line}" for line in lines), f"</{end}>"]
    return random_.choice(["\n", "\n", "\r\n"]).join(["ServerAdmin a@example.com", *lines, ""])


def _quote(text: str, random_: random.Random) -> str:
    sign = random_.choice(["", '"', "'"])
    return sign + _spell(text, random_, is_name=False) + sign


def _spell(text: str, random_: random.Random, *, is_name: bool) -> str:
    share = random_.choice([0.0, 0.0, 0.05])
    made = "".join(("\\\n" if number and random_.random() < share else "") + char for number, char in enumerate(text))
    return random_.choice([made, made.lower(), made.upper()]) if is_name else made
