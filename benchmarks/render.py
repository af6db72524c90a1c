#!/usr/bin/env python3
"""What each format takes for a large report: seconds, peak memory and size, a process of its own for each.

usage: render.py [--findings N] [--passes N] [--profile FORMAT]

The report is made up: findings over 500 files and all rules, one in ten waived, one in ten undetermined, and ten passes for
each finding. It is stored as JSON; each process reads it and renders one format. Ratios are against `json.loads` of that file.
`--profile` shows where the time of one format goes.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import multiprocessing
import pathlib
import pstats
import resource
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from scanner.errors import Place
from scanner.findings.model import KindResults, Report, SubjectName, locate
from scanner.findings.stored import read_report
from scanner.record import changed
from scanner.renderers.choose import FORMATS, render
from tests.reports import full_report

FILES = 500


def large_report(findings: int, passes: int) -> Report:
    """The full report of the tests, many times over."""
    report = full_report(has_baseline=False)
    row = report.subjects["bindings"][0]
    waived, failed, open_ = report.findings
    made, rows = [], []
    for number in range(findings):
        place = Place(f"services/team-{number % 40}/app-{number % FILES}.yaml", number // FILES + 1, 5)
        subject = SubjectName("binding", f"{place.path}#binding:istio https://issuer-{number}.example.com")
        sample = waived if number % 10 == 0 else open_ if number % 10 == 1 else failed
        rule = report.rules[number % len(report.rules)].id
        made.append(changed(sample, rule=rule, subject=subject, location=locate(place), fingerprint=f"{number:064x}"))
        rows.append(changed(row, id=subject.id, path=place.path, line=place.line))
    summary = changed(report.summary, passed=findings * passes, failed=sum(each.result == "fail" for each in made))
    return changed(
        report,
        findings=tuple(made),
        results={"binding": _results(report.results["binding"].rules, findings, passes)},
        subjects=report.subjects | {"bindings": tuple(rows)},
        summary=summary,
    )


def _results(rules: tuple[str, ...], subjects: int, passes: int) -> KindResults:
    """The first rule fails on every subject, as many as there are of `passes` pass."""
    pattern = ("f" + "p" * passes).ljust(len(rules), "-")[: len(rules)]
    return KindResults(rules, (pattern,), (subjects,), (0,) * subjects)


def peak() -> float:
    """Peak resident memory of the process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure(path: str, format_: str) -> tuple[float, float, float, float, int]:
    """Seconds to read and to render, MiB after reading and after rendering, size in bytes."""
    begin = time.perf_counter()
    report = read_report(path)
    read, after = time.perf_counter(), peak()
    text = render(report, format_)
    return read - begin, time.perf_counter() - read, after, peak(), len(text.encode("utf-8", "replace"))


def floor(path: str) -> tuple[float, float]:
    """Seconds and MiB of `json.loads` alone."""
    begin = time.perf_counter()
    json.loads(pathlib.Path(path).read_bytes())
    return time.perf_counter() - begin, peak()


def main() -> None:
    """Make the report, measure each format, print a table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--findings", type=int, default=10_000)
    arguments.add_argument("--passes", type=int, default=10, help="passes for each finding")
    arguments.add_argument("--profile", choices=(*FORMATS, "read"))
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/large.json"
        pathlib.Path(path).write_text(render(large_report(given.findings, given.passes), "json"))
        if given.profile:
            profile(path, given.profile)
        else:
            table(path)


def table(path: str) -> None:
    """One row a format."""
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        base, memory = pool.apply(floor, (path,))
        print(f"stored: {pathlib.Path(path).stat().st_size / 2**20:.1f} MiB; json.loads: {base:.2f} s, {memory:.0f} MiB peak\n")
        print("| format | read | render | peak after reading | peak after rendering | size |\n|---|--:|--:|--:|--:|--:|")
        for format_ in FORMATS:
            read, took, before, after, size = pool.apply(measure, (path, format_))
            times = f"{read:.2f} s ({read / base:.1f} x) | {took:.2f} s ({took / base:.1f} x)"
            print(f"| {format_} | {times} | {before:.0f} MiB | {after:.0f} MiB | {size / 2**20:.2f} MiB |")


def profile(path: str, what: str) -> None:
    """The fifteen functions that take the most time."""
    report = None if what == "read" else read_report(path)
    with cProfile.Profile() as profiler:
        if report is None:
            read_report(path)
        else:
            render(report, what)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(15)


if __name__ == "__main__":
    main()
