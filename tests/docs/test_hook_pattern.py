"""The hook's `files:` pattern passes every file that a scan of the folder would open, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scanner.files.formats import OPENED, TEMPLATE_ENDINGS, may_hold
from scanner.pack.shipped import shipped_pack

_HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
_FOUND = re.search(r"^  files: '(.+)'$", _HOOKS.read_text(), re.MULTILINE)
assert _FOUND is not None
PATTERN = re.compile(_FOUND[1])
NAMES = (
    *(f"deploy/a.{ending}" for ending in sorted(OPENED)),
    *(f"A.{ending.upper()}" for ending in sorted(OPENED)),
    *(f"a.{ending}.{template}" for ending in sorted(OPENED) for template in TEMPLATE_ENDINGS),
    *(f"a.{ending}." for ending in sorted(OPENED)),
    *(f"a.{ending}.{copy}" for ending in sorted(OPENED) for copy in ("bak", "orig", "example", "sample", "dist", "old")),
    ".env", ".env.production", "deploy/app.env.local", "prod.env", "Caddyfile", "Dockerfile", "Dockerfile.prod",
    "web.Dockerfile", "charts/shop/values.yaml", "charts/shop/values-prod.yaml", "charts/shop/values.prod.yaml.gotmpl",
    "charts/shop/Chart.yaml", "charts/shop/templates/_helpers.tpl", "charts/shop/values/prod", "kustomization.yaml",
    "overlays/prod/Kustomization", "overlays/prod/patch.json", "terraform.tfvars", "prod.auto.tfvars", "prod.tfvars.json",
    "main.tofu", "main.tf.json", "roles.tftpl", "terragrunt.hcl", ".env", "prod/.env.local", "compose.override.yml",
    "appsettings.json", "appsettings.Production.json", "application-prod.properties", "config/bootstrap.yml",
    "sites-enabled/shop", "conf.d/x", "etc/nginx.d/site", "LICENSE", "Makefile", "id_rsa", ".ssh/id_ed25519", "bin/run.",
    "README.md", "readme.txt", ".gitignore", ".gitattributes", ".editorconfig", "src/main.py", "photo.png",
    "poetry.lock", "Cargo.lock", "go.mod", "go.sum", "web/yarn.lock", "requirements-dev.txt", "requirements.txt.bak",
    "Gemfile.lock", "src/gradle.lockfile", "Directory.Packages.props", "other.lock",
    "a.b/c.go", "a.yaml/x.md",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_passes_what_a_folder_opens(name: str) -> None:
    assert bool(PATTERN.search(name)) is may_hold(name.rsplit("/", 1)[-1])


def test_passes_every_file_that_a_platform_names() -> None:
    """A platform's `files:` are globs on the base name; each of their names is opened."""
    globs = {
        glob for platform in shipped_pack(examples=False).platforms.values() for read in platform.reads for glob in read.files
    }
    assert globs
    for glob in globs:
        name = re.sub(r"\[(.)[^]]*\]", r"\1", glob).replace("*", "x").replace("?", "x")
        assert PATTERN.search(name), glob
        assert may_hold(name), glob


def test_passes_the_file_of_every_example() -> None:
    """What an example of a platform shows is passed to the hook too."""
    for platform in shipped_pack(examples=True).platforms.values():
        for example in platform.examples:
            assert PATTERN.search(example.file), (platform.id, example.file)
