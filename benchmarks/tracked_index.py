#!/usr/bin/env python3
"""What reading git's index costs: a tree of many tracked files, listed without and with something that git ignores.

usage: tracked_index.py [--files 100000]

Prints CPU seconds for the listing alone (the index is not read), for the listing with one ignored file (it is), and for the
index alone in each version; beside it what `git ls-files` takes for the same.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))


def main() -> int:
    """Make the tree, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=100_000)
    files = parser.parse_args().files
    with tempfile.TemporaryDirectory() as temporary:
        tree = Path(temporary)
        _make_tree(tree, files)
        print(f"{files} tracked files")
        _print("listing, nothing ignored", lambda: _list(tree))
        (tree / ".gitignore").write_text("ignored.yaml\n")
        (tree / "ignored.yaml").write_text("a: 1\n")
        _print("listing, one file ignored", lambda: _list(tree))
        for version in ("2", "4"):
            subprocess.run(["git", "-C", str(tree), "update-index", "--index-version", version], check=True)
            size = (tree / ".git" / "index").stat().st_size
            _print(f"index alone, version {version}, {size // 1024} KiB", lambda: _ask(tree))
        begin = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(["git", "-C", str(tree), "ls-files"], check=True, stdout=subprocess.DEVNULL)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"{'git ls-files':45} {end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime:7.3f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB")
    return 0


def _make_tree(tree: Path, files: int) -> None:
    for folder in range(files // 100):
        path = tree / "services" / f"team-{folder % 37}" / f"service-{folder}" / "deploy"
        path.mkdir(parents=True)
        for number in range(100):
            (path / f"manifest-{number}.yaml").touch()
    subprocess.run(["git", "-C", str(tree), "init", "-q"], check=True)
    subprocess.run(["git", "-C", str(tree), "add", "-A"], check=True)


def _list(tree: Path) -> int:
    from scanner.sources.targets import files_of

    return sum(1 for _ in files_of([str(tree)]))


def _ask(tree: Path) -> bool:
    from scanner.sources.tracked.tracked import TrackedFiles

    return TrackedFiles(str(tree)).has_file(str(tree / "services" / "nothing"))


def _print(what: str, work: Callable[[], object]) -> None:
    times = []
    for _ in range(3):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    print(f"{what:45} {min(times):7.3f} s")


if __name__ == "__main__":
    sys.exit(main())
