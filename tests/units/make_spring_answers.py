"""Makes `spring_answers.json`: small applications with random settings, and what Spring Boot says that their settings are.

`python tests/units/make_spring_answers.py FOLDER`: the folder has the jars of Spring Boot, Spring's core, context, beans,
expression, aop and jcl, SnakeYAML, SLF4J and Micrometer; `javac` and `java` are on the path. Written with Spring Boot 3.5.16.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
RESOURCES = "src/main/resources/"
NAMES = ("app.jwt.issuer-uri", "app.jwt.jwk-set-uri", "app.base", "app.x.y")
LISTS = ("app.jwt.audiences", "app.list")
VARIANTS = ("", "prod", "eu", "qa", "eu,prod")
_CONDITIONS = ("prod", "eu", "!prod", "prod & eu", "prod | eu", "!(prod | eu)", "prod,eu", "prod & !eu", "(prod & eu) | qa")
_IMPORTS = ("optional:classpath:shared.yml", "classpath:/shared.yml", "optional:shared.yml")
_FILES = {"": 0.6, "-prod": 0.4, "-eu": 0.25, "-qa": 0.2, "-default": 0.1}
_PLACES = {RESOURCES: 0.9, f"{RESOURCES}config/": 0.3, "": 0.2, "config/": 0.2}
Document = dict[str, object]


class Writer:
    """Writes random settings."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def spell(self, name: str) -> str:
        """A name in one of its spellings."""
        way = self.random.randrange(3)
        if way == 0:
            return name
        if way == 1:
            return name.replace("-", "_")
        return "".join(word.capitalize() if number else word for number, word in enumerate(name.split("-")))

    def value(self, name: str) -> str:
        plain = f"v{self.random.randrange(1000)}"
        return plain if name in ("app.base", "app.x.y") else self.random.choice((plain, plain, "${app.base}/a", "${app.x.y}"))

    def settings(self) -> Document:
        made: Document = {self.spell(name): self.value(name) for name in NAMES if self.chance(0.4)}
        for name in LISTS:
            if self.chance(0.35):
                made[self.spell(name)] = [f"l{self.random.randrange(100)}" for _ in range(self.random.randrange(1, 4))]
        return made

    def documents(self, *, has_profile: bool) -> list[Document]:
        made: list[Document] = []
        for number in range(self.random.choice((1, 1, 2, 3))):
            document = self.settings()
            if number and self.chance(0.7):
                document["spring.config.activate.on-profile"] = self.random.choice(_CONDITIONS)
            elif not has_profile:
                self.add_profiles(document)
            made.append(document)
        return made

    def add_profiles(self, document: Document) -> None:
        if self.chance(0.2):
            document["spring.profiles.group.prod"] = self.random.choice((["eu"], ["eu", "qa"]))
        if self.chance(0.1):
            document["spring.profiles.include"] = "eu"
        if self.chance(0.15):
            document["spring.profiles.active"] = self.random.choice(("qa", "eu,qa"))
        if self.chance(0.25):
            document["spring.config.import"] = self.random.choice(_IMPORTS)

    def text(self, documents: list[Document], ending: str) -> str:
        if ending == "properties":
            return "#---\n".join("".join(self.lines(each)) for each in documents)
        return "---\n".join(self.yaml(each) for each in documents)

    def yaml(self, document: Document) -> str:
        if self.chance(0.5):
            return "".join(f"{name}: {json.dumps(value)}\n" for name, value in document.items()) or "zz: 1\n"
        top: dict[str, object] = {}
        for name, value in document.items():
            *above, last = name.split(".")
            node = top
            for part in above:
                node = node.setdefault(part, {})  # type: ignore[assignment]
            node[last] = value
        return json.dumps(top, indent=1) + "\n" if top else "zz: 1\n"

    def lines(self, document: Document) -> list[str]:
        made: list[str] = []
        for name, value in document.items():
            if isinstance(value, list) and self.chance(0.5):
                made += [f"{name}[{number}]={each}\n" for number, each in enumerate(value)]
            else:
                made.append(f"{name}={','.join(value) if isinstance(value, list) else value}\n")
        return made

    def application(self) -> dict[str, str]:
        """The files of an application, by their paths."""
        files: dict[str, str] = {}
        for place, is_there in _PLACES.items():
            for profile, share in _FILES.items() if self.chance(is_there) else ():
                for ending in ("yml", "properties"):
                    if self.chance(share if ending == "yml" else share / 2):
                        documents = self.documents(has_profile=bool(profile))
                        files[f"{place}application{profile}.{ending}"] = self.text(documents, ending)
        for name in ("shared.yml", "shared-prod.yml", "shared-eu.yml") if files else ():
            if name == "shared.yml" or self.chance(0.5):
                files[RESOURCES + name] = self.text([self.settings()], "yml")
        return files


def ask(java: subprocess.Popen[str], folder: Path, profiles: str) -> dict[str, str] | None:
    """What Spring Boot says; None where the application does not start."""
    assert java.stdin is not None
    assert java.stdout is not None
    names = ",".join((*NAMES, *(f"{each}[]" for each in LISTS)))
    java.stdin.write(f"{folder}\t{profiles}\t{names}\n")
    java.stdin.flush()
    lines = list(iter(lambda: java.stdout.readline().rstrip("\n"), "--"))  # type: ignore[union-attr]
    return None if any(line.startswith("!") for line in lines) else dict(line.split("=", 1) for line in lines if "=" in line)


def main() -> None:
    jars, made = f"{Path(sys.argv[1]).resolve()}/*", []
    with tempfile.TemporaryDirectory() as temporary:
        subprocess.run(["javac", "-cp", jars, "-d", temporary, HERE / "SpringAnswers.java"], check=True)
        command = ["java", "-cp", f"{temporary}:{jars}", "SpringAnswers"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as java:
            for number in range(40):
                files = Writer(number).application()
                folder = Path(temporary) / str(number)
                for name, text in files.items():
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_text(text)
                answers = {profiles: ask(java, folder, profiles) for profiles in VARIANTS} if files else {}
                if answers and None not in answers.values():
                    made.append({"files": files, "answers": answers})
            assert java.stdin is not None
            java.stdin.close()
    (HERE / "spring_answers.json").write_text(json.dumps(made, indent=0) + "\n")


if __name__ == "__main__":
    main()
