"""Forms of the URLs and issuers in a binding, beside those with `https://` and a plain host."""

from __future__ import annotations

from tests.forms.form import Form, Tree

_RULE = """\
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: a, namespace: shop}
spec:
  jwtRules:
  - issuer: %s
    audiences: [shop]
    jwksUri: %s
"""
_ISSUER = "https://login.example.com"


def _keys_at(*urls: str) -> tuple[Tree, ...]:
    return tuple({"a.yaml": _RULE % (_ISSUER, f'"{url}"')} for url in urls)


def _issuers(*texts: str) -> tuple[Tree, ...]:
    return tuple({"a.yaml": _RULE % (f'"{text}"', "https://login.example.com/jwks")} for text in texts)


URL_FORMS: tuple[Form, ...] = (
    Form(
        "http with other slashes, or blanks",
        "seen",
        _keys_at(
            "http:/login.example.com/jwks",
            "http:login.example.com/jwks",
            "http:\\\\\\\\login.example.com/jwks",
            "http:///login.example.com/jwks",
            "ht\\ttp://login.example.com/jwks",
            "hTTp://login.example.com/jwks",
            "url:http://login.example.com/jwks",
        ),
    ),
    Form(
        "a URL of keys without a scheme, or with another one",
        "seen",
        _keys_at(
            "//login.example.com/jwks",
            "login.example.com/jwks",
            "ftp://login.example.com/jwks",
            "file://login.example.com/share/jwks",
            "localhost:8080/jwks",
            "ldap://login.example.com/jwks",
        ),
    ),
    Form(
        "keys within the URL, or in a file in its place",
        "seen",
        _keys_at(
            "data:application/json,%7B%22keys%22%3A%5B%5D%7D",
            "data:application/json;base64,eyJrZXlzIjpbXX0=",
            "file:///etc/keys/jwks.json",
            "classpath:jwks.json",
            "/etc/keys/jwks.json",
        ),
    ),
    Form(
        "a host that is hidden from a reader",
        "seen",
        _keys_at(
            "https://login.example\u3002com/jwks",
            "https://login.exa\\u200Bmple.com/jwks",
            "https://login.ex\u0430mple.com/jwks",
            "https://login.xn--exmple-4nf.com/jwks",
            "https://login.example.com@keys.example.net/jwks",
            "https://login.example.com\\\\@keys.example.net/jwks",
            "https://3232235777/jwks",
            "https://0x7f.1/jwks",
            "https://keys%2Eexample%2Enet/jwks",
        ),
    ),
    Form(
        "an issuer with an invisible character",
        "seen",
        _issuers(
            "https://login.example.com\\u200B",
            "https://login.example.com/\\u202Ea",
            "https://lo\\u00ADgin.example.com",
            "corporate\\uFEFFlogin",
            "https://login.example.com/\\u2060realms/a",
        ),
    ),
    Form(
        "honest issuers and URLs of other kinds",
        "quiet",
        (
            *_issuers(
                "https://m\u00fcller.example.com",
                "kubernetes/serviceaccount",
                "accounts.example.com",
                "urn:example:login",
                "spiffe://example.com",
                "https://login.example.com:8443/realms/a%20b",
            ),
            *_keys_at("https://keys.example.com./jwks?a=b", "https://[2001:db8::1]/jwks", "HTTPS://LOGIN.example.com/jwks"),
        ),
    ),
)
