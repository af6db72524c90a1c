"""Random spellings of one manifest in YAML 1.1 and JSON: what a loader may read as the same resource.

Some are refused by some loaders; the loader itself decides which of them count.
"""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Callable
from typing import TypeAlias

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"

URL = "http://login.example.com/jwks"


def make_manifest(name: str) -> dict[str, Plain]:
    """A resource that trusts keys over plain http."""
    return {
        "apiVersion": "security.istio.io/v1",
        "kind": "RequestAuthentication",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"jwtRules": [{"issuer": "http://login.example.com", "audiences": ["shop"], "jwksUri": URL}]},
    }


def spell_manifest(name: str, random_: random.Random) -> tuple[str, bytes]:
    """The ending of a file, and the manifest in a random spelling and encoding."""
    manifest = make_manifest(name)
    if random_.random() < 0.15:
        text, ending = _Json(random_).document(manifest), random_.choice([".json", ".json", ".yaml"])
    else:
        text, ending = _Yaml(random_).stream(manifest, name), random_.choice([".yaml", ".yml"])
    return ending, _encode(text, random_)


def _encode(text: str, random_: random.Random) -> bytes:
    encoding = random_.choices(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le"], [20, 2, 2, 2, 1])[0]
    mark = "\ufeff" if encoding.startswith(("utf-16", "utf-32")) else ""
    if random_.random() < 0.05:
        text = text.replace("\n", random_.choice(["\r\n", "\r"]))
    return (mark + text).encode(encoding)


class _Json:
    def __init__(self, random_: random.Random) -> None:
        self._random = random_

    def document(self, node: Plain) -> str:
        """JSON with blanks and escapes at random."""
        blank = self._random.choice(["", " ", "\n", "\t"])
        return self._node(node, blank) + blank

    def _node(self, node: Plain, blank: str) -> str:
        if isinstance(node, dict):
            members = (f"{self._text(key)}:{blank}{self._node(value, blank)}" for key, value in node.items())
            return "{" + blank + f",{blank}".join(members) + "}"
        if isinstance(node, list):
            return "[" + ",".join(self._node(item, blank) for item in node) + blank + "]"
        return self._text(node)

    def _text(self, text: str) -> str:
        if self._random.random() < 0.5:
            return json.dumps(text)
        return '"' + "".join(self._character(char) for char in text) + '"'

    def _character(self, char: str) -> str:
        if self._random.random() < 0.2:
            return f"\\u{ord(char):04x}"
        return "\\/" if char == "/" and self._random.random() < 0.5 else char


class _Yaml:
    """A writer of YAML that chooses a style at every node. `_anchored` are texts that an alias may repeat."""

    def __init__(self, random_: random.Random) -> None:
        self._random = random_
        self._oddness = random_.choice([0.02, 0.1, 0.4])
        self._tag_handle = random_.random() < 0.02
        self._names = 0

    def stream(self, manifest: dict[str, Plain], name: str) -> str:
        """The documents of a file: the manifest, perhaps behind directives, comments and other documents."""
        shared, body = self._shared(manifest)
        head = "%YAML 1.1\n" if self._is_odd() and self._is_odd() else ""
        if self._tag_handle:
            head += "%TAG !y! tag:yaml.org,2002:\n"
        text = self._comments() + head + ("---\n" if head or self._is_odd() else "") + self._comments() + shared + body
        if self._is_odd() and not head:
            text = f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: other-{name}}}\n---\n{self._after_mark()}{text}"
        return text + self._comments() + self._random.choice(["", "", "---\n", "...\n"])

    def _shared(self, manifest: dict[str, Plain]) -> tuple[str, str]:
        """The members that the document defines for its aliases, and the rest."""
        manifest = dict(manifest)
        spec = manifest["spec"]
        how = self._random.random()
        if self._is_odd() and how < 0.5:
            merge = self._random.choice(["<<", '"<<"', "'<<'", '!!merge "<<"', "!!merge <<"])
            del manifest["spec"]
            before = "x-a: &s\n" + self._block(spec, 2)
            return before, self._block(manifest, 0) + f"spec:\n  {merge}: *s\n"
        if self._is_odd():
            del manifest["spec"]
            return "x-a: &s\n" + self._block(spec, 2), self._block(manifest, 0) + "spec: *s\n"
        if self._is_odd():
            del manifest["kind"]
            return "x-k: &k RequestAuthentication\n", self._block(manifest, 0) + "kind: *k\n"
        return "", self._block(manifest, 0)

    def _is_odd(self) -> bool:
        return self._random.random() < self._oddness

    def _after_mark(self) -> str:
        return "\ufeff" if self._random.random() < 0.3 else ""

    def _comments(self) -> str:
        if not self._is_odd():
            return ""
        return self._random.choice(_COMMENTS)()

    def _block(self, node: Plain, indent: int) -> str:
        """A node in block style, its lines indented."""
        blanks = " " * indent
        if isinstance(node, dict):
            items = list(node.items())
            if self._is_odd():
                self._random.shuffle(items)
            return "".join(self._member(key, value, indent) for key, value in items)
        if isinstance(node, list):
            return "".join(f"{blanks}- {self._inline(item, indent + 2)}" for item in node)
        return f"{blanks}{self._scalar(node, indent)}\n"

    def _member(self, key: str, value: Plain, indent: int) -> str:
        blanks, comment = " " * indent, ""
        if self._is_odd():
            comment = "".join(f"{blanks}{line}\n" for line in self._comments().splitlines() if line.strip())
        written = self._scalar(key, indent, is_key=True)
        if self._is_odd():
            return f"{comment}{blanks}? {written}\n{blanks}: {self._inline(value, indent + 2)}"
        if isinstance(value, str) or self._is_odd():
            return f"{comment}{blanks}{written}: {self._inline(value, indent + 2)}"
        anchor = f" &a{self._count()}" if self._is_odd() else ""
        return f"{comment}{blanks}{written}:{anchor}\n{self._block(value, indent + 2)}"

    def _count(self) -> int:
        self._names += 1
        return self._names

    def _inline(self, node: Plain, indent: int) -> str:
        """A node that begins behind `- ` or `: `, with its line end."""
        if isinstance(node, str):
            return self._block_scalar(node, indent) or f"{self._scalar(node, indent)}\n"
        if isinstance(node, list) or self._random.random() < 0.4:
            return self._flow(node, indent) + "\n"
        return self._block(node, indent).removeprefix(" " * indent)

    def _flow(self, node: Plain, indent: int) -> str:
        comma = ", " if self._random.random() < 0.7 else f",\n{' ' * (indent + 2)}"
        if isinstance(node, dict):
            members = (
                f"{self._scalar(key, indent, is_key=True, is_flow=True)}: {self._flow(value, indent)}"
                for key, value in node.items()
            )
            return "{" + comma.join(members) + self._random.choice(["}", " }", ",}"])
        if isinstance(node, list):
            return "[" + comma.join(self._flow(item, indent) for item in node) + "]"
        return self._scalar(node, indent, is_flow=True)

    def _block_scalar(self, text: str, indent: int) -> str:
        """A literal or folded scalar; empty where another style is chosen."""
        if not self._is_odd():
            return ""
        sign = self._random.choice(["|-", ">-"])
        return f"{self._tag()}{sign}\n{' ' * indent}{text}\n"

    def _tag(self) -> str:
        if not self._is_odd():
            return ""
        tags = ["!!str ", "!x ", "! ", "!<tag:yaml.org,2002:str> ", f"&b{self._count()} "]
        return self._random.choice([*tags, "!y!str "] if self._tag_handle else tags)

    def _scalar(self, text: str, indent: int, *, is_key: bool = False, is_flow: bool = False) -> str:
        if self._is_odd() and self._random.random() < 0.3:
            encoded = base64.b64encode(text.encode()).decode()
            tag = self._random.choice(["!!binary", "!<tag:yaml.org,2002:binary>", *(["!y!binary"] if self._tag_handle else [])])
            return f"{tag} {self._random.choice([encoded, repr(encoded)])}"
        tag = self._tag()
        style = self._random.random() if self._is_odd() else 0.0
        if style < 0.3:
            is_plain = not (is_flow and any(sign in text for sign in ":,[]{}"))
            return tag + (text if is_plain else f'"{text}"')
        if style < 0.5:
            return f"{tag}'{text}'"
        return f'{tag}"{self._escape(text, indent, may_fold=not is_key)}"'

    def _escape(self, text: str, indent: int, *, may_fold: bool) -> str:
        share = self._random.choice([0.1, 0.5, 1.0])
        pieces = []
        for number, char in enumerate(text):
            if may_fold and number and self._random.random() < 0.05:
                pieces.append(f"\\\n{' ' * (indent + 2)}")
            forms = (char, f"\\x{ord(char):02X}", f"\\u{ord(char):04x}", f"\\U{ord(char):08x}")
            pieces.append(self._random.choice(forms) if self._random.random() < share else char)
        return "".join(pieces)


_COMMENTS: tuple[Callable[[], str], ...] = (
    lambda: "# a note\n",
    lambda: "\n\n",
    lambda: "# x: {{ y\n",
    lambda: "# }} and {% for\n",
    lambda: "# {{/* note\n",
    lambda: "# x: {{ a }} {#\n",
    lambda: "# " + "[" * 600 + "\n",
    lambda: "# " + "{[" * 300 + "\n",
    lambda: "# \u2028 \u0085 \ufeff \u200b\n",
    lambda: "#" * 5000 + "\n",
    lambda: "# key: ${value} @name@ %{ if x }\n",
)
