"""Formats of lines: INI and its relatives, environment files, command lines, JAAS."""

from __future__ import annotations

from scanner.files.inside import Insides
from scanner.files.read import read
from scanner.files.tree import Parsed, Unparsed, to_plain
from tests.files.trees import at, shown, tree


class TestIni:
    def test_reads_sections_quotes_remarks_and_separators(self) -> None:
        text = (
            "top = 1 # c\n; c\n[auth.jwt] ; c\nenabled = true\nurl=https://idp.example.com/#frag\n"
            'quoted = "a # \'b\' \\"c\\"" # d\nk : v ; c\nv6 = [::]:80\n'
            "empty =\nflag\nsigning_keys.${ID} = ${DIR:-/etc}/k.pem\n"
        )
        assert to_plain(tree(text, "ini")) == {
            "top": "1",
            "auth.jwt": {
                "enabled": "true",
                "url": "https://idp.example.com/#frag",
                "quoted": "a # 'b' \"c\"",
                "k": "v",
                "v6": "[::]:80",
                "empty": "",
                "flag": "",
                "signing_keys.${ID}": "${DIR:-/etc}/k.pem",
            },
        }

    def test_reads_lists_over_several_lines(self) -> None:
        text = "a = [\n  'x', # c\n\n  \"y\" , z\n]\nb = []\nc = [one] two\n"
        node = tree(text, "ini")
        assert to_plain(node) == {"a": ["x", "y", "z"], "b": [], "c": "[one] two"}
        assert (at(node, "a", 1).line, at(node, "a", 1).column) == (4, 3)

    def test_joins_what_a_backslash_or_indentation_continues(self) -> None:
        text = "[Service]\nExecStart=/bin/a \\\n  --x=1 \\\n  --y\nlist =\n    one\n    two\nNext=1\n"
        node = tree(text, "ini")
        assert to_plain(node) == {"Service": {"ExecStart": "/bin/a  --x=1  --y", "list": "one\ntwo", "Next": "1"}}
        assert (at(node, "Service", "list").line, at(node, "Service", "list").column) == (6, 5)

    def test_of_a_unit_shows_its_flags_where_they_stand(self) -> None:
        text = "[Service]\nExecStart=/bin/kube-apiserver \\\n--v=2 \\\n  --oidc-issuer-url=https://idp.example.com\n"
        node = tree(text, "ini")
        inner = Insides(text).read(at(node, "Service", "ExecStart"), "flags")
        assert isinstance(inner, Parsed)
        assert shown(text, at(inner.documents[0], "--oidc-issuer-url")) == "https://idp.example.com"
        assert shown(text, at(inner.documents[0], "--v")).startswith("2")

    def test_skips_lines_of_a_template_and_keeps_its_values(self) -> None:
        text = "{{- if .on }}\n[a]\nb = {{ .b }}\n{% endif %}\n"
        assert to_plain(tree(text, "ini")) == {"a": {"b": "{{ .b }}"}}

    def test_keeps_repeated_keys_as_a_fault_and_joins_sections(self) -> None:
        found = read(b"[a]\nx=1\n[b]\n[a]\nx=2\n", "ini")
        assert isinstance(found, Parsed)
        assert to_plain(found.documents[0]) == {"a": {"x": "2"}, "b": {}}
        assert [(fault.kind, fault.line) for fault in found.faults] == []

    def test_finds_a_repeated_key_of_one_section(self) -> None:
        found = read(b"[a]\nx=1\nx=2\n", "ini")
        assert isinstance(found, Parsed)
        assert [(fault.kind, fault.line) for fault in found.faults] == [("duplicate-member", 3)]


class TestEnv:
    TEXT = (
        "# c\nexport A=b c # d\nB='x # y'\nC=\"p\\n${Q:-r}\"\nD=${X:-https://idp.example.com}\n"
        'PEM="-----BEGIN\nabc\n-----END"\n not an entry\nE=\n'
    )

    def test_reads_quotes_exports_and_defaults(self) -> None:
        assert to_plain(tree(self.TEXT, "env")) == {
            "A": "b c",
            "B": "x # y",
            "C": "p\n${Q:-r}",
            "D": "${X:-https://idp.example.com}",
            "PEM": "-----BEGIN\nabc\n-----END",
            "E": "",
        }

    def test_knows_its_places(self) -> None:
        node = tree(self.TEXT, "env")
        assert shown(self.TEXT, at(node, "D")) == "${X:-https://idp.example.com}"
        assert (at(node, "PEM").line, at(node, "PEM").end_line) == (6, 8)

    def test_lets_the_last_win_with_a_fault(self) -> None:
        found = read(b"A=1\nA=2\n", "env")
        assert isinstance(found, Parsed)
        assert to_plain(found.documents[0]) == {"A": "2"}
        assert [(fault.kind, fault.line) for fault in found.faults] == [("duplicate-member", 2)]


