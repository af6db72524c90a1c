"""Random spellings of one setting in Java's `.properties` and in its XML form (`java.util.Properties`)."""

from __future__ import annotations

import random

KEY = "spring.security.oauth2.resourceserver.jwt.jwk-set-uri"
VALUE = "http://login.example.com/jwks"
_SEPARATORS = ("=", ":", " = ", " : ", " ", "\t", "\f", "   =   ")
_COMMENTS = ("# a note", "! a note \\", "#---x", "", "   ", "\t", "# {{ x", "#" * 4000)


def spell_properties(random_: random.Random) -> bytes:
    """The setting among others, in Latin-1."""
    share = random_.choice([0.0, 0.02, 0.1, 0.5])
    key = _spell(KEY, random_, share, is_key=True)
    value = _spell(VALUE, random_, share, is_key=False)
    lines = [random_.choice(_COMMENTS) for _ in range(random_.randrange(4))] + ["server.port=8080"]
    if random_.random() < 0.2:
        lines.append(f"{KEY}=https://login.example.com/jwks")  # the last one wins
    blanks = random_.choice(["", "", " ", "\t \f"])
    lines += [f"{blanks}{key}{random_.choice(_SEPARATORS)}{value}", "spring.application.name=caf\u00e9"]
    return random_.choice(["\n", "\n", "\r\n", "\r"]).join(lines).encode("latin-1")


def spell_properties_xml(random_: random.Random) -> bytes:
    """The setting as an entry of XML, in one of three encodings."""
    encoding = random_.choice(["UTF-8", "UTF-16", "ISO-8859-1"])
    key, value = _spell_xml(KEY, random_), _spell_xml(VALUE, random_)
    if random_.random() < 0.2:
        at = random_.randrange(1, len(VALUE))
        value = f"{VALUE[:at]}<![CDATA[{VALUE[at:]}]]>"
    doctype = '<!DOCTYPE properties SYSTEM "http://java.sun.com/dtd/properties.dtd">'
    if random_.random() < 0.1:
        doctype, key = doctype.replace(">", ' [<!ENTITY k "jwt">]>'), KEY.replace("jwt", "&k;")
    blank = random_.choice(["", "\n", "\n  "])
    quoted = random_.choice([f'"{key}"', f"'{key}'"])
    entry = f"<!-- note --><entry key={quoted}>{value}</entry>"
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n{doctype}'
    text = f"{head}{blank}<properties>{blank}{entry}{blank}</properties>\n"
    return text.encode(encoding)


def _spell(text: str, random_: random.Random, share: float, *, is_key: bool) -> str:
    pieces = []
    for number, char in enumerate(text):
        if number and random_.random() < share / 4:
            pieces.append("\\" + random_.choice(["\n", "\r\n", "\r"]) + random_.choice(["", "  ", "\t"]))
        if random_.random() < share:
            pieces.append(
                random_.choice([f"\\u{ord(char):04x}", f"\\u{ord(char):04X}", f"\\{char}" if char not in "nrtfu" else char])
            )
        else:
            pieces.append(f"\\{char}" if is_key and char in ":=" else char)
    return "".join(pieces)


def _spell_xml(text: str, random_: random.Random) -> str:
    share = random_.choice([0.0, 0.1, 0.5])
    return "".join(
        random_.choice([f"&#{ord(char)};", f"&#x{ord(char):x};", f"&#x{ord(char):04X};"]) if random_.random() < share else char
        for char in text
    )
