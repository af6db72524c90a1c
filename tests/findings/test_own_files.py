"""jwksgov never judges its own files, and nobody else's file passes for one."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest

from scanner.clock import clock_at
from scanner.config.model import Config
from scanner.evidence.model import Evidence
from scanner.evidence.read_document import FileContent
from scanner.findings.baseline import write_baseline
from scanner.findings.model import Report
from scanner.findings.own_files import is_own_file
from scanner.pack.shipped import shipped_pack, shipped_path
from scanner.renderers.choose import write_report
from scanner.scan import ScanOptions, scan
from scanner.sources.bundle.format import CollectionRequest
from scanner.sources.bundle.manifest import new_manifest
from scanner.sources.exchange import Wanted
from tests.forms.form import ISTIO

_SETS = '{"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "a"}]}'
_CONFIG = "profile: strict\nissuers:\n- {issuer: https://login.example.com, jwks_uri: https://login.example.com/jwks}\n"
_WAIVERS = "waivers:\n- rule: not-a-jwk-set\n  reason: jwks_uri of a test\n  owner: us\n  expires: 2027-01-01\n"


def is_own(path: str, data: str | bytes, origin: str | None = None) -> bool:
    """Whether it is ours, once it looks relevant."""
    octets = data if isinstance(data, bytes) else data.encode()
    return is_own_file(FileContent(Evidence(path=path, sha256="", size=len(octets)), octets, origin))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    tree = tmp_path_factory.mktemp("tree")
    (tree / "a.yaml").write_text(ISTIO)
    (tree / "jwks.json").write_text(_SETS)
    (tree / "node_modules").mkdir()
    options = ScanOptions((str(tree),), Config(), jobs=1)
    return scan(options, shipped_pack(examples=False), clock_at("2026-11-29T00:00:00Z"))


def written(report: Report, format_: str) -> str:
    out = StringIO()
    if format_ == "baseline":
        write_baseline(report, out)
    else:
        write_report(report, format_, out)
    return out.getvalue()


class TestOurFiles:
    @pytest.mark.parametrize("format_", ["json", "sarif", "baseline"])
    def test_are_what_a_scan_writes(self, format_: str, report: Report) -> None:
        assert is_own("jwks-report.json", written(report, format_))

    def test_are_all_policies(self) -> None:
        """Those that are shipped have every member there is."""
        files = [path for path in sorted(Path(shipped_path()).rglob("*.yaml")) if path.name != "catalogue.yaml"]
        assert len(files) > 400
        assert not [path.name for path in files if not is_own(path.name, path.read_bytes())]

    def test_are_configuration_and_waivers(self) -> None:
        assert is_own("deploy/.jwksgov.yaml", _CONFIG)
        assert is_own("any.yaml", f"# reviewed\n{_WAIVERS}")

    def test_are_manifests_of_bundles(self) -> None:
        wanted = Wanted(issuer="https://login.example.com", jwks_uri="https://login.example.com/jwks")
        request = CollectionRequest(version="0.1.0", started="2026-08-22T00:00:00Z", wanted=(wanted,), settings={"timeout": 5})
        assert is_own("b/manifest.json", new_manifest(request).to_bytes())

    def test_may_be_larger_than_what_is_read_of_others(self, report: Report, tmp_path: Path) -> None:
        text = written(report, "json")
        end = text.rindex("]")
        row = json.dumps({"kind": "followed", "message": "x" * 1000})
        large = f'{text[:-2]},\n"notices": [{", ".join([row] * 6000)}]}}'
        assert end > 0
        (tmp_path / "r.json").write_text(large)
        assert is_own("r.json", large[: 5 * 1024 * 1024 + 1], str(tmp_path / "r.json"))


class TestOtherFiles:
    """A word of ours in somebody's file hides nothing."""

    @pytest.mark.parametrize("format_", ["json", "sarif", "baseline"])
    def test_are_those_with_one_member_more(self, format_: str, report: Report) -> None:
        text = written(report, format_)
        first, _, rest = text.partition(",")
        assert not is_own("r.json", f'{first},"endpoints":[0],{rest}')
        assert not is_own("r.json", f'{text.rstrip().removesuffix("}")},"endpoints":[0]}}')
        assert not is_own("r.json", f'{{"endpoints":[0],{text[1:]}')

    @pytest.mark.parametrize("format_", ["json", "baseline"])
    def test_are_those_with_a_member_more_inside(self, format_: str, report: Report) -> None:
        text = written(report, format_).replace('"clock":', '"spec": {"jwtRules": []}, "clock":', 1)
        assert not is_own("r.json", text)

    @pytest.mark.parametrize(
        "mark", ['"schema": "jwksgov-report/v2"', '"schema": "jwksgov-baseline/v1"', '"schema": "jwksgov-x"']
    )
    def test_are_configurations_with_our_mark(self, mark: str) -> None:
        for rest in ('"version": 3, "endpoints": [0]', '"keys": [0]', '"run": {"spec": {}}', '"findings": [{"k": 1}]', "x"):
            assert not is_own("krakend.json", f"{{{mark}, {rest}}}")

    @pytest.mark.parametrize(
        "settings",
        ['{"format": "jwksgov-bundle/v1", "spec": {}}', '{"format": "jwksgov-bundle/v1", "settings": {"a": {}}}', "{"],
    )
    def test_are_manifests_of_others(self, settings: str) -> None:
        assert not is_own("manifest.json", settings)

    def test_are_policies_with_more_in_them(self) -> None:
        rule = next(
            path for path in sorted(Path(shipped_path()).rglob("*.yaml")) if path.parent.parent.name == "rules"
        ).read_text()
        assert is_own("a.yaml", rule)
        assert not is_own("a.yaml", f"{rule}\n---\n{ISTIO}")
        assert not is_own("a.yaml", f"{ISTIO}\n---\n{rule}")
        assert not is_own("a.yaml", f"{rule}\nspring: {{}}\n")
        assert not is_own("a.yaml", f"id: a\n{ISTIO}")

    def test_are_settings_under_our_name(self) -> None:
        assert not is_own(".jwksgov.yaml", ISTIO)
        assert not is_own("other.yaml", _CONFIG)
        assert not is_own("waivers.yaml", f"{_WAIVERS}{ISTIO}")
