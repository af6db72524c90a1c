"""The wheel, and pre-commit, as a user gets them: built, installed elsewhere, run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BAD = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
spec:
  jwtRules:
    - issuer: https://login.example.com
      jwksUri: http://login.example.com/jwks.json
"""


# compiling every module of every dependency takes longer than installing them
UNCOMPILED = os.environ | {"PIP_NO_COMPILE": "1"}


def run(*command: str, cwd: Path, env: dict[str, str] = UNCOMPILED) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=600, check=False)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--outdir", str(out), ".", cwd=ROOT)
    assert built.returncode == 0, built.stdout + built.stderr
    return next(out.glob("*.whl"))


class TestTheWheel:
    def test_carries_policies_and_templates(self, wheel: Path) -> None:
        names = set(zipfile.ZipFile(wheel).namelist())
        files = [path for folder in ("policies", "templates") for path in (ROOT / folder).rglob("*") if path.is_file()]
        carried = {f"scanner/_data/{path.relative_to(ROOT).as_posix()}" for path in files if path.suffix != ".py"}
        assert len(carried) > 500
        assert carried - names == set()

    def test_carries_our_policies_in_their_stored_forms(self, wheel: Path) -> None:
        """Nobody's first run has to parse them, or to compile their conditions."""
        assert {"scanner/_data/pack.bin", "scanner/_data/conditions.bin"} <= set(zipfile.ZipFile(wheel).namelist())

    def test_runs_the_demo_in_an_empty_environment_elsewhere(self, wheel: Path, tmp_path: Path) -> None:
        assert run(sys.executable, "-m", "venv", "--without-pip", "env", cwd=tmp_path).returncode == 0
        binaries = tmp_path / "env" / "bin"
        pip = (sys.executable, "-m", "pip", "--python", str(binaries / "python"))
        installed = run(*pip, "install", "--quiet", str(wheel), cwd=tmp_path)
        assert installed.returncode == 0, installed.stderr
        shutil.copytree(ROOT / "examples" / "acme", tmp_path / "acme")
        demo = run(str(binaries / "jwksgov"), "scan", "acme", "-o", "r.sarif", "-o", "r.html", cwd=tmp_path)
        assert demo.returncode == 1, demo.stdout + demo.stderr
        assert "critical" in demo.stdout
        again = run(
            str(binaries / "python"),
            "-c",
            "import sys; from scanner.pack.shipped import shipped_pack; "
            "shipped_pack(examples=False); print('yaml' in sys.modules)",
            cwd=tmp_path,
        )
        assert again.stdout == "False\n", "the stored form was not used"
        assert (tmp_path / "r.sarif").is_file()
        assert "</html>" in (tmp_path / "r.html").read_text(encoding="utf-8")
        # one rule whose examples name samples, and one platform; the wheel has every file that the others read
        tested = run(str(binaries / "jwksgov"), "policy", "test", "rsa-modulus-too-small", "istio", cwd=tmp_path)
        assert tested.returncode == 0, tested.stdout


class TestPreCommit:
    def test_refuses_a_bad_commit_and_lets_others_pass(self, tmp_path: Path) -> None:
        """pre-commit itself, with our hook installed from a clone of this repository as it is in the working tree."""
        source = tmp_path / "jwksgov"
        ignored = shutil.ignore_patterns(".git", ".venv", ".venv-tools", "out", ".*_cache", "__pycache__", ".hypothesis")
        shutil.copytree(ROOT, source, ignore=ignored)
        user = tmp_path / "user"
        user.mkdir()
        env = UNCOMPILED | {
            "PRE_COMMIT_HOME": str(tmp_path / "cache"),
            "GIT_CONFIG_GLOBAL": str(tmp_path / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        (tmp_path / "gitconfig").write_text(
            '[user]\n\tname = T\n\temail = t@example.com\n[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n'
        )

        def git(*arguments: str, cwd: Path = user) -> subprocess.CompletedProcess[str]:
            return run("git", *arguments, cwd=cwd, env=env)

        for arguments in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "all")):
            assert git(*arguments, cwd=source).returncode == 0
        revision = git("rev-parse", "HEAD", cwd=source).stdout.strip()
        (user / ".pre-commit-config.yaml").write_text(
            f"repos:\n- repo: {source}\n  rev: {revision}\n  hooks:\n  - id: jwksgov\n"
        )
        assert git("init", "-q").returncode == 0
        hooked = run(sys.executable, "-m", "pre_commit", "install", "--install-hooks", cwd=user, env=env)
        assert hooked.returncode == 0, hooked.stdout + hooked.stderr

        (user / "values.yaml").write_text("replicas: 3\nname: [web\n,]\n")
        git("add", "-A")
        ordinary = git("commit", "-m", "ordinary YAML")
        assert ordinary.returncode == 0, ordinary.stdout + ordinary.stderr

        (user / "auth.yaml").write_text(BAD)
        git("add", "-A")
        refused = git("commit", "-m", "bad")
        assert refused.returncode != 0
        assert "jwks-uri-over-http-public" in refused.stdout + refused.stderr
        assert "auth.yaml:6" in refused.stdout + refused.stderr

        (user / "auth.yaml").write_text(BAD.replace("http:", "https:") + "      audiences: [shop]\n")
        git("add", "-A")
        good = git("commit", "-m", "good")
        assert good.returncode == 0, good.stdout + good.stderr
        assert "https" not in good.stdout
