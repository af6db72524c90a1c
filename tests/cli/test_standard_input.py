"""`jwksgov scan -`: what a program before it gives, as real processes."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import JWKSGOV, in_shell

GATEWAY = """\
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: {name: all, namespace: edge}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]
  jwt: {providers: [{name: sso, issuer: "https://login.example.com", audiences: [shop], remoteJWKS: {uri: "https://x.example.com/k"}}]}
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop, namespace: edge}
spec: {parentRefs: [{name: edge}]}
"""
POLICY = """\
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: {name: shop, namespace: edge}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: shop}]
  cors: {allowOrigins: ["https://shop.example.com"]}
"""
ISTIO = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: shop}
spec: {jwtRules: [{issuer: "https://login.example.com", jwksUri: "http://login.example.com/k", audiences: [shop]}]}
"""
STREAM = f"{GATEWAY}---\n{ROUTE}---\n{POLICY}"


def scan(given: bytes | str, *words: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    data = given.encode() if isinstance(given, str) else given
    command = [*JWKSGOV, "scan", *words, "-"]
    return subprocess.run(command, input=data, cwd=cwd, capture_output=True, timeout=120, check=False)


def report(given: bytes | str, *words: str, cwd: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(scan(given, "--format", "json", *words, cwd=cwd).stdout)
    return made


class TestAStream:
    def test_is_judged_as_one_namespace(self, tmp_path: Path) -> None:
        """A rendered chart: what its documents say together is said of the stream."""
        found = scan(STREAM, cwd=tmp_path)
        assert found.returncode == 1
        assert b"stdin.yaml:17:3: high: SecurityPolicy edge/shop replaces SecurityPolicy edge/all" in found.stdout

    def test_has_the_exit_codes_of_a_named_file(self, tmp_path: Path) -> None:
        for text in (ISTIO, GATEWAY, "a: [", "kind: Service\n"):
            (tmp_path / "named.yaml").write_text(text)
            named = subprocess.run(
                [*JWKSGOV, "scan", "named.yaml"], cwd=tmp_path, capture_output=True, timeout=120, check=False
            )
            assert scan(text, cwd=tmp_path).returncode == named.returncode

    def test_may_be_json(self, tmp_path: Path) -> None:
        items = {"apiVersion": "v1", "kind": "List", "items": [_item("http://login.example.com/k")]}
        (finding,) = report(json.dumps(items), cwd=tmp_path)["findings"]
        assert finding["location"]["path"] == "stdin.json"
        assert finding["rule"] == "jwks-uri-over-http-public"

    def test_goes_beside_named_files(self, tmp_path: Path) -> None:
        (tmp_path / "other.yaml").write_text(ISTIO)
        found = report(ISTIO, "other.yaml", cwd=tmp_path)
        assert {each["path"] for each in found["subjects"]["bindings"]} == {"stdin.yaml", "other.yaml"}
        assert found["run"]["scope"] == ["other.yaml", "-"]

    def test_that_is_too_large_is_not_assessed(self, tmp_path: Path) -> None:
        found = scan(ISTIO.encode() + b"# " + b"x" * 5 * 1024 * 1024, cwd=tmp_path)
        assert found.returncode == 3
        assert b"larger than 5 MiB" in found.stdout + found.stderr

    def test_that_is_closed_is_not_assessed(self, tmp_path: Path) -> None:
        assert in_shell("jwksgov scan - <&-", cwd=tmp_path).returncode == 3

    def test_works_in_a_pipe(self, tmp_path: Path) -> None:
        (tmp_path / "all.yaml").write_text(STREAM)
        found = in_shell("cat all.yaml | jwksgov scan - -q", cwd=tmp_path)
        assert found.returncode == 1
        assert found.stderr == ""


class TestItsName:
    def test_gives_path_and_format(self, tmp_path: Path) -> None:
        settings = (
            "mp.jwt.verify.publickey.location=http://login.example.com/k\nmp.jwt.verify.issuer=https://login.example.com\n"
        )
        found = report(settings, "--stdin-name", "src/microprofile-config.properties", cwd=tmp_path)
        assert found["subjects"]["bindings"][0]["path"] == "src/microprofile-config.properties"

    def test_gives_the_environment(self, tmp_path: Path) -> None:
        (tmp_path / ".jwksgov.yaml").write_text("paths:\n- {path: prod/**, environment: production, owner: payments}\n")
        (finding,) = report(ISTIO, "--stdin-name", "prod/rendered.yaml", cwd=tmp_path)["findings"]
        assert (finding["environment"], finding["owner"]) == ("production", "payments")

    def test_is_of_the_repository(self, tmp_path: Path) -> None:
        """As for a named file: relative to the root of the repository."""
        (tmp_path / ".git").mkdir()
        (tmp_path / "sub").mkdir()
        found = report(ISTIO, "--stdin-name", "rendered.yaml", cwd=tmp_path / "sub")
        assert found["subjects"]["bindings"][0]["path"] == "sub/rendered.yaml"

    def test_reads_nothing_around_that_file(self, tmp_path: Path) -> None:
        """Neither a configuration in its folder, nor what would be its namespace there."""
        folder = tmp_path / "apps"
        folder.mkdir()
        (folder / ".jwksgov.yaml").write_text("fail_on: [nonsense\n")
        (folder / "gateway.yaml").write_text(f"{GATEWAY}---\n{ROUTE}")
        assert scan(POLICY, "--stdin-name", "apps/policy.yaml", cwd=tmp_path).returncode == 0

    @pytest.mark.parametrize(
        "words", [("--stdin-name", "https://example.com/a.yaml"), ("--stdin-name", " "), ("--stdin-name", "folder/")]
    )
    def test_is_that_of_a_file(self, words: tuple[str, ...], tmp_path: Path) -> None:
        found = scan(ISTIO, *words, cwd=tmp_path)
        assert found.returncode == 2
        assert b"help:" in found.stderr

    def test_needs_the_target(self, tmp_path: Path) -> None:
        assert in_shell("jwksgov scan . --stdin-name a.yaml", cwd=tmp_path).returncode == 2


def _item(url: str) -> dict[str, Any]:
    rule = {"issuer": "https://login.example.com", "jwksUri": url, "audiences": ["shop"]}
    return {
        "apiVersion": "security.istio.io/v1",
        "kind": "RequestAuthentication",
        "metadata": {"name": "shop"},
        "spec": {"jwtRules": [rule]},
    }
