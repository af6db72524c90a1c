"""Manifests in several files that say something together: as a scan of their folder, and as a hook on one of them, tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.cli import main
from scanner.units.kubernetes import _cut, _find_resource

GATEWAY = """\
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata:
  name: all
  namespace: edge
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: edge}]
  jwt: {providers: [{name: sso, issuer: "https://login.example.com", audiences: [a], remoteJWKS: {uri: "https://login.example.com/k"}}]}
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
  namespace: edge
spec: {parentRefs: [{name: edge}]}
"""
POLICY = """\
# for the shop
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata:
  name: shop
  namespace: edge
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: shop}]
  cors: {allowOrigins: ["https://shop.example.com"]}
"""
AUTHENTICATION = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: shop, namespace: shop}
spec: {jwtRules: [{issuer: "https://login.example.com", jwksUri: "https://login.example.com/k", audiences: [shop]}]}
"""
OPEN = (
    "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: all, namespace: shop}\nspec: {rules: [{}]}\n"
)
DROPS = "route-policy-drops-tokens"


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Write a tree, scan it, or one of its files, and give its report."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def run(files: Mapping[str, str], *targets: str) -> dict[str, Any]:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        main(["scan", *(targets or (".",)), "--isolated", "--format", "json"])
        report: dict[str, Any] = json.loads(capsys.readouterr().out)
        return report

    return run


def told(report: dict[str, Any], result: str = "fail") -> list[tuple[str, str, int]]:
    """Rule, path and line of each finding about overriding policies, or of that result."""
    return [
        (each["rule"], each["location"]["path"], each["location"]["line"])
        for each in report["findings"]
        if each["result"] == result and each["rule"].startswith("route-policy")
    ]


class TestThePolicyOfAGateway:
    @pytest.mark.parametrize(
        "paths",
        [
            ("all.yaml", "route.yaml", "policy.yaml"),
            ("gateway/all.yaml", "apps/shop/route.yaml", "apps/shop/policy.yaml"),
            ("platform/all.yml", "routes/shop.yaml", "policies/policy.yaml"),
            ("clusters/prod/gateway/all.yaml", "clusters/prod/apps/shop/route.yaml", "clusters/prod/apps/shop/policy.yaml"),
        ],
    )
    def test_in_another_file(self, paths: tuple[str, str, str], scan: Any) -> None:
        files = dict(zip(paths, (GATEWAY, ROUTE, POLICY), strict=True))
        assert told(scan(files)) == [(DROPS, paths[2], 8)]

    def test_is_looked_for_by_a_hook_on_either_file(self, scan: Any) -> None:
        files = {"gateway/all.yaml": GATEWAY, "apps/shop/route.yaml": ROUTE, "apps/shop/policy.yaml": POLICY}
        for path in files:
            assert told(scan(files, path)) == [(DROPS, "apps/shop/policy.yaml", 8)]

    def test_in_json(self, scan: Any) -> None:
        policy = {
            "apiVersion": "gateway.envoyproxy.io/v1alpha1",
            "kind": "SecurityPolicy",
            "metadata": {"name": "shop", "namespace": "edge"},
            "spec": {"targetRefs": [{"kind": "HTTPRoute", "name": "shop"}], "cors": {}},
        }
        found = told(scan({"all.yaml": GATEWAY, "route.yaml": ROUTE, "policy.json": json.dumps(policy, indent=2)}))
        assert found == [(DROPS, "policy.json", 9)]

    def test_of_which_the_route_is_unknown_is_open(self, scan: Any) -> None:
        found = scan({"all.yaml": GATEWAY, "policy.yaml": POLICY})
        assert told(found) == []
        assert told(found, "undetermined") == [(DROPS, "policy.yaml", 8)]

    def test_of_another_gateway_than_the_routes_has_no_say(self, scan: Any) -> None:
        """What one file leaves open, another one answers."""
        files = {"all.yaml": f"{GATEWAY}---\n{POLICY}", "route.yaml": ROUTE.replace("{name: edge}", "{name: inner}")}
        report = scan(files)
        assert (told(report), told(report, "undetermined")) == ([], [])

    def test_of_an_unrelated_folder_has_no_say(self, scan: Any) -> None:
        assert told(scan({"docs/all.yaml": GATEWAY, "apps/route.yaml": ROUTE, "apps/policy.yaml": POLICY})) == []

    def test_in_alternatives_is_not_joined(self, scan: Any) -> None:
        """A folder of examples: each is a whole of its own, with the same names."""
        files = {"basic.yaml": f"{GATEWAY}---\n{ROUTE}", "cors.yaml": f"{POLICY}---\n{ROUTE}"}
        assert told(scan(files)) == []

    def test_that_is_broken_stops_nothing(self, scan: Any) -> None:
        assert told(scan({"all.yaml": f"{GATEWAY}---\na: [\n", "route.yaml": ROUTE, "policy.yaml": POLICY})) == [
            (DROPS, "policy.yaml", 8)
        ]

    def test_has_its_row(self, scan: Any) -> None:
        report = scan({"all.yaml": GATEWAY, "route.yaml": ROUTE, "policy.yaml": POLICY})
        (row,) = report["subjects"]["overrides"]
        assert (row["replaced_path"], row["replaced_line"], row["open"]) == ("all.yaml", 8, None)
        assert row["issuers"] == ["https://login.example.com"]

    def test_is_told_once(self, scan: Any) -> None:
        report = scan({"all.yaml": GATEWAY, "route.yaml": ROUTE, "policy.yaml": POLICY})
        assert len(report["subjects"]["bindings"]) == 1

    def test_can_be_accepted_at_the_route(self, scan: Any) -> None:
        waiver = f"# jwksgov: ignore[{DROPS}] a public shop; owner=shop; expires=2099-01-01\n"
        report = scan(
            {"all.yaml": GATEWAY, "route.yaml": ROUTE, "policy.yaml": POLICY.replace("spec:\n", f"spec:\n  {waiver}")}
        )
        assert [each["waived"] is not None for each in report["findings"] if each["rule"] == DROPS] == [True]


