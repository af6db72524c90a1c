"""A configuration inside the scanned tree makes nothing weaker, and what is found does not depend on the order of targets."""

from __future__ import annotations

import itertools
import json
import os
import random
from pathlib import Path
from typing import Any

import pytest

from scanner.cli import main
from scanner.config.nested import find_roots
from scanner.pack.model import SEVERITIES
from scanner.pack.shipped import shipped_pack
from tests.cli.commands import jwksgov

BINDING = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: shop}
spec:
  jwtRules:
    - issuer: https://login.example.com
      jwksUri: https://login.example.com/jwks.json
"""
WEAK = BINDING.replace("jwksUri: https", "jwksUri: http").replace("login.example.com/jwks", "10.0.0.1/jwks")
NGINX = """\
server {
  listen 443 ssl;
  location / {
    auth_jwt "shop";
    auth_jwt_key_file /etc/nginx/keys.jwks; # jwksgov: ignore[static-key-file] lab
    auth_jwt_leeway 400s;
  }
}
"""
# P-256, and RSA with 2048 bits: what parameters of profiles and configurations are about
KEYS = json.dumps(
    {"keys": [json.loads((Path(__file__).parents[2] / f"policies/samples/{name}.json").read_text()) for name in ("rsa-2048",)]}
)
OFF = 'exclude: ["**"]\nrules: {audience-not-restricted: off}\nfail_on: none\n'
RANK = {severity: rank for rank, severity in enumerate(SEVERITIES)}


def write(folder: Path, **files: str) -> None:
    """Files below a folder; `__` stands for a slash and `_y` for `.yaml`."""
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_y", ".yaml").replace("CONFIG", ".jwksgov.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with the same two files in two folders."""
    (tmp_path / ".git").mkdir()
    write(tmp_path, a__x_y=BINDING, b__y_y=BINDING)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scan(*words: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of a run."""
    code = main(["scan", *words, "--quiet", "--jobs", "1", "--now", "2026-06-01T00:00:00Z", "-o", "report.json.out.json"])
    report = json.loads(Path("report.json.out.json").read_text())
    Path("report.json.out.json").unlink()
    return code, report


def fails(report: dict[str, Any]) -> dict[tuple[str, str, bool], int]:
    """Rule, subject and whether it is waived → the rank of its severity, of everything that fails or is undetermined."""
    return {(each["rule"], each["subject"]["id"], each["waived"]): RANK[each["severity"]] for each in report["findings"]}


def loosened(report: dict[str, Any]) -> dict[str, list[str]]:
    """The path of each nested configuration → what it says in vain."""
    return {each["path"]: each["ignored"] for each in report["subjects"]["nested_configs"] if each["ignored"]}


class TestOrder:
    def test_of_targets_changes_nothing(self, tree: Path) -> None:
        """Once the configuration nearest to the first target judged all of them."""
        write(tree, a__CONFIG=OFF, b__CONFIG="profile: strict", c__z_y=WEAK)
        reports = []
        for targets in itertools.permutations(["a/x.yaml", "b/y.yaml", "c"]):
            code, report = scan(*targets)
            del report["run"]
            reports.append((code, report))
        assert all(each == reports[0] for each in reports)
        assert reports[0][0] == 1
        assert {path for _, path, _ in fails(reports[0][1])} >= {
            "a/x.yaml#binding:istio https://login.example.com",
            "b/y.yaml#binding:istio https://login.example.com",
        }

    def test_a_folder_that_sorts_first_switches_nothing_off(self, tree: Path) -> None:
        """pre-commit passes names sorted: a pull request that adds `.a/.jwksgov.yaml` is judged as before."""
        write(tree, CONFIG="fail_on: medium", _a__x_y=BINDING)
        (tree / "_a").rename(tree / ".a")
        (tree / ".a/.jwksgov.yaml").write_text(OFF)
        ran = jwksgov("scan", ".a/.jwksgov.yaml", ".a/x.yaml", "b/y.yaml", "--quiet", cwd=tree)
        assert ran.returncode == 1
        for path in (".a/x.yaml", "b/y.yaml"):
            assert f"{path}:7:16: high: istio for https://login.example.com accepts tokens meant for any audience" in ran.stdout
        assert ".a/.jwksgov.yaml:1:10: medium:" in ran.stdout


class TestWhatANestedFileMayDo:
    def test_raise_a_severity_turn_a_rule_on_and_tighten_a_parameter(self, tree: Path) -> None:
        """For what lies below it, and nothing else."""
        rules = "{audience-not-restricted: critical, algorithms-not-listed: on}"
        write(tree, CONFIG="profile: baseline", a__CONFIG=f"rules: {rules}")
        _, report = scan(".")
        found = {(each["rule"], each["location"]["path"]): each["severity"] for each in report["findings"]}
        assert found["audience-not-restricted", "a/x.yaml"] == "critical"
        assert found["audience-not-restricted", "b/y.yaml"] == "high"
        assert ("algorithms-not-listed", "a/x.yaml") in found
        assert ("algorithms-not-listed", "b/y.yaml") not in found
        assert loosened(report) == {}

    def test_choose_a_stricter_profile(self, tree: Path) -> None:
        """Rule by rule: what it adds counts, and what it leaves out is still asked."""
        write(tree, CONFIG="profile: strict", a__CONFIG="profile: baseline", b__CONFIG="profile: strict")
        _, report = scan(".")
        found = {(each["rule"], each["location"]["path"]) for each in report["findings"]}
        assert {("algorithms-not-listed", "a/x.yaml"), ("algorithms-not-listed", "b/y.yaml")} <= found
        assert loosened(report) == {"a/.jwksgov.yaml": ["what profile baseline loosens"]}

    def test_add_owners(self, tree: Path) -> None:
        """Where the root says nothing; its globs count from its folder."""
        write(
            tree,
            CONFIG="paths: [{path: b, owner: root}]",
            a__CONFIG="paths: [{path: x.yaml, owner: web, environment: prod}]",
            b__CONFIG="consumers: [{folder: ., owner: web, environment: test}]",
        )
        _, report = scan(".")
        owned = {each["location"]["path"]: (each["owner"], each["environment"]) for each in report["findings"]}
        assert (owned["a/x.yaml"], owned["b/y.yaml"]) == (("web", "prod"), ("root", "test"))


class TestWhatItMayNot:
    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ('exclude: ["**"]', "exclude"),
            ("rules: {audience-not-restricted: off}", "rules.audience-not-restricted"),
            ("rules: {audience-not-restricted: low}", "rules.audience-not-restricted"),
            ("rules: {audience-not-restricted: {enabled: false}}", "rules.audience-not-restricted"),
            ("rules: {rsa-modulus-too-small: {params: {min_bits: 1024}}}", "rules.rsa-modulus-too-small"),
            ("fail_on: none", "fail_on"),
            ("waivers: accepted.yaml", "waivers"),
            ("baseline: old.json", "baseline"),
            ("policies: [mine]", "policies"),
            ("collect: {allow_private: [localhost]}", "collect"),
            ('rules_as_of: "0.1.0"', "rules_as_of"),
            ("issuers: [{issuer: 'https://login.example.com', state: retired}]", "issuers"),
            ("nested: full", "nested"),
            ("inline_waivers: true", "inline_waivers"),
            ("inline_waivers: false", "inline_waivers"),
        ],
    )
    def test_has_no_effect_and_is_told(self, tree: Path, text: str, told: str) -> None:
        """A finding at the member, that fails the run."""
        write(tree, CONFIG="")
        _, before = scan(".")
        write(tree, a__CONFIG=text)
        code, report = scan(".")
        assert code == 1
        assert loosened(report) == {"a/.jwksgov.yaml": [told]}
        rest = fails(report)
        assert all(rest[name] <= rank for name, rank in fails(before).items())

    def test_is_told_where_nothing_below_is_relevant(self, tree: Path) -> None:
        """What a file would switch off tomorrow is told today."""
        write(tree, CONFIG="", c__CONFIG=OFF, c__note_y="kind: Service\n")
        assert loosened(scan(".")[1]) == {"c/.jwksgov.yaml": ["exclude", "fail_on", "rules.audience-not-restricted"]}

    def test_a_file_between_counts_too(self, tree: Path) -> None:
        """The nested configurations of all folders on the way are merged, the topmost first."""
        write(tree, CONFIG="", a__CONFIG="rules: {audience-not-restricted: critical}", a__b__z_y=BINDING)
        write(tree, a__b__CONFIG="rules: {audience-not-restricted: high}")
        _, report = scan("a/b/z.yaml")
        (found,) = (each["severity"] for each in report["findings"] if each["rule"] == "audience-not-restricted")
        assert found == "critical"
        assert loosened(report) == {"a/b/.jwksgov.yaml": ["rules.audience-not-restricted"]}

    @pytest.mark.parametrize(
        "text", ["rules: [", "exlude: []", "rules: {nosuch-rule: off}", "profile: nosuch", "exclude: ['[']"]
    )
    def test_a_broken_one_stops_the_run(self, tree: Path, text: str) -> None:
        """It must not hide what lies below it."""
        write(tree, CONFIG="", a__CONFIG=text)
        ran = jwksgov("scan", ".", cwd=tree)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "a/.jwksgov.yaml" in ran.stderr

    @pytest.mark.parametrize("kind", ["pipe", "link", "folder", "nowhere"])
    @pytest.mark.parametrize("place", [".", "a"])
    def test_what_is_no_file_of_the_tree_stops_the_run(
        self, tree: Path, tmp_path_factory: pytest.TempPathFactory, kind: str, place: str
    ) -> None:
        """No pipe blocks, and no link shows a file from elsewhere."""
        elsewhere = tmp_path_factory.mktemp("elsewhere") / "secret.yaml"
        elsewhere.write_text("password: hunter2\n")
        path = tree / place / ".jwksgov.yaml"
        match kind:
            case "pipe":
                os.mkfifo(path)
            case "link":
                path.symlink_to(elsewhere)
            case "nowhere":
                path.symlink_to("nosuch")
            case _:
                path.mkdir()
        ran = jwksgov("scan", "a/x.yaml", cwd=tree)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "hunter2" not in ran.stderr

    def test_a_link_inside_the_tree_is_read(self, tree: Path) -> None:
        """Several folders may share one configuration."""
        write(tree, shared_y="rules: {audience-not-restricted: critical}")
        (tree / "a/.jwksgov.yaml").symlink_to("../shared.yaml")
        assert scan("a/x.yaml")[1]["findings"][0]["severity"] == "critical"


class TestFull:
    def test_lets_a_folder_decide(self, tree: Path) -> None:
        """What is about single files; what is about the run stays with the root."""
        write(tree, CONFIG="nested: full", a__CONFIG="rules: {audience-not-restricted: off}", b__CONFIG="exclude: [y.yaml]")
        code, report = scan(".")
        assert (code, fails(report)) == (0, {})
        write(tree, b__CONFIG="fail_on: none")
        code, report = scan(".")
        assert (code, loosened(report)) == (1, {"b/.jwksgov.yaml": ["fail_on"]})

    def test_is_for_the_root_to_say(self, tree: Path) -> None:
        """A nested file that says it of itself is told."""
        write(tree, CONFIG="", a__CONFIG="nested: full\nrules: {audience-not-restricted: off}")
        assert loosened(scan(".")[1]) == {"a/.jwksgov.yaml": ["nested", "rules.audience-not-restricted"]}


class TestRoots:
    def test_the_topmost_of_the_repository_is_the_root(self, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """From wherever it is looked for."""
        write(tree, CONFIG="profile: strict", a__CONFIG="profile: baseline")
        monkeypatch.chdir(tree / "a")
        for targets in ([], ["x.yaml"], ["."], ["../b/y.yaml"]):
            assert find_roots(None, targets, is_isolated=False).config.path == f"{tree}/.jwksgov.yaml"

    def test_nothing_above_the_repository_counts(self, tree: Path) -> None:
        """Nor does a configuration that lies in one named folder count for another."""
        inner = tree / "inner"
        write(inner, z_y=BINDING)
        (inner / ".git").mkdir()
        write(tree, CONFIG="profile: strict")
        assert find_roots(None, [str(inner)], is_isolated=False).config.path is None

    def test_each_repository_has_its_own(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Rules and severities are its own; what is about the run is told as not applied."""
        for name, text in (("one", "rules: {audience-not-restricted: off}"), ("two", "profile: strict\nfail_on: none")):
            write(tmp_path / name, x_y=BINDING, CONFIG=text)
            (tmp_path / name / ".git").mkdir()
        monkeypatch.chdir(tmp_path)
        for targets in (("one", "two"), ("two", "one")):
            code, report = scan(*targets)
            assert code == 1
            found = {(each["rule"], each["location"]["path"]) for each in report["findings"]}
            assert ("audience-not-restricted", "one/x.yaml") not in found
            assert {("audience-not-restricted", "two/x.yaml"), ("algorithms-not-listed", "two/x.yaml")} <= found
            (told,) = (each for each in report["notices"] if each["kind"] == "other-configuration")
            assert told["message"].startswith("fail_on do not apply")

    def test_outside_of_repositories_the_working_folder_stands_for_one(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The nearest file upward only where the working folder has none."""
        write(tmp_path, CONFIG="", in__CONFIG="", in__a__CONFIG="", in__a__x_y=BINDING)
        monkeypatch.chdir(tmp_path / "in")
        assert find_roots(None, ["a/x.yaml"], is_isolated=False).config.path == f"{tmp_path}/in/.jwksgov.yaml"
        (tmp_path / "in/.jwksgov.yaml").unlink()
        assert find_roots(None, ["."], is_isolated=False).config.path == f"{tmp_path}/.jwksgov.yaml"

    @pytest.mark.parametrize("option", ["--isolated", "--config"])
    def test_the_tree_is_not_asked(self, tree: Path, tmp_path_factory: pytest.TempPathFactory, option: str) -> None:
        """Not even for its nested files: a pipeline has one configuration of its own, or none."""
        named = tmp_path_factory.mktemp("ours") / "ours.yaml"
        named.write_text("profile: baseline")
        write(tree, CONFIG="rules: [", a__CONFIG=OFF)
        code, report = scan(".", option, *([str(named)] if option == "--config" else []))
        assert (code, loosened(report)) == (1, {})

    def test_both_options_exclude_each_other(self) -> None:
        """As they always did."""
        with pytest.raises(Exception, match="exclude each other"):
            find_roots("x", [], is_isolated=True)


class TestNoNestedFileLowersAnything:
    SEEDS = range(40)

    @staticmethod
    def make(chance: random.Random) -> dict[str, Any]:
        """A configuration of random members, with values that may be stricter or looser than the root's."""
        rules: dict[str, Any] = {}
        pack = shipped_pack(examples=False)
        asked = [
            "audience-not-restricted", "algorithms-not-listed", "static-key-file", "jwks-uri-over-http-in-cluster",
            "clock-skew-too-long", "rsa-modulus-too-small", "waiver-incomplete", "cache-too-long", "kid-missing",
        ]  # fmt: skip
        for name in chance.sample(asked, chance.randint(0, 5)):
            params = {
                key: chance.choice([param.default * 2, param.default // 2])
                for key, param in pack.rules[name].params.items()
                if isinstance(param.default, int)
            }
            change: dict[str, Any] = {"severity": chance.choice(SEVERITIES)} if chance.random() < 0.5 else {}
            change |= {"params": params} if params and chance.random() < 0.7 else {}
            rules[name] = chance.choice(["off", "on", *SEVERITIES, change, change]) or "on"
        others: dict[str, Any] = {
            "profile": chance.choice(["baseline", "strict", "workload", "fapi2", "nist-2030", "deep"]),
            "exclude": ["**"],
            "fail_on": "none",
            "inline_waivers": chance.choice([True, False]),
            "rules_as_of": "0.0.1",
            "nested": "full",
            "paths": [{"path": "*", "owner": "web", "environment": "test"}],
        }
        return {"rules": rules} | {name: others[name] for name in chance.sample(sorted(others), chance.randint(0, 4))}

    @pytest.mark.parametrize("seed", SEEDS)
    def test_of_random_files(self, tree: Path, seed: int) -> None:
        """Everything that is found without them is found with them, at least as severe, and not waived where it was not."""
        chance = random.Random(seed)
        write(tree, a__weak_y=WEAK, a__nginx__conf="", a__deep__z_y=BINDING)
        (tree / "a/nginx/shop.conf").write_text(NGINX)
        (tree / "a/jwks.json").write_text(KEYS)
        root = {name: value for name, value in self.make(chance).items() if name in ("profile", "rules")}
        write(tree, CONFIG=json.dumps(root))
        code, report = scan(".")
        before = fails(report)
        assert before
        for folder in ("a", "a/deep", "a/nginx"):
            if chance.random() < 0.7:
                (tree / folder / ".jwksgov.yaml").write_text(json.dumps(self.make(chance)))
        after_code, report = scan(".")
        after = fails(report)
        assert after_code >= code or after_code == 1
        for (rule, subject, waived), rank in before.items():
            same = [after[key] for key in ((rule, subject, waived), (rule, subject, False)) if key in after]
            assert same, (rule, subject)
            assert min(same) <= rank, (rule, subject)


class TestTheReport:
    def test_is_the_same_whatever_the_processes(self, tree: Path) -> None:
        """Its table has all rules that were asked anywhere, and agrees with the findings."""
        for number in range(420):
            write(tree, **{f"d{number % 7}__f{number}_y": BINDING})
        write(tree, CONFIG="", d1__CONFIG="profile: strict", d2__CONFIG="rules: {audience-not-restricted: critical}")
        words = ("scan", ".", "--format", "json", "--now", "2026-06-01T00:00:00Z", "--jobs")
        outputs = [jwksgov(*words, jobs, cwd=tree) for jobs in "13"]
        assert outputs[0].stdout == outputs[1].stdout
        report = json.loads(outputs[0].stdout)
        table = report["results"]["binding"]
        assert "algorithms-not-listed" in table["rules"]
        severities = {each["id"]: each["severity"] for each in report["rules"]}
        assert severities["audience-not-restricted"] == "critical"
        assert all(len(pattern) == len(table["rules"]) for pattern in table["patterns"])
        told: dict[str, set[str]] = {}
        for each in report["findings"]:
            told.setdefault(each["subject"]["id"], set()).add(each["rule"])
        for row, number in zip(report["subjects"]["bindings"], table["subjects"], strict=True):
            letters = zip(table["rules"], table["patterns"][number], strict=True)
            assert {rule for rule, letter in letters if letter in "fu"} == told.get(row["id"], set())


class TestParameters:
    def test_have_a_direction(self) -> None:
        """Without one a nested configuration cannot change a parameter."""
        for rule in shipped_pack(examples=False).rules.values():
            for name, param in rule.params.items():
                assert param.stricter is not None, (rule.id, name)
                assert (param.stricter in ("more", "fewer")) == isinstance(param.default, list), (rule.id, name)
                assert param.is_stricter(param.default, param.default)
