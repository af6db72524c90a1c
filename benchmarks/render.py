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
import dataclasses
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
from scanner.findings.model import Report
from scanner.findings.stored import read_report
from scanner.policy.result import Result
from scanner.record import changed
from scanner.renderers.choose import FORMATS, render
from scanner.subjects.model import SubjectRef
from tests.reports import full_report

FILES = 500


def large_report(findings: int, passes: int) -> Report:
    """The full report of the tests, many times over."""
    report = full_report(has_baseline=False)
    places = [Place(f"services/team-{n % 40}/app-{n % FILES}.yaml", n // FILES + 1, 5) for n in range(findings)]
    made = []
    for number, place in enumerate(places):
        rule = report.rules[number % len(report.rules)]
        subject = SubjectRef("binding", f"{place.path}#binding:istio https://issuer-{number}.example.com", place)
        waived, failed, open_ = report.findings
        sample = waived if number % 10 == 0 else open_ if number % 10 == 1 else failed
        made.append(changed(sample, rule=rule, subject=subject, place=place, fingerprint=f"{number:064x}"))
    results = [Result(each.rule.rule.id, each.subject, each.result, each.message, each.place) for each in made]
    good = [changed(results[n % findings], answer="pass", message="") for n in range(findings * passes)]
    rows = [{"id": f.subject.id, "path": f.place.path, "line": f.place.line, "column": 5, "platform": "istio"} for f in made]
    summary = dataclasses.replace(report.summary, passed=len(good), failed=sum(each.result == "fail" for each in made))
    return changed(
        report,
        findings=tuple(made),
        results=tuple(results + good),
        subjects={"bindings": rows},
        summary=summary,
    )


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