class TestAChart:
    """What its templates render is one namespace, whatever each of them says alone."""

    FILES: Mapping[str, str] = {
        "Chart.yaml": "apiVersion: v2\nname: edge\nversion: 1.0.0\n",
        "values.yaml": "namespace: edge\n",
        "values-prod.yaml": "namespace: prod\n",
        "templates/all.yaml": GATEWAY.replace("namespace: edge", "namespace: {{ .Values.namespace }}"),
        "templates/route.yaml": ROUTE.replace("namespace: edge", "namespace: {{ .Values.namespace }}"),
        "templates/policy.yaml": POLICY.replace("namespace: edge", "namespace: {{ .Values.namespace }}"),
    }

    def test_is_joined(self, scan: Any) -> None:
        report = scan(self.FILES)
        assert told(report) == [(DROPS, "templates/policy.yaml", 8)] * len(told(report))
        (row,) = report["subjects"]["overrides"]
        assert row["replaced_path"] == "templates/all.yaml"

    @pytest.mark.parametrize("path", ["templates/all.yaml", "templates/route.yaml", "templates/policy.yaml", "values.yaml"])
    def test_is_judged_again_by_a_hook_on_each_file(self, path: str, scan: Any) -> None:
        assert (DROPS, "templates/policy.yaml", 8) in told(scan(self.FILES, path))

    def test_with_a_template_that_cannot_be_read_is_read_one_by_one(self, scan: Any) -> None:
        broken = {"templates/broken.yaml": "kind: HTTPRoute\na: [{{ .Values.namespace }}\n"}
        report = scan({**self.FILES, **broken})
        assert len(report["subjects"]["bindings"]) == 1


class TestAnAuthorizationPolicy:
    def test_in_another_file(self, scan: Any) -> None:
        report = scan({"authn.yaml": AUTHENTICATION, "authz.yaml": OPEN})
        assert "missing-token-accepted" in {each["rule"] for each in report["findings"]}
        (binding,) = report["subjects"]["bindings"]
        assert binding["settings"]["requires_token"]["value"] is False

    def test_alone_binds_nothing(self, scan: Any) -> None:
        assert scan({"authz.yaml": OPEN})["subjects"]["bindings"] == []


class TestWorkloads:
    MAP = "kind: ConfigMap\nmetadata:\n  name: shop\ndata:\n  SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_ISSUER_URI: {url}\n"
    DEPLOYMENT = (
        "kind: Deployment\nmetadata:\n  name: shop\nspec:\n  template:\n    spec:\n      containers:\n      - name: shop\n"
        "        envFrom: [{configMapRef: {name: shop}}]\n"
        "        env: [{name: SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_AUDIENCES, value: shop}]\n"
    )

    def test_take_their_environment_from_another_file(self, scan: Any) -> None:
        files = {"map.yaml": self.MAP.format(url="https://login.example.com"), "deployment.yaml": self.DEPLOYMENT}
        (binding,) = scan(files)["subjects"]["bindings"]
        assert (binding["path"], binding["issuer"]) == ("map.yaml", "https://login.example.com")
        assert binding["audiences"] == ["shop"]

    def test_are_told_by_a_hook_on_either_file(self, scan: Any) -> None:
        files = {"map.yaml": self.MAP.format(url="http://login.example.com"), "deployment.yaml": self.DEPLOYMENT}
        for path in files:
            failed = {each["rule"] for each in scan(files, path)["findings"] if each["result"] == "fail"}
            assert "issuer-over-http-public" in failed
            assert "audience-not-restricted" not in failed


@given(st.text(alphabet="kind: metaSrP{}\n -'\"#%|", max_size=120))
def test_any_text_is_cut_into_its_documents(text: str) -> None:
    """Nothing is lost but the marks, and no text is refused."""
    chunks = list(_cut(text))
    assert sum(map(len, chunks)) == len(text) - 3 * (len(chunks) - 1)
    for chunk in chunks:
        _find_resource(chunk)


def test_a_long_text_costs_what_it_is_long() -> None:
    """Patterns over foreign text are linear."""
    text = "metadata:\n" + "  a: {\n" * 50_000
    assert _find_resource(text) is None
    assert len(list(_cut("---\n" * 50_000))) == 50_001
