"""Vault's JWT mounts, as scripts and payload files configure them together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.files.read import read_text
from scanner.files.tree import Parsed
from scanner.units.made import MadeText
from scanner.units.vault.commands import Script, Write
from scanner.units.vault.kind import Vault
from tests.units.unit_trees import companions_of, find_unit, origins_of, plant, read_variants, spot_of

CONFIG = '{"oidc_discovery_url": "https://ci.example.com"}'
ROLE = '{"role_type": "jwt", "user_claim": "sub", "bound_audiences": ["vault"]}'
WRITES = "vault write auth/jwt/config @config.json\nvault write auth/jwt/role/ci @roles/ci.json\n"


def writes(text: str) -> list[Write]:
    return list(Script("a.sh", text).list_writes())


def members(text: str) -> dict[str, str]:
    (write,) = writes(text)
    return {name: given_.text for name, given_ in write.members}


def mounts(root: Path, files: Mapping[str, str], name: str) -> list[dict[str, Any]]:
    """What the files make, as the unit of one of them tells it."""
    plant(root, files)
    (plain, _) = read_variants(Vault(), root, name)[""]
    found: list[dict[str, Any]] = plain["vault_jwt_mounts"]
    return found


class TestCommands:
    """https://developer.hashicorp.com/vault/docs/commands/write: members as words, @file, and - for standard input."""

    @pytest.mark.parametrize(
        "command",
        [
            "vault write auth/jwt/config jwks_url=https://a",
            "bao write -namespace=ns auth/jwt/config jwks_url=https://a",
            '$VAULT write "auth/jwt/config" "jwks_url=https://a"',
            "vault write \\\n  auth/jwt/config \\\n  jwks_url='https://a'",
            'kubectl exec vault-0 -- sh -c "vault write auth/jwt/config jwks_url=https://a"',
            "if true; then vault write auth/jwt/config jwks_url=https://a; fi",
        ],
    )
    def test_members_are_words(self, command: str) -> None:
        assert members(command)["jwks_url"] == "https://a"

    def test_a_mount_may_have_any_path(self) -> None:
        (write,) = writes("vault write auth/team/${NAME}/role/ci user_claim=sub")
        assert (write.mount, write.role) == ("team/${NAME}", "ci")

    def test_a_here_document_is_standard_input(self) -> None:
        (write,) = writes(f"vault write auth/jwt/role/ci - <<'EOF'\n{ROLE}\nEOF\necho it\\'s done\n")
        assert (json.loads(write.json[0].text), write.json[0].at.line) == (json.loads(ROLE), 2)

    @pytest.mark.parametrize("data", ["-d @a.json", "--data @a.json", "--data=@a.json"])
    def test_a_request_is_a_write(self, data: str) -> None:
        (write,) = writes(f'curl -H "X-Vault-Token: $T" {data} https://vault.example.com/v1/auth/jwt/config')
        assert write.files == ("a.json",)

    @pytest.mark.parametrize(
        "command", ["vault read auth/jwt/config", "curl $A/v1/auth/jwt/config", "# vault write auth/jwt/config a=b"]
    )
    def test_what_only_reads_is_none(self, command: str) -> None:
        assert writes(command) == []

    def test_variables_that_are_set_once_are_filled_in(self) -> None:
        (write,) = writes("A=\"https://a\"\nB=1\nB=2\nvault write auth/jwt/config jwks_url=$A/${B}/$(date) bound_issuer='$A'\n")
        given_ = dict(write.members)
        assert given_["jwks_url"].text == "https://a/${B}/${command}"
        assert (given_["jwks_url"].written, given_["jwks_url"].origins[0].line) == ("$A/${B}/$(date)", 1)
        assert given_["bound_issuer"].text == "$A"


