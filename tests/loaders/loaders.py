"""Real loaders: what kubectl, Java and Apache read from files, and what Terraform makes of expressions."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

JAVA_LOADER = """\
import java.io.*; import java.nio.file.*; import java.util.*;
class Load {
    public static void main(String[] words) throws Exception {
        try (var files = Files.newDirectoryStream(Path.of(words[0]))) {
            for (Path file : files) {
                var known = new Properties();
                try (var stream = Files.newInputStream(file)) {
                    if (file.toString().endsWith(".xml")) known.loadFromXML(stream); else known.load(stream);
                } catch (Exception refused) { continue; }
                if (words[2].equals(known.getProperty(words[1]))) System.out.println(file.getFileName());
            }
        }
    }
}
"""


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"loader: {name} is not installed (.ci/run installs it)")
    return found


def load_with_kubectl(folder: Path) -> Iterator[dict[str, Any]]:
    """Every resource that kubectl reads from the files of a folder; it leaves out those that it refuses."""
    command = [
        _tool("kubectl"),
        "annotate",
        "--local",
        "-f",
        str(folder),
        "-o",
        "json",
        "x=1",
    ]
    text = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120).stdout
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        resource, at = decoder.raw_decode(text, at)
        at += len(text[at:]) - len(text[at:].lstrip())
        yield from resource.get("items", [resource])


def load_with_java(folder: Path, key: str, value: str, work: Path) -> set[str]:
    """The names of the files of a folder in which `java.util.Properties` reads `value` under `key`."""
    java = _tool("java")
    program = work / "Load.java"
    program.write_text(JAVA_LOADER)
    done = subprocess.run(
        [java, str(program), str(folder), key, value], capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stdout.split())


def evaluate_with_terraform(modules: dict[str, tuple[list[str], str]], work: Path) -> dict[str, Any]:
    """The values of expressions, by name, each with the definitions that it uses."""
    terraform = shutil.which("terraform")
    if terraform is None:
        pytest.skip("terraform: it is not installed; HashiCorp has it")
    lines = [line for definitions, _ in modules.values() for line in definitions]
    lines += [f"{name} = {expression}" for name, (_, expression) in modules.items()]
    (work / "main.tf").write_text("locals {\n" + "\n".join(f"  {line}" for line in lines) + "\n}\n")
    asked = "jsonencode({" + ", ".join(f"{name} = local.{name}" for name in modules) + "})\n"
    done = subprocess.run(
        [terraform, "console"], input=asked, cwd=work, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    values: dict[str, Any] = json.loads(json.loads(done.stdout))
    return values


def load_with_compose(folder: Path, files: list[str]) -> dict[str, Any]:
    """The model that docker-compose makes of the files of a folder."""
    named = [word for name in files for word in ("-f", name)]
    done = subprocess.run(
        [_tool("docker-compose"), *named, "config"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    model: dict[str, Any] = yaml.safe_load(done.stdout.replace("$$", "$"))
    return model


_APACHE_MODULES = Path("/usr/lib/apache2/modules")


def load_with_apache(file: Path, work: Path) -> str:
    """The configuration that Apache reads from a file, as it prints it; empty where it refuses the file."""
    apache = _tool("apache2")
    modules = ("mpm_event", "authz_core", "authn_core", "info", "auth_openidc")
    loads = "".join(f"LoadModule {each}_module {_APACHE_MODULES}/mod_{each}.so\n" for each in modules)
    (work / "main.conf").write_text(f"{loads}ServerName example.com\nListen 80\nErrorLog {work}/log\nInclude {file}\n")
    command = [apache, "-t", "-D", "DUMP_CONFIG", "-f", str(work / "main.conf")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout if done.returncode == 0 else ""
