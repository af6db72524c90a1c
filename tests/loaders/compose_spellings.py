"""Random compose projects: variables of the project and of services, overrides, extended services, in many forms."""

from __future__ import annotations

import json
import random

_NAMES = ("A", "B", "C", "D", "E")
_VALUES = ("http://a.example.com", "two words", "x=y", "sharp#inside", "quo'te", "1", "true", "100%", "a:b", "")


class ComposeSpelling:
    """The files of one project, by their names. `variants`: the lists of files that are loaded together."""

    def __init__(self, random_: random.Random) -> None:
        self._random = random_
        self.files = {
            ".env": self._env_file(_NAMES[:3]),
            "one.env": self._env_file(_NAMES),
            "two.env": self._env_file(_NAMES),
            "common/base.yml": self._compose("base", None),
        }
        extended = {"file": "common/base.yml", "service": "base"} if random_.random() < 0.5 else None
        self.files["compose.yaml"] = self._compose("web", extended)
        self.files["compose.prod.yaml"] = self._compose("web", None, is_override=True)

    def _env_file(self, names: tuple[str, ...]) -> str:
        """Lines of variables. What the programs read differently is left out: quotes within a text, variables in values."""
        lines = ["# a comment", ""]
        for name in names:
            if self._random.random() < 0.7:
                value = self._random.choice([each for each in _VALUES if "'" not in each])
                quote = self._random.choice(["", '"', "'"])
                lines.append(f"{name}={quote}{value}{quote}")
        return "\n".join(lines) + "\n"

    def _compose(self, service: str, extended: dict[str, str] | None, *, is_override: bool = False) -> str:
        body: dict[str, object] = {} if is_override else {"image": "a"}
        if extended is not None:
            body["extends"] = extended
        if self._random.random() < 0.8:
            body["environment"] = self._environment()
        if service == "web" and self._random.random() < 0.5:
            body["env_file"] = self._random.choice(["one.env", ["one.env"], ["one.env", "two.env"], ["two.env"]])
        if self._random.random() < 0.5:
            body["command"] = self._random.choice(["run --x=$A", ["run", "--x=${B:-none}"]])
        return json.dumps({"version": "2.4", "services": {service: body}}, indent=self._random.choice([None, 2]))

    def _environment(self) -> object:
        chosen = {name: self._value() for name in _NAMES if self._random.random() < 0.6}
        if self._random.random() < 0.5:
            return chosen
        return [f"{name}={value}" if value is not None else name for name, value in chosen.items()]

    def _value(self) -> str | None:
        name = self._random.choice(_NAMES)
        forms = [f"${name}", f"${{{name}}}", f"${{{name}:-other}}", f"http://${{{name}-other}}/x", "$$A", "a$$"]
        return self._random.choice([*forms, *_VALUES, None])
