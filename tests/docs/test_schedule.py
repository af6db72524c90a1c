"""The files of examples/schedule/ are what their systems take, and call jwksgov as it can be called."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from scanner.cli import parser
from scanner.config.load import parse_config
from scanner.files.read import read
from scanner.files.tree import Parsed, to_plain

ROOT = Path(__file__).parents[2]
SCHEDULE = ROOT / "examples" / "schedule"
WORKFLOW, SERVICE, TIMER = (SCHEDULE / name for name in ("github-actions.yml", "jwksgov.service", "jwksgov.timer"))
KUBERNETES = SCHEDULE / "kubernetes.yaml"


def documents(path: Path) -> list[Any]:
    parsed = read(path.read_bytes(), "yaml", templates=False)
    assert isinstance(parsed, Parsed)
    return [to_plain(document) for document in parsed.documents]


def tool(name: str, why: str) -> str:
    """The path of a tool, from the virtual environment or the system; without it the test is skipped."""
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"{name}: it is not installed; {why}")
    return found


def calls(script: str) -> Iterator[list[str]]:
    """The arguments of each call of jwksgov in a shell script."""
    for line in script.replace("\\\n", " ").splitlines():
        for part in re.split(r";|\|\|", line):
            words = shlex.split(part, comments=True)
            if "jwksgov" in words[:2] and "-m" not in words:
                yield words[words.index("jwksgov") + 1 :]


def accepted(arguments: list[str]) -> str:
    """The command that the arguments are for; an option that does not exist ends the test."""
    return str(parser().parse_args(arguments).command)


class Runs:
    """A shell in which `jwksgov` writes down how it was called and ends with the wanted codes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        (folder / "bin").mkdir()

    def run(self, script: str, shell: str, *, scan: int = 0, collect: int = 0, env: Mapping[str, str] | None = None) -> int:
        fake = self.folder / "bin" / "jwksgov"
        fake.write_text(
            f'#!/bin/sh\necho "$@" >> {self.calls}\ncase $1 in scan) exit {scan};; collect) exit {collect};; esac\n'
        )
        fake.chmod(0o755)
        path = f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
        done = subprocess.run(
            [*shlex.split(shell), script], cwd=self.folder, env={"PATH": path, **(env or {})}, capture_output=True, check=False
        )
        return done.returncode

    def called(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.exists() else []


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


class TestTheWorkflow:
    workflow: dict[str, Any] = documents(WORKFLOW)[0]
    steps: list[dict[str, Any]] = workflow["jobs"]["judge"]["steps"]

    def test_follows_the_schema(self) -> None:
        """SchemaStore's, as check-jsonschema ships it."""
        vendored = files("check_jsonschema") / "builtin_schemas" / "vendor" / "github-workflows.json"
        jsonschema.Draft7Validator(json.loads(vendored.read_text("utf-8"))).validate(self.workflow)

    def test_pleases_zizmor(self) -> None:
        zizmor = tool("zizmor", ".ci/run installs it")
        done = subprocess.run(
            [zizmor, "--offline", "--persona=pedantic", "--no-progress", str(WORKFLOW)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout

    def test_pins_every_action_by_commit_and_says_which_version_that_is(self) -> None:
        used = [line.strip() for line in WORKFLOW.read_text("utf-8").splitlines() if "uses:" in line]
        assert len(used) == 4
        for line in used:
            assert re.fullmatch(r"(?:- )?uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line

    def test_may_do_nothing_but_what_its_job_says(self) -> None:
        assert self.workflow["permissions"] == {}
        (job,) = self.workflow["jobs"].values()
        assert job["permissions"] == {"contents": "read", "security-events": "write"}

    def test_calls_jwksgov_as_it_can_be_called(self) -> None:
        found = [call for step in self.steps for call in calls(step.get("run", ""))]
        assert [accepted(call) for call in found] == ["collect", "scan"]

    @pytest.mark.parametrize(("code", "goes_on"), [(0, 0), (3, 0), (2, 2), (4, 4)])
    def test_judges_the_bundle_of_a_total_outage(self, code: int, goes_on: int, runs: Runs) -> None:
        """Where nothing could be collected at all there is nothing to judge."""
        (collect,) = (step["run"] for step in self.steps if step.get("name") == "Collect")
        assert runs.run(collect, "bash -eo pipefail -c", collect=code) == goes_on

    @pytest.mark.parametrize(("code", "judge"), [(0, 0), (1, 0), (3, 0), (2, 2), (4, 4)])
    def test_uploads_what_there_is_before_it_fails(self, code: int, judge: int, runs: Runs) -> None:
        """With findings the step that judges succeeds, and the last one ends with its code."""
        (runs.folder / "summary.md").write_text("# Summary\n")
        output, summary = runs.folder / "output", runs.folder / "page.md"
        by_name = {step.get("id") or step.get("name"): step for step in self.steps}
        env = {"GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
        assert runs.run(by_name["judge"]["run"], "bash -eo pipefail -c", scan=code, env=env) == judge
        assert output.read_text() == f"code={code}\n"
        assert summary.exists() == (judge == 0)
        assert runs.run(by_name["Verdict"]["run"], "bash -eo pipefail -c", env={"CODE": str(code)}) == code


class TestTheUnit:
    def script(self) -> str:
        """What the shell of the unit gets, as systemd unescapes it."""
        text = SERVICE.read_text("utf-8").replace("\\\n", " ")
        found = re.search(r"^ExecStart=/bin/sh -euc '([^']*)'$", text, re.MULTILINE)
        assert found is not None
        return found[1].replace("$$", "$").replace("%%", "%")

    def test_pleases_systemd(self, tmp_path: Path) -> None:
        analyze = tool("systemd-analyze", "it is part of Debian's systemd")
        for unit in (SERVICE, TIMER):
            shutil.copy(unit, tmp_path)
        units = [str(tmp_path / unit.name) for unit in (SERVICE, TIMER)]
        done = subprocess.run([analyze, "verify", *units], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")

    def test_is_locked_down(self, tmp_path: Path) -> None:
        """systemd's own measure of exposure: 0 to 10, and up to 2 counts as well protected."""
        analyze = tool("systemd-analyze", "it is part of Debian's systemd")
        shutil.copy(SERVICE, tmp_path)
        command = [analyze, "security", "--offline=yes", "--no-pager", "--threshold=20", str(tmp_path / SERVICE.name)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-200:]

    def test_collects_into_a_bundle_of_its_own_and_judges_that(self, runs: Runs) -> None:
        assert runs.run(self.script(), "/bin/sh -euc", scan=1, env={"CONFIGURATION_DIRECTORY": "/etc/jwksgov"}) == 1
        collect, scan = map(shlex.split, runs.called())
        assert [accepted(collect), accepted(scan)] == ["collect", "scan"]
        bundle = parser().parse_args(collect).output
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d{6}Z\.zip", bundle)
        assert parser().parse_args(scan).targets == [bundle]
        assert parser().parse_args(scan).config == "/etc/jwksgov/jwksgov.yaml"

    def test_judges_nothing_where_nothing_was_collected(self, runs: Runs) -> None:
        assert runs.run(self.script(), "/bin/sh -euc", collect=2, env={"CONFIGURATION_DIRECTORY": "/etc/jwksgov"}) == 2
        assert [call.split()[0] for call in runs.called()] == ["collect"]

    def test_judges_the_bundle_of_a_total_outage(self, runs: Runs) -> None:
        """Its report and metrics say that nothing was reached."""
        assert runs.run(self.script(), "/bin/sh -euc", collect=3, scan=3, env={"CONFIGURATION_DIRECTORY": "/etc/jwksgov"}) == 3
        assert [call.split()[0] for call in runs.called()] == ["collect", "scan"]

    def test_takes_out_old_runs_and_nothing_else(self, tmp_path: Path) -> None:
        found = re.search(r"^ExecStartPost=(/usr/bin/find .*)$", SERVICE.read_text("utf-8"), re.MULTILINE)
        assert found is not None
        names = ("2026-01-01T040000Z.zip", "2026-01-01T040000Z.json", "2026-06-01T040000Z.zip", "notes.json")
        for name in names:
            (tmp_path / name).write_text("")
            if not name.startswith("2026-06"):
                os.utime(tmp_path / name, (0, 0))
        subprocess.run(shlex.split(found[1]), cwd=tmp_path, check=True)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-06-01T040000Z.zip", "notes.json"]


def pod() -> dict[str, Any]:
    job: dict[str, Any] = documents(KUBERNETES)[-1]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return job


class TestTheCronJob:
    @pytest.mark.parametrize("version", ["1.29", "1.33"])
    def test_follows_the_schema(self, version: str) -> None:
        """Strictly: an unknown member is one that the server would drop."""
        command = [sys.executable, "-m", "kubernetes_validate", "-k", version, "--strict", "--quiet", str(KUBERNETES)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def test_meets_the_restricted_pod_security_standard(self) -> None:
        """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted"""
        spec = pod()
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not any(spec.get(name) for name in ("hostNetwork", "hostPID", "hostIPC"))
        kinds = {kind for volume in spec["volumes"] for kind in volume if kind != "name"}
        assert kinds <= {"configMap", "emptyDir", "persistentVolumeClaim"}
        for container in (*spec["initContainers"], *spec["containers"]):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }

    def test_never_runs_twice_at_once_nor_for_ever(self) -> None:
        spec = documents(KUBERNETES)[-1]["spec"]
        assert spec["concurrencyPolicy"] == "Forbid"
        assert spec["startingDeadlineSeconds"] > 0
        assert 0 < spec["jobTemplate"]["spec"]["activeDeadlineSeconds"] <= 3600
        assert spec["jobTemplate"]["spec"]["backoffLimit"] == 0

    def test_calls_jwksgov_as_it_can_be_called(self) -> None:
        """The bundle that the first container writes is the one that the second judges."""
        (collect,), (scan,) = pod()["initContainers"], pod()["containers"]
        assert (accepted(collect["args"]), accepted(scan["args"])) == ("collect", "scan")
        first, second = (parser().parse_args(each["args"]) for each in (collect, scan))
        assert second.targets == [first.output]
        assert first.config == second.config == "/etc/jwksgov/jwksgov.yaml"

    def test_mounts_a_configuration_that_is_taken(self) -> None:
        (text,) = documents(KUBERNETES)[0]["data"].values()
        assert parse_config(text.encode(), "jwksgov.yaml").issuers[0].issuer == "https://login.example.com"


class TestThePage:
    def test_shows_the_commands_as_they_can_be_called(self) -> None:
        page = (ROOT / "docs" / "schedule.md").read_text("utf-8")
        blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        found = [accepted(call) for language, block in blocks if not language for call in calls(block)]
        assert found == ["collect", "scan"]
