"""`jwksgov init`: the first configuration is one that everything else takes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from scanner.cli import main
from scanner.config.load import load_config
from scanner.config.model import Config

ROOT = Path(__file__).parents[2]
A, B = "https://a.example.com", "https://b.example.com"


def mesh(*rules: tuple[str | None, str | None]) -> str:
    lines = ["kind: RequestAuthentication", "metadata: {name: api}", "spec:", "  jwtRules:"]
    for issuer, jwks_uri in rules:
        lines += [f"  - issuer: {json.dumps(issuer)}" if issuer else "  - audiences: [shop]"]
        lines += [f"    jwksUri: {json.dumps(jwks_uri)}"] if jwks_uri else []
    return "\n".join(lines) + "\n"


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(**files: str) -> None:
    """Two underscores are a folder, one is a dot."""
    for name, text in files.items():
        path = Path(name.replace("__", "/").replace("_", "."))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def written() -> tuple[str, Config]:
    assert main(["init"]) == 0
    return Path(".jwksgov.yaml").read_text(), load_config(".jwksgov.yaml")


def issuers(config: Config) -> list[tuple[str, str | None]]:
    return [(note.issuer, note.jwks_uri) for note in config.issuers]


class TestWhatIsFound:
    def test_is_each_issuer_once_with_the_places_that_name_it(self) -> None:
        write(one_yaml=mesh((A, f"{A}/jwks")), two_yaml=mesh((B, None), (A, None)))
        text, config = written()
        assert issuers(config) == [(A, f"{A}/jwks"), (B, None)]
        assert f"  # trusted in one.yaml:5, two.yaml:6\n  - issuer: {A}\n" in text

    def test_takes_the_word_of_published_metadata_for_its_keys(self) -> None:
        """A consumer that takes them from elsewhere is told in a comment."""
        metadata = {"issuer": A, "jwks_uri": f"{A}/jwks", "authorization_endpoint": f"{A}/auth", "response_types_supported": []}
        write(a_yaml=mesh((A, f"{B}/copy")), login__openid_configuration="")
        Path("login/openid-configuration.json").write_text(json.dumps(metadata))
        text, config = written()
        assert issuers(config) == [(A, f"{A}/jwks")]
        assert "# published in login/openid-configuration.json:1; trusted in a.yaml:5\n" in text
        assert f"# {B}/copy is taken for its keys in a.yaml:5\n" in text

    def test_tells_what_cannot_be_listed(self) -> None:
        write(
            a_yaml=mesh((None, f"{A}/jwks"), ("http://c.example.com", None), ("{{ .Values.issuer }}", None)),
            jwks_json='{"keys": [{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}]}',
        )
        text, config = written()
        assert config.issuers == ()
        assert f"# not listed, since no issuer is named with these keys: {A}/jwks, trusted in a.yaml:6\n" in text
        assert "# not listed: 2 bindings whose issuer a file leaves open, or that is no https URL\n" in text
        assert "whose issuer is not known: jwks.json\n" in text

    def test_is_nothing_in_an_empty_folder(self) -> None:
        _, config = written()
        assert (config.issuers, [note.folder for note in config.consumers]) == ((), ["."])

    def test_does_not_depend_on_who_read_which_file(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """More than 400 files are read by several processes."""
        for number in range(450):
            write(**{f"svc__{number:03}_yaml": mesh((f"https://i{number % 50}.example.com", f"{A}/{number}"))})
        main(["init", "--dry-run"])
        first = capsys.readouterr().out
        main(["init", "--dry-run"])
        assert first == capsys.readouterr().out
        assert "https://i49.example.com" in first


class TestFolders:
    def test_are_listed_with_the_environment_that_their_name_suggests_as_a_comment(self) -> None:
        write(
            clusters__eu_prod_1__a_yaml=mesh((A, None)),
            clusters__staging__x__a_yaml=mesh((A, None)),
            services__a_yaml=mesh((A, None)),
            a_yaml=mesh((A, None)),
        )
        shutil.move("clusters/eu.prod.1", "clusters/eu-prod-1")
        text, config = written()
        assert [note.folder for note in config.consumers] == [".", "clusters/eu-prod-1", "clusters/staging", "services"]
        assert {note.environment for note in config.consumers} == {None}
        assert "  - folder: clusters/eu-prod-1\n    # environment: production\n" in text
        assert "  - folder: clusters/staging\n    # environment: staging\n" in text

    def test_do_not_narrow_what_a_scan_reads(self, capsys: pytest.CaptureFixture[str]) -> None:
        write(prod__a_yaml=mesh((A, None)), keys__jwks_json='{"keys": []}')
        written()
        capsys.readouterr()
        main(["scan", "--format", "json"])
        assert {each["path"] for each in json.loads(capsys.readouterr().out)["evidence"]} == {"prod/a.yaml", "keys/jwks.json"}

    def test_are_named_from_the_configuration(self, repository: Path) -> None:
        """Wherever the command runs."""
        write(inner__prod__a_yaml=mesh((A, None)))
        assert main(["init", "inner"]) == 0
        config = load_config("inner/.jwksgov.yaml")
        assert [note.folder for note in config.consumers] == [".", "prod"]
        assert "# trusted in prod/a.yaml:5" in (repository / "inner" / ".jwksgov.yaml").read_text()


class TestTheResult:
    def test_is_taken_by_policy_check_and_by_a_scan(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        shutil.copytree(ROOT / "examples" / "acme", repository / "acme")
        (repository / "acme" / ".jwksgov.yaml").unlink()
        assert main(["init", "acme"]) == 0
        assert "acme/.jwksgov.yaml: 5 issuers, 3 of them published here" in capsys.readouterr().out
        assert main(["policy", "check", "--config", "acme/.jwksgov.yaml"]) == 0
        assert main(["scan", "acme", "-q"]) == 1

    def test_survives_names_that_would_leave_their_line(self, repository: Path) -> None:
        folder = repository / "prod\nissuers: [x]\u2028\x1b[31m: #'\""
        folder.mkdir()
        (folder / "a.yaml").write_text(mesh((f"{A}/#x", None), (f"{A}/'\": x", None), (f"{A}/a:b", f"{A}/k?x=: y")))
        text, config = written()
        assert [note.folder for note in config.consumers] == [".", folder.name]
        assert all(note.issuer.startswith(A) for note in config.issuers)
        assert "\x1b" not in text


class TestRefusing:
    def test_never_overwrites(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(a_yaml=mesh((A, None)))
        (repository / ".jwksgov.yaml").write_text("profile: strict\n")
        assert main(["init"]) == 2
        assert "`.jwksgov.yaml` applies to this folder already" in capsys.readouterr().err
        assert (repository / ".jwksgov.yaml").read_text() == "profile: strict\n"
        assert main(["init", "--dry-run"]) == 0
        assert f"issuer: {A}" in capsys.readouterr().out
        assert (repository / ".jwksgov.yaml").read_text() == "profile: strict\n"

    def test_does_not_hide_the_configuration_above(self, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (repository / ".jwksgov.yaml").write_text("profile: strict\n")
        (repository / "inner").mkdir()
        assert main(["init", "inner"]) == 2
        assert not (repository / "inner" / ".jwksgov.yaml").exists()

    def test_wants_a_folder(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["init", "nowhere"]) == 2
        assert "`nowhere` is no folder" in capsys.readouterr().err
