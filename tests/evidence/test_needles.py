"""Recognition by needles: every needle of a read must occur, wherever it stands in the file."""

from __future__ import annotations

import pytest

from scanner.evidence.bindings.reader import PlatformReaders
from scanner.evidence.bindings.recognition import KeywordIndex, join_lines
from scanner.pack.platform import Platform, Read
from scanner.pack.shipped import shipped_pack

READERS = PlatformReaders(shipped_pack(examples=True).platforms)
ORDINARY = {
    "deployment.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: cart}\nspec:\n  template:\n"
    "    spec:\n      containers:\n      - name: cart\n        image: cart:1\n        env: [{name: KEY, value: x}]\n"
    "        livenessProbe: {httpGet: {path: /health, port: 8080}}\n      volumes: [{name: config, configMap: {name: c}}]\n",
    "service.yaml": "kind: Service\nspec: {type: ClusterIP, ports: [{port: 80, targetPort: http}], selector: {app: cart}}\n",
    "ingress.yaml": "kind: Ingress\nspec: {rules: [{host: example.com, http: {paths: [{path: /, pathType: Prefix}]}}]}\n",
    "configmap.yaml": "kind: ConfigMap\ndata:\n  app.conf: |\n    server { listen 80; }\n  map.json: '{\"a\": [1]}'\n",
    "package.json": '{"name": "shop", "scripts": {"test": "jest"}, "config": {"port": 1}}',
    "workflow.yml": "on: push\npermissions: {id-token: write}\njobs: {a: {steps: [{uses: actions/checkout@v4}]}}\n",
    "main.tf": 'terraform {\n  required_providers { aws = { source = "aws" } }\n}\nresource "aws_s3_bucket" "b" {\n}\n',
    "pyproject.toml": '[project]\nname = "shop"\n[tool.ruff]\nselect = ["E"]\n',
    "web.xml": "<configuration><appSettings><add key='colour' value='1'/></appSettings></configuration>",
    "nginx.conf": "http { map $a $b { default 1; } server { location / { proxy_pass http://app; } } }",
}
READS = [["requestauthentication"], ["jwt", "issuer"], ["issuer"], ["jwt", "x.y/z"]]


def platform(files: str) -> Platform:
    read = Read(formats=["json"], fields={"issuer": "authority"}, at=".", needles=["authority"], files=[files])
    return Platform(id="p", name="P", category="framework", version_read="1", reads=[read], behaviour={}, examples=[])


class TestNeedles:
    @pytest.mark.parametrize(
        ("text", "reads"),
        [
            (b"nothing of ours", []),
            (b"an issuer", [2]),
            (b"issuer and jwt", [1, 2]),
            (b"jwt alone", []),
            (b"jwt at x.y/z", [3]),
            (b"requestauthentications", [0]),
        ],
    )
    def test_find_the_reads_of_which_all_occur(self, text: bytes, reads: list[int]) -> None:
        assert KeywordIndex(READS).find_reads(text) == reads

    def test_are_found_where_one_ends_in_another(self) -> None:
        assert KeywordIndex([["rules"], ["jwtrules"]]).find_reads(b"jwtrules") == [0, 1]

    @pytest.mark.parametrize("before", [262_139, 262_144, 262_150, 600_000])
    def test_are_found_anywhere_in_a_large_file(self, before: int) -> None:
        text = b"-" * before + b"issuer" + b"-" * 300_000
        assert KeywordIndex(READS).find_reads(text) == [2]

    @pytest.mark.parametrize(
        ("text", "found"),
        [(b"jwt_secret and x", [0]), (b"jwks-uri, x", [0]), (b"x", []), (b"jwt_secret", []), (b"z: y.z", [1])],
    )
    def test_with_alternatives_need_one_of_them(self, text: bytes, found: list[int]) -> None:
        assert KeywordIndex([["jwt_secret|jwks-uri", "x"], ["y.z|zzz"]]).find_reads(text) == found

    def test_with_several_alternatives_name_their_read_once(self) -> None:
        assert KeywordIndex([["alpha|omega"]]).find_reads(b"alpha omega") == [0]

    def test_of_no_read_match_nothing(self) -> None:
        assert KeywordIndex([]).find_reads(b"issuer") == []

    def test_a_read_without_any_is_always_asked(self) -> None:
        assert KeywordIndex([[], ["issuer"]]).find_reads(b"") == [0]