class TestTheUnit:
    def test_a_script_says_which_file_is_which(self, tmp_path: Path) -> None:
        files = {"setup.sh": WRITES, "config.json": CONFIG, "roles/ci.json": ROLE}
        for name in files:
            (mount,) = mounts(tmp_path, files, name)
            assert (mount["config"], mount["roles"]) == (json.loads(CONFIG), [json.loads(ROLE)])

    def test_a_config_that_only_its_script_tells_is_read(self, tmp_path: Path) -> None:
        files = {"setup.sh": WRITES, "config.json": '{"jwks_url": "https://a"}'}
        assert mounts(tmp_path, files, "config.json")[0]["config"] == {"jwks_url": "https://a"}

    def test_the_folder_of_a_file_may_be_a_variable(self, tmp_path: Path) -> None:
        files = {"v/setup.sh": 'vault write auth/jwt/config @"$(dirname "$0")/config.json"\n', "v/config.json": CONFIG}
        files["v/setup.sh"] += "vault write auth/jwt/role/ci @${DIR}/r/ci.json\n"
        (mount,) = mounts(tmp_path, files | {"v/r/ci.json": ROLE}, "v/setup.sh")
        assert (mount["config"], mount["roles"]) == (json.loads(CONFIG), [json.loads(ROLE)])

    def test_payload_files_of_a_folder_belong_together(self, tmp_path: Path) -> None:
        (mount,) = mounts(tmp_path, {"v/config.json": CONFIG, "v/roles/ci.json": ROLE}, "v/roles/ci.json")
        assert (mount["config"], mount["roles"]) == (json.loads(CONFIG), [json.loads(ROLE)])

    def test_of_several_mounts_nobody_can_say_whose_a_role_is(self, tmp_path: Path) -> None:
        found = mounts(tmp_path, {"a.json": CONFIG, "b.json": CONFIG, "role.json": ROLE}, "role.json")
        assert [sorted(set(each) - {"path"}) for each in found] == [["config"], ["config"], ["roles"]]

    def test_other_auth_methods_are_left_alone(self, tmp_path: Path) -> None:
        plant(
            tmp_path,
            {"a.sh": "vault write auth/kubernetes/config kubernetes_host=https://a\nvault write auth/aws/role/a policies=b\n"},
        )
        assert find_unit(Vault(), tmp_path, "a.sh") is None

    def test_each_value_has_its_place(self, tmp_path: Path) -> None:
        script = (
            "A=https://a\nvault write auth/jwt/config jwks_url=$A bound_issuer=https://b\nvault write auth/jwt/role/a @r.json\n"
        )
        plant(tmp_path, {"a.sh": script, "r.json": '{"user_claim": "sub",\n "bound_subject": "s:*"}'})
        made = read_variants(Vault(), tmp_path, "a.sh")[""][1]
        assert spot_of(made, "https://b") == ("a.sh", 2, 54)
        assert spot_of(made, "s:*") == ("r.json", 2, 20)
        assert origins_of(made, "https://a") == [("a.sh", 1, "value")]

    def test_lists_and_objects_are_read_as_vault_reads_them(self, tmp_path: Path) -> None:
        command = """vault write auth/jwt/role/a user_claim=sub bound_audiences="a,b" bound_claims='{"repository": "*"}'\n"""
        (role,) = mounts(tmp_path, {"a.sh": command}, "a.sh")[0]["roles"]
        assert (role["bound_audiences"], role["bound_claims"]) == (["a", "b"], {"repository": "*"})

    def test_the_files_of_a_unit_go_together(self, tmp_path: Path) -> None:
        plant(tmp_path, {"setup.sh": WRITES, "config.json": CONFIG, "roles/ci.json": ROLE, "other.json": "{}"})
        assert companions_of(Vault(), tmp_path, "roles/ci.json") == ["config.json", "setup.sh"]

    def test_files_outside_are_not_read(self, tmp_path: Path) -> None:
        plant(
            tmp_path,
            {
                "config.json": CONFIG,
                "in/a.sh": "vault write auth/jwt/config @../config.json\nvault write auth/jwt/role/a user_claim=b\n",
            },
        )
        assert "config" not in mounts(tmp_path / "in", {}, "a.sh")[0]


@given(st.text(st.sampled_from("vault write auth/jwt/config role/a @{}=\"'$<EOF\n\\;|-d "), max_size=200))
def test_any_text_is_read(text: str) -> None:
    """The text of a unit is JSON, whatever the script says."""
    with TemporaryDirectory() as folder:
        plant(Path(folder), {"a.sh": f"{WRITES}{text}", "config.json": CONFIG, "roles/ci.json": ROLE})
        for made in read_variants(Vault(), Path(folder), "a.sh").values():
            assert isinstance(made[1].text, MadeText)
            assert isinstance(read_text(made[1].text.text, "json"), Parsed)
