"""What Terraform evaluates to a bad binding is seen, however it is written, or its place is told as not assessed."""

from __future__ import annotations

import random
from pathlib import Path

from tests.loaders.loaders import evaluate_with_terraform
from tests.loaders.seen import find_seen
from tests.loaders.terraform_spellings import TerraformSpelling
from tests.loaders.yaml_spellings import make_manifest

_COUNT = 200


def test_every_expression_that_terraform_evaluates_is_seen(tmp_path: Path) -> None:
    random_ = random.Random(2026)
    (files := tmp_path / "files").mkdir()
    modules = {}
    for number in range(_COUNT):
        spelling = TerraformSpelling(make_manifest(f"t{number}"), random_)
        modules[f"t{number}"] = spelling.locals, spelling.expression
        (files / f"t{number}").mkdir()
        (files / f"t{number}" / "main.tf").write_text(spelling.module(number))
    (work := tmp_path / "work").mkdir()
    loaded = evaluate_with_terraform(modules, work)
    assert all(loaded[name] == make_manifest(name) for name in modules)
    assert sorted({f"{name}/main.tf" for name in modules} - find_seen(files)) == []