class TestSpelling:
    """What is left out of the text that is searched, so that no other search is needed."""

    @pytest.mark.parametrize("text", [b'a: j"w"t, iss"u"er', b"j\\wt: ISS_UER", b"j\\\n  wt-is\\\r\n suer"])
    def test_a_read_is_a_candidate_with_quotes_backslashes_and_line_ends_in_its_words(self, text: bytes) -> None:
        joined, _ = join_lines(text)
        assert KeywordIndex(READS).find_candidates(joined) == [1, 2]

    def test_such_a_read_is_found_only_as_it_is_written(self) -> None:
        assert KeywordIndex(READS).find_reads(b'iss"u"er') == []

    def test_a_sign_with_a_mark_needs_the_mark(self) -> None:
        index = KeywordIndex([], signs=(b"_endpoint", b"kty"))
        assert [index.find_reads(text) for text in (b"endpoint", b"x_endpoint", b'k"ty')] == [[], [0], [1]]

    @pytest.mark.parametrize("many", [0, 99, 100, 1000])
    def test_lines_are_joined_however_many_backslashes_stand_before(self, many: int) -> None:
        joined, _ = join_lines(b"\\n" * many + b"j\\\n  wt")
        assert joined.endswith(b"jwt")

    @pytest.mark.parametrize(
        ("text", "may_escape"), [(b"a \\\n  b", False), (b"\\n\\t\\d", False), (b"\\u006a", True), (b"\\n" * 200, True)]
    )
    def test_layout_is_left_and_escapes_are_noticed(self, text: bytes, may_escape: bool) -> None:
        assert join_lines(text) == (text, may_escape)

    def test_a_folder_is_searched_like_a_file(self) -> None:
        """After some time the automaton is another one."""
        index = KeywordIndex(READS)
        texts = [b"an issuer", b" " * 600_000, b"issuer and jwt", b"x"]
        assert [index.find_reads(text) for text in texts] == [[2], [], [1, 2], []]


class TestOurPlatforms:
    def test_have_needles(self) -> None:
        """A read without one would be asked of every file there is."""
        signs = shipped_pack(examples=True).platforms.signs
        assert [name for name, reads in signs.items() if not all(each.needles for each in reads)] == []

    @pytest.mark.parametrize("name", sorted(ORDINARY))
    def test_do_not_take_ordinary_files_for_theirs(self, name: str) -> None:
        """A sign that stands everywhere makes every scan parse every file."""
        assert not READERS.is_candidate(ORDINARY[name].lower().encode(), name)


class TestPatches:
    """Each spelling of the name `op`: a file without it is not taken for a JSON patch."""

    @pytest.mark.parametrize("space", ["", " ", "\t", "\n", "\r\n", "  "])
    @pytest.mark.parametrize("name", ["op", '"op"', "'op'", r"\"op\""])
    def test_are_seen(self, name: str, space: str) -> None:
        for before in ("- ", "\n", "\t", "{", "[", ","):
            assert "patch" in READERS.look(f"{before}{name}{space}: add".encode()).groups

    @pytest.mark.parametrize("text", [r'"[{\n\"op\":\"add\"}]"', r'"[{\t\"op\" : \"add\"}]"'])
    def test_are_seen_in_a_text_with_escapes(self, text: str) -> None:
        assert "patch" in READERS.look(text.encode()).groups

    @pytest.mark.parametrize("text", ["stop: 1", "- loop: x", "hop : 1", "options: [a]", "co-op: 1"])
    def test_are_not_seen_in_other_names(self, text: str) -> None:
        assert "patch" not in READERS.look(text.encode()).groups


class TestNames:
    """A read that is for files of some name, or for strings under some name, needs the name as well."""

    PLATFORMS = PlatformReaders([platform("appsettings*.json")])

    def test_a_file_of_the_name_is_looked_at(self) -> None:
        assert self.PLATFORMS.is_candidate(b'{"authority": 1}', "appsettings.prod.json")

    def test_a_file_of_another_name_is_not(self) -> None:
        assert not self.PLATFORMS.is_candidate(b'{"authority": 1}', "package.json")

    def test_a_file_that_holds_the_name_is(self) -> None:
        assert self.PLATFORMS.is_candidate(b'data: {appsettings.json: {"authority": 1}}', "configmap.yaml")
