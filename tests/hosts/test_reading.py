r"""What clients make of a URL, compared with the clients themselves: Node (WHATWG URL), Python, and curl where they are here.

The safe reading: no client reaches a host over a scheme that the reading does not name, unless the reading calls it odd.
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
from urllib.parse import urlsplit

import httpx
import pytest

from scanner.hosts.reading import read_url

HOST = "keys.example.net"
BEGINNINGS = (
    "http://", "http:/", "http:", "http:\\\\", "http:\\", "http:/\\", "http:\\/", "http:///", "http:////", "HTTP://", "hTTp:/",
    "ht\ttp://", "http\n://", "http:\t//", "http:/\r/", " http://", "\thttp://", "\x01http://", "url:http://",
)  # fmt: skip
HOSTS = (
    HOST, HOST.upper(), f"{HOST}.", f"{HOST}:80",
    "keys。example。net", "ｋeys．example．net", "keys｡example.net", "keys%2eexample%2Enet",
    "%6Beys.example.net", "keys.exa\u200bmple.net", "keys.exa\u00admple.net", "keys.exa\ufeffmple.net", "keys\t.example.net",
    f"user@{HOST}", f"login.example.com@{HOST}", f"login.example.com:443@{HOST}", f"a@b@{HOST}",
)  # fmt: skip
PATHS = ("/jwks", "\\jwks", "?a=b", "#x", "", "/a@b", "\\@login.example.com/")
ADDRESSES = (
    "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/", "http://127.1/", "http://0177.0.0.1/", "http://127.0.0.1./",
    "http:\\\\127.1", "http://①②⑦.1/", "http://%31%32%37.1/",
)  # fmt: skip
SPELLINGS = [a + b + c for a, b, c in itertools.product(BEGINNINGS, HOSTS, PATHS)]


def ask_node(urls: list[str]) -> list[tuple[str, str] | None]:
    """Scheme and host by Node's URL; None for a text that it refuses."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("loader: Node.js is not installed (.ci/run installs it)")
    program = (
        "let t='';process.stdin.on('data',d=>t+=d).on('end',()=>console.log(JSON.stringify(JSON.parse(t).map(u=>{"
        "try{const x=new URL(u);return [x.protocol.slice(0,-1),x.hostname]}catch{return null}}))))"
    )
    done = subprocess.run([node, "-e", program], input=json.dumps(urls), capture_output=True, text=True, check=True)
    return [None if each is None else (each[0], each[1].rstrip(".")) for each in json.loads(done.stdout)]


class TestAgainstClients:
    def test_node_reaches_no_other_host(self) -> None:
        """Each spelling that WHATWG URL reads as http leads to a host that the reading has."""
        answers = ask_node(SPELLINGS)
        read = [
            (each, found) for each, found in zip(SPELLINGS, answers, strict=True) if found and found[0] in ("http", "https")
        ]
        assert len(read) > 1500
        missed = [
            (each, found, read_url(each))
            for each, found in read
            if read_url(each).scheme != found[0] or found[1] not in read_url(each).hosts
        ]
        assert missed == []

    def test_node_reads_addresses_alike(self) -> None:
        assert set(ask_node(list(ADDRESSES))) == {("http", "127.0.0.1")}
        assert {(read_url(each).scheme, *read_url(each).hosts) for each in ADDRESSES} == {("http", "127.0.0.1")}

    def test_python_reaches_no_other_host(self) -> None:
        """httpx and urllib: where they take a host over http, the reading has it."""
        missed = []
        for each in SPELLINGS:
            found = {("http", host) for host in (_urllib_host(each), _httpx_host(each)) if host}
            reading = read_url(each)
            # what neither IDNA nor a resolver reads leads nowhere
            wrong = {host for _, host in found if host.isascii() and "%" not in host and host.rstrip(".") not in reading.hosts}
            if wrong and not (reading.disguises or reading.oddities):
                missed.append((each, wrong, reading))
        assert missed == []

    def test_curl_takes_the_host(self) -> None:
        """curl guesses http for a text without a scheme."""
        curl = shutil.which("curl")
        if curl is None:
            pytest.skip("loader: curl is not installed (.ci/run installs it)")
        texts = ("localhost:1/jwks", "127.0.0.1:1", "http:/localhost:1/jwks", "http:///localhost:1/", "http:localhost:1/x")
        for text in texts:
            done = subprocess.run([curl, "-sv", "--noproxy", "*", "-m", "2", text], capture_output=True, text=True, check=False)
            reading = read_url(text)
            if "Trying 127.0.0.1:1" in done.stderr or "Trying [::1]:1" in done.stderr:
                assert reading.hosts in (("localhost",), ("127.0.0.1",)), text
                assert reading.scheme == "http" or reading.kind == "bare", text

    @pytest.mark.parametrize("text", SPELLINGS[::7])
    def test_no_spelling_passes_for_a_plain_one(self, text: str) -> None:
        """What is not plain http is http all the same, and has a remark where a client must repair it."""
        reading = read_url(text)
        assert reading.scheme == "http"
        if reading.hosts == (HOST,) and not reading.disguises and not reading.oddities:
            assert urlsplit(text.strip(" \x01")).hostname in (HOST, f"{HOST}.")


