"""Random spellings of one manifest as a Terraform expression: plain code and escapes."""

from __future__ import annotations

import base64
import json
import random

from tests.loaders.yaml_spellings import Plain


class TerraformSpelling:
    """The text of a module whose resource has the manifest; `locals` are its definitions."""

    def __init__(self, manifest: dict[str, Plain], random_: random.Random) -> None:
        self._random = random_
        self._oddness = random_.choice([0.02, 0.1, 0.3])
        self.locals: list[str] = []
        self.expression = self._object(manifest, 0)

    def module(self, number: int) -> str:
        """A module with the resource; `number` makes names in `locals` its own."""
        definitions = "".join(f"  {line}\n" for line in self.locals)
        head = f"locals {{\n{definitions}}}\n" if definitions else ""
        return f'{head}resource "kubernetes_manifest" "m{number}" {{\n  manifest = {self.expression}\n}}\n'

    def _is_odd(self) -> bool:
        return self._random.random() < self._oddness

    def _expression(self, node: Plain, depth: int) -> str:
        if isinstance(node, dict):
            return self._object(node, depth)
        if isinstance(node, list):
            return self._list(node, depth)
        return self._text(node)

    def _wrap(self, made: str, node: Plain) -> str:
        """The same value in a longer way."""
        if not self._is_odd():
            return made
        plain = json.dumps(node)
        empty = "[]" if isinstance(node, list) else "null"
        ways = [
            f"({made})",
            f"true ? {made} : {empty}",
            f"jsondecode({json.dumps(plain)})",
            f"yamldecode({json.dumps(plain)})",
            f'jsondecode(base64decode("{base64.b64encode(plain.encode()).decode()}"))',
            self._local(made),
        ]
        if isinstance(node, dict):
            ways += [f"merge({{}}, {made})", f"merge({made}, {{}})", f"{{ for k, v in {made} : k => v }}"]
        if isinstance(node, list):
            ways += [f"concat([], {made})", f"[for x in {made} : x]", f"flatten([{made}])"]
        return self._random.choice(ways)

    def _local(self, made: str) -> str:
        name = f"v{len(self.locals)}_{self._random.randrange(10**9)}"
        self.locals.append(f"{name} = {made}")
        return f"local.{name}"

    def _object(self, node: dict[str, Plain], depth: int) -> str:
        blanks = "  " * (depth + 2)
        separator = self._random.choice(["\n", "\n", ", "])
        sign = self._random.choice([" = ", " = ", " : ", "="])
        members = [f"{self._key(key)}{sign}{self._expression(value, depth + 1)}" for key, value in node.items()]
        if separator == "\n":
            made = "{\n" + "".join(f"{blanks}{self._comment()}{each}\n" for each in members) + "  " * (depth + 1) + "}"
        else:
            made = "{ " + ", ".join(members) + " }"
        return self._wrap(made, node)

    def _comment(self) -> str:
        return self._random.choice(["# x: {{ y\n", "// }} {#\n", "/* note */ ", "# note\n"]) if self._is_odd() else ""

    def _list(self, node: list[Plain], depth: int) -> str:
        return self._wrap("[" + ", ".join(self._expression(item, depth + 1) for item in node) + "]", node)

    def _key(self, key: str) -> str:
        if not self._is_odd():
            return key
        ways = [
            f'"{key}"',
            f'("{key}")',
            f'"{self._escape(key)}"',
            f'(join("", ["{key[:2]}", "{key[2:]}"]))',
            f'"${{"{key}"}}"',
        ]
        return self._random.choice(ways)

    def _text(self, text: str) -> str:
        if not self._is_odd():
            return f'"{text}"'
        at = self._random.randrange(1, len(text)) if len(text) > 1 else 1
        first, last = text[:at], text[at:]
        ways = [
            f'"{self._escape(text)}"',
            f'"${{"{text}"}}"',
            f'"{first}${{"{last}"}}"',
            f'format("%s%s", "{first}", "{last}")',
            f'join("", ["{first}", "{last}"])',
            f'base64decode("{base64.b64encode(text.encode()).decode()}")',
            f'trimspace(" {text} ")',
            f'replace("{first}_{last}", "_", "")' if "_" not in text else f'("{text}")',
            f"chomp(<<-EOT\n    {text}\n    EOT\n  )",
        ]
        return self._wrap(self._random.choice(ways), text)

    def _escape(self, text: str) -> str:
        return "".join(
            self._random.choice([f"\\u{ord(char):04x}", f"\\U{ord(char):08x}"]) if self._random.random() < 0.3 else char
            for char in text
        )