class TestFlags:
    def test_are_read_in_each_spelling(self) -> None:
        text = "/bin/api --a=b --c \"d e\" \\\n  -f --g='h'i --g=2 # --no\n  --last"
        assert to_plain(tree(text, "flags")) == {
            "#command": "/bin/api", "--a": "b", "--c": "d e", "-f": True, "--g": ["hi", "2"], "--last": True,
        }  # fmt: skip

    def test_of_a_script_are_parted_by_command(self) -> None:
        text = "#!/bin/sh\nset -e\nexport OIDC_ISSUER=https://idp.example.com\nA=1 run --x 2 && other --y\necho done\n"
        parsed = read(text.encode(), "flags")
        assert isinstance(parsed, Parsed)
        assert [to_plain(node) for node in parsed.documents] == [
            {"OIDC_ISSUER": "https://idp.example.com"},
            {"A": "1", "#command": "run", "--x": "2"},
            {"#command": "other", "--y": True},
        ]

    def test_give_a_variable_once(self) -> None:
        text = "docker run -e A=1 -e B='2 3' --env C --env=D=4 image"
        assert to_plain(tree(text, "flags")) == {"#command": "docker", "A": "1", "B": "2 3", "--env": "C", "D": "4"}

    def test_keep_a_document_in_the_script_as_a_text(self) -> None:
        """A here-document of YAML or JSON is no command; one that is a script goes on being read."""
        text = (
            "cat <<EOF | apply --now\na:\n- --flag=don't\nEOF\n"
            "put <<-'X' --json\n\t{}\nX\ncat <<EOF\nrun --c 1\nEOF\necho <<<EOF --d 2\n"
        )
        parsed = read(text.encode(), "flags")
        assert isinstance(parsed, Parsed)
        assert [to_plain(node) for node in parsed.documents] == [
            {"#command": "apply", "--now": True},
            {"#command": "put", "--json": True},
            {"#command": "run", "--c": "1"},
            {"#command": "echo", "--d": "2"},
            {"heredoc.yaml": "a:\n- --flag=don't\n"},
            {"heredoc.json": "{}\n"},
        ]

    def test_know_their_places(self) -> None:
        text = "run \\\n  --issuer='https://idp.example.com' --aud x"
        node = tree(text, "flags")
        assert shown(text, at(node, "--issuer")).startswith("'https://idp.example.com'")
        assert shown(text, at(node, "--aud")) == "x"


class TestJaas:
    TEXT = (
        "KafkaServer {\n  org.example.OAuthBearerLoginModule required\n"
        '    oauth.valid.issuer.uri="https://idp.example.com" \\\n'
        '    n=5 quote="a \\"b\\"";\n  org.example.OtherLoginModule optional x="y";\n};\n'
    )

    def test_is_one_mapping_for_each_module(self) -> None:
        parsed = read(self.TEXT.encode(), "jaas")
        assert isinstance(parsed, Parsed)
        assert [to_plain(node) for node in parsed.documents] == [
            {
                "#command": "org.example.OAuthBearerLoginModule",
                "oauth.valid.issuer.uri": "https://idp.example.com",
                "n": "5",
                "quote": 'a "b"',
            },
            {"#command": "org.example.OtherLoginModule", "x": "y"},
        ]

    def test_keeps_its_places_inside_properties_inside_yaml(self) -> None:
        text = (
            "config: |\n  listener.sasl.jaas.config=org.example.OAuthBearerLoginModule required \\\n"
            '    oauth.valid.issuer.uri="https://idp.example.com" \\\n'
            '      oauth.jwks.endpoint.uri="https://idp.example.com/k" ;\n'
        )
        insides = Insides(text)
        outer = insides.read(at(tree(text, "yaml"), "config"), "properties")
        assert isinstance(outer, Parsed)
        inner = insides.read(at(outer.documents[0], "listener.sasl.jaas.config"), "jaas")
        assert isinstance(inner, Parsed)
        assert shown(text, at(inner.documents[0], "oauth.jwks.endpoint.uri")) == '"https://idp.example.com/k" ;'

    def test_without_a_login_module_is_refused(self) -> None:
        assert isinstance(read(b"a=b", "jaas"), Unparsed)