class TestHonestSpellings:
    @pytest.mark.parametrize(
        "text",
        [
            "https://login.example.com", "https://login.example.com:8443/a?b=c#d", "HTTPS://Login.Example.com/",
            "http://keycloak:8080/realms/a", "http://10.0.0.1/", "http://[::1]:8080/", "https://[2001:db8::1]/jwks",
            "https://müller.example/", "https://例え.テスト/", "https://почта.рф/jwks", "https://xn--mller-kva.example/",
            "https://user:pw@login.example.com/", "http://fake_api/jwk.json", "https://login.example.com/{tenantid}/v2.0",
            "https://{{ .Values.host }}/jwks", "${URL}/jwks", "{{ .Values.url }}", "https://%(host)s/jwks", "https://%HOST%/",
            "accounts.google.com", "kubernetes/serviceaccount", "https", "urn:example:a", "spiffe://example.com", "My company",
            "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/a", "Société générale", "test-issuer-1@istio.io",
            "file:///etc/keys/jwks.json", "classpath:key.pub", "/etc/keys.json", "https://login.example.com/a%20b/~c",
        ],
    )  # fmt: skip
    def test_have_no_remark(self, text: str) -> None:
        reading = read_url(text)
        assert (reading.disguises, reading.oddities) == ((), ())


class TestKinds:
    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("//h.example/x", "bare"), ("\\\\h.example\\x", "bare"), ("h.example/x", "bare"), ("localhost:80/x", "bare"),
            ("ftp://h.example/x", "other"), ("file://h.example/x", "other"), ("file:\\\\h.example\\x", "other"),
            ("urn:a:b", "other"), ("javascript:a", "other"), ("data:,{}", "inline"), ("DATA:,{}", "inline"),
            ("inline://e30=", "inline"), ("file:/etc/x", "local"), ("file:///etc/x", "local"), ("file://localhost/x", "local"),
            ("classpath:x", "local"), ("/etc/x", "local"), ("./x", "local"), ("../x", "local"), ("C:\\x", "local"),
            ("jar:http://h.example/a.jar!/x", "web"), ("jar:file:/a.jar!/x", "local"), ("{{ .Values.a }}", "template"),
        ],
    )  # fmt: skip
    def test_of_texts(self, text: str, kind: str) -> None:
        assert read_url(text).kind == kind

    @pytest.mark.parametrize(
        "text", ["", " ", "\0", "\ud800", "http://\ud800/", "http:", "://", "[", "http://[", "%", "@", "\u202e"]
    )
    def test_any_text_has_a_reading(self, text: str) -> None:
        assert read_url(text).kind


def _urllib_host(text: str) -> str:
    try:
        found = urlsplit(text)
        return (found.hostname or "") if found.scheme == "http" else ""
    except ValueError:
        return ""


def _httpx_host(text: str) -> str:
    try:
        found = httpx.URL(text)
    except (httpx.InvalidURL, ValueError, TypeError):
        return ""
    return found.host if found.scheme == "http" else ""
