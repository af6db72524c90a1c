"""Would the tests notice? Changes one module of the scanner at a time, slightly, and runs the tests that should know.

    python benchmarks/mutants.py scanner/findings/fingerprint.py tests/findings --most 20

Works on a copy of the repository. Prints each mutant that survived: its line, what stood there and what stood there instead.
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand instead of a node."""
    changed = copy.deepcopy(node)
    if isinstance(changed, ast.Compare) and type(changed.ops[0]) in OPPOSITE:
        changed.ops[0] = OPPOSITE[type(changed.ops[0])]()
        yield changed
    elif isinstance(changed, ast.BoolOp):
        changed.op = ast.And() if isinstance(changed.op, ast.Or) else ast.Or()
        yield changed
    elif isinstance(changed, ast.Tuple | ast.Set | ast.List):
        yield from _without_one(changed)
    elif isinstance(changed, ast.IfExp):
        changed.body, changed.orelse = changed.orelse, changed.body
        yield changed
    elif isinstance(changed, ast.UnaryOp) and isinstance(changed.op, ast.Not):
        yield changed.operand
    elif isinstance(changed, ast.Constant) and isinstance(changed.value, int):
        changed.value = not changed.value if isinstance(changed.value, bool) else changed.value + 1
        yield changed
    elif isinstance(changed, ast.Call) and isinstance(changed.func, ast.Name) and changed.func.id in SWAPPED:
        changed.func.id = SWAPPED[changed.func.id]
        yield changed


def _without_one(changed: ast.Tuple | ast.Set | ast.List) -> Iterator[ast.AST]:
    if isinstance(getattr(changed, "ctx", None), ast.Store):
        return
    for at in range(len(changed.elts)):
        shorter = copy.deepcopy(changed)
        del shorter.elts[at]
        yield shorter


def in_annotations(tree: ast.AST) -> set[int]:
    """The nodes of annotations, which nothing evaluates."""
    inside = [getattr(node, name, None) for node in ast.walk(tree) for name in ("annotation", "returns")]
    return {id(node) for each in inside if each is not None for node in ast.walk(each)}


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Each mutant of a module: what is different, in words, and its text."""
    tree = ast.parse(source)
    left_out = in_annotations(tree)
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            for at, node in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(node, ast.expr) or id(node) in left_out:
                    continue
                for instead in changes(node):
                    _put(parent, name, at, instead)
                    yield f"{node.lineno}: {ast.unparse(node)[:90]}  →  {ast.unparse(instead)[:90]}", ast.unparse(tree)
                    _put(parent, name, at, node)


def _put(parent: ast.AST, name: str, at: int, node: ast.AST) -> None:
    value = getattr(parent, name)
    if isinstance(value, list):
        value[at] = node
    else:
        setattr(parent, name, node)


def is_noticed(copied: Path, tests: list[str]) -> bool:
    """Whether a test fails."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    ran = subprocess.run(command, cwd=copied, capture_output=True, timeout=600, check=False)
    return ran.returncode != 0


def main() -> int:
    """Survivors on standard output, a line each, then how many of how many."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("module")
    arguments.add_argument("tests", nargs="+")
    arguments.add_argument("--most", type=int, default=20, help="mutants to try, chosen by the seed")
    arguments.add_argument("--seed", default="1")
    given = arguments.parse_args()
    source = (ROOT / given.module).read_text(encoding="utf-8")
    made = list(mutants(source))
    chosen = random.Random(given.seed).sample(made, min(given.most, len(made)))
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder) / "jwksgov"
        shutil.copytree(ROOT, copied, ignore=shutil.ignore_patterns(".git", ".venv*", "out", ".*_cache", ".hypothesis"))
        if is_noticed(copied, given.tests):
            sys.exit("the tests fail without any change")
        survivors = 0
        for words, text in chosen:
            (copied / given.module).write_text(text, encoding="utf-8")
            if not is_noticed(copied, given.tests):
                survivors += 1
                print(f"survived  {given.module}:{words}", flush=True)
    print(f"{given.module}: {survivors} of {len(chosen)} survived ({len(made)} possible)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
