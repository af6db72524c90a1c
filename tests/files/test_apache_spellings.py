"""Spellings of a directive that Apache itself takes are read as that directive (Apache is the judge; Debian's `apache2` with
`libapache2-mod-auth-openidc`).
"""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from scanner.evidence.read_document import DocumentReader
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

_APACHE = Path("/usr/sbin/apache2")
_MODULES = Path("/usr/lib/apache2/modules")
_LOADED = (
    ("mpm_event_module", "mod_mpm_event.so"),
    ("authn_core_module", "mod_authn_core.so"),
    ("authz_core_module", "mod_authz_core.so"),
    ("auth_openidc_module", "mod_auth_openidc.so"),
)
_URL = "http://login.example.com/jwks"
# Apache refuses http here, and its message shows that it took the directive with this value
_TAKEN = f"'{_URL}' cannot be parsed as"
_TRIES = 60
# how a block begins and ends, both in any case
_BLOCKS = (("VirtualHost *:80", "virtualhost"), ("ifdefine !NONE", "IfDefine"), ("IF\\\nDefine !N", "ifDefine"))


def spell(chance: random.Random) -> str:
    """The directive in a random spelling; Apache refuses some."""
    name = "".join(chance.choice((letter, letter.upper(), letter.lower())) for letter in "OIDCOAuthVerifyJwksUri")
    value = _URL
    if chance.random() < 0.3:
        at = chance.randrange(1, len(name))
        name = f"{name[:at]}\\\n{name[at:]}"
    if chance.random() < 0.3:
        at = chance.randrange(1, len(value))
        value = f"{value[:at]}\\\n{value[at:]}"
    quote = chance.choice(("", "", '"', "'"))
    before = chance.choice(
        ("", "  ", "\t", "\\\n", "# c\n", "Define P x\n", "Header-less\\\n" if chance.random() < 0.1 else "")
    )
    between = chance.choice((" ", "\t", "  \\\n  ", " \\\n"))
    line = f"{before}{name}{between}{quote}{value}{quote}{chance.choice(('', '  ', chr(13)))}\n"
    block = chance.choice((None, None, *_BLOCKS))
    return line if block is None else f"<{block[0]}>\n{line}</{block[1]}>\n"


def is_taken(text: str, folder: Path) -> bool:
    """Whether Apache takes the text as the directive with the URL."""
    base = f"ServerRoot {folder}\nPidFile {folder}/pid\nErrorLog {folder}/log\nServerName x\n"
    base += "".join(f"LoadModule {name} {_MODULES / file}\n" for name, file in _LOADED)
    config = folder / "a.conf"
    config.write_text(base + text)
    done = subprocess.run([_APACHE, "-t", "-f", config], capture_output=True, text=True, check=False)
    return _TAKEN in done.stderr


@pytest.mark.skipif(
    not (_MODULES / "mod_auth_openidc.so").exists(), reason="no-apache: Apache and its module are not installed"
)
def test_what_apache_takes_is_read(tmp_path: Path) -> None:
    chance = random.Random(20261130)
    reader = DocumentReader(shipped_pack(examples=False).platforms)
    taken = [text for text in (spell(chance) for _ in range(_TRIES)) if is_taken(text, tmp_path)]
    assert len(taken) > _TRIES // 3
    missed = []
    for text in taken:
        evidence = reader.read(Document("auth.conf", text.encode()))
        urls = [binding.settings["jwks_uri"].value for binding in evidence.bindings] if evidence else []
        missed += [] if urls == [_URL] else [(text, urls)]
    assert missed == []
