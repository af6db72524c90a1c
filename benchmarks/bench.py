#!/usr/bin/env python3
"""The budgets as ratios in one run: whole processes, interleaved with `python -c pass`, medians.

usage: bench.py (version | hook | unit FILES | tree FOLDER | rules) [--runs N] [--cold]

version: `--version` of each tool. hook: one Istio file, quiet, as pre-commit calls it. unit: the same for one changed
file that brings its unit of so many files, every twentieth of which trusts keys, by kind. tree: FOLDER of YAML files
against the floor "Python reads every file"; with --cold each run starts with an empty page cache (needs root).
rules: microseconds for a rule and a subject, inside one process.
Peers are taken where PATH has them; to add one, add a row to PEERS.
"""

from __future__ import annotations

import argparse
import compileall
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from benchmarks import unit_trees

HERE = pathlib.Path(__file__).parent
ISTIO = (HERE.parent / "examples" / "acme" / "mesh" / "payments.yaml").as_posix()
PASS = [sys.executable, "-c", "pass"]
READ = "import os,sys\nfor d,_,fs in os.walk(sys.argv[1]):\n  for f in fs:\n    open(os.path.join(d,f),'rb').read()"
SCHEMA = '{"type": "object", "properties": {"apiVersion": {"type": "string"}}}'


def commands(task: str, target: str, schema: str) -> dict[str, list[str]]:
    """What each tool runs for a task."""
    # as a hook calls it; modules are compiled as an installer leaves them, whatever PYTHONDONTWRITEBYTECODE says here
    compileall.compile_dir(HERE.parent / "scanner", quiet=1)
    ours = [str(pathlib.Path(sys.executable).with_name("jwksgov"))]
    if task == "version":
        return {
            "jwksgov": [*ours, "--version"],
            "yamllint": ["yamllint", "--version"],
            "check-jsonschema": ["check-jsonschema", "--version"],
        }
    if task == "hook":
        return {
            "jwksgov": [*ours, "scan", "--quiet", ISTIO],
            "yamllint": ["yamllint", "-d", "relaxed", ISTIO],
            "check-jsonschema": ["check-jsonschema", "--schemafile", schema, ISTIO],
        }
    files = [str(path) for path in pathlib.Path(target).rglob("*.y*ml")]
    return {
        "read every file": [sys.executable, "-c", READ, target],
        "jwksgov": [*ours, "scan", "--quiet", "--isolated", target],
        "yamllint": ["yamllint", "-d", "relaxed", target],
        "check-jsonschema": ["check-jsonschema", "-q", "--schemafile", schema, *files],
    }


def run(command: list[str], *, is_cold: bool = False, cwd: str | pathlib.Path = HERE.parent) -> tuple[float, int]:
    """Wall seconds and peak KiB of one process; cold: its files are not in the page cache, its program is."""
    if is_cold:
        os.sync()
        pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
        subprocess.run([command[0], "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    begin = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=cwd) as process:
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.perf_counter() - begin, usage.ru_maxrss


def compare(task: str, target: str, runs: int, *, is_cold: bool) -> None:
    """Print each tool's median, its ratio to `pass` (or to the read floor), and its peak."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as schema:
        schema.write(SCHEMA)
        schema.flush()
        tools = {name: cmd for name, cmd in commands(task, target, schema.name).items() if shutil.which(cmd[0])}
        rows: dict[str, list[tuple[float, int]]] = {name: [] for name in ("pass", *tools)}
        for _ in range(runs):
            rows["pass"].append(run(PASS))
            for name, command in tools.items():
                rows[name].append(run(command, is_cold=is_cold))
    base = statistics.median(seconds for seconds, _ in rows["pass"])
    floor = statistics.median(seconds for seconds, _ in rows["read every file"]) if task == "tree" else None
    for name, measured in rows.items():
        seconds = statistics.median(each for each, _ in measured)
        peak = max(each for _, each in measured) / 1024
        share = f"  {floor / seconds:6.3f} of the read floor" if floor else ""
        print(f"{name:18} {seconds:8.3f} s  {seconds / base:7.1f} x pass  {peak:6.1f} MiB{share}")


def units(files: int, runs: int) -> None:
    """Print for each kind of unit how long the hook takes where one of its files changes."""
    ours = [str(pathlib.Path(sys.executable).with_name("jwksgov")), "scan", "--quiet"]
    compileall.compile_dir(HERE.parent / "scanner", quiet=1)
    for make in (unit_trees.make_chart, unit_trees.make_overlay, unit_trees.make_module, unit_trees.make_application):
        with tempfile.TemporaryDirectory() as folder:
            changed = make(pathlib.Path(folder), files)
            measured = []
            for _ in range(runs):
                measured.append((run(PASS), run([*ours, changed], cwd=folder)))
        base = statistics.median(each[0] for each, _ in measured)
        seconds = statistics.median(each[0] for _, each in measured)
        peak = max(each[1] for _, each in measured) / 1024
        print(f"{make.__name__[5:]:12} of {files:4} {seconds:8.3f} s  {seconds / base:7.1f} x pass  {peak:6.1f} MiB")


def rules(runs: int) -> None:
    """Microseconds for one rule and one subject, compiled once, over the demo's bindings."""
    from datetime import UTC, datetime

    from scanner.pack.shipped import shipped_pack
    from scanner.pipeline import Pipeline
    from scanner.policy.select import select
    from scanner.sources.document import Document
    from scanner.subjects.document_subjects import subjects_of

    pack = shipped_pack(examples=True)
    chosen = select(pack, profile="baseline", changes={}, places={})
    pipeline = Pipeline(pack, chosen, at=datetime(2026, 6, 1, tzinfo=UTC), keeps_rows=False)
    evidence = pipeline.reader.read(Document("a.yaml", pathlib.Path(ISTIO).read_bytes()))
    assert evidence is not None
    subjects = [subject for subject in subjects_of(evidence) if subject.ref.kind == "binding"]
    asked = sum(rule.rule.about == "binding" for rule in chosen)
    pipeline.take(subjects[0], pipeline.part())
    measured = []
    for _ in range(runs):
        part, begin = pipeline.part(), time.perf_counter()
        for _ in range(2000):
            for subject in subjects:
                pipeline.take(subject, part)
        measured.append((time.perf_counter() - begin) / 2000 / len(subjects) / asked * 1e6)
    print(f"{statistics.median(measured):.2f} us for a rule and a binding, facts included ({asked} rules)")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def main() -> None:
    """Run one benchmark."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("task", choices=["version", "hook", "unit", "tree", "rules"])
    arguments.add_argument("target", nargs="?", default="")
    arguments.add_argument("--runs", type=int, default=9)
    arguments.add_argument("--cold", action="store_true")
    chosen = arguments.parse_args()
    if chosen.task == "unit":
        units(int(chosen.target or 40), chosen.runs)
    elif chosen.task == "rules":
        rules(chosen.runs)
    else:
        compare(chosen.task, chosen.target, chosen.runs, is_cold=chosen.cold)


if __name__ == "__main__":
    main()
