"""Forms of spelling: names that the bytes do not show and every parser reads, and texts that only look like such."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from tests.forms.form import ISTIO, Form, Tree

_BENIGN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {level: info}\n"
_KIND = "RequestAuthentication"
_JSON = '{"Authentication": {"Schemes": {"Bearer": {"Authority": "http://login.example.com", "RequireHttpsMetadata": false}}}}'
_SPRING = "spring.security.oauth2.resourceserver.jwt.jwk-set-uri=http://login.example.com/jwks\n"
_GOOD = ISTIO.replace("http:", "https:")
_GOOD_JSON = (
    '{"Authentication": {"Schemes": {"Bearer": {"Authority": "https://login.example.com", '
    '"ValidIssuer": "https://login.example.com", "ValidAudience": "shop"}}}}'
)
_GOOD_SPRING = "".join(
    f"spring.security.oauth2.resourceserver.jwt.{name}={value}\n"
    for name, value in (("issuer-uri", "https://login.example.com"), ("audiences", "shop"))
)
_ENCODINGS = {
    "utf-16": b"", "utf-16-be": b"\xfe\xff", "utf-32": b"", "utf-32-be": b"\0\0\xfe\xff",
    "utf-8-sig": b"",
}  # fmt: skip


def _escape(name: str, form: str) -> str:
    """The name with every second letter as an escape."""
    return "".join(form % ord(letter) if at % 2 else letter for at, letter in enumerate(name))


def _encoded() -> Iterator[Tree]:
    for encoding, mark in _ENCODINGS.items():
        yield {"a.yaml": mark + ISTIO.encode(encoding)}
        yield {"appsettings.json": mark + _JSON.encode(encoding)}
    for encoding in ("utf-16-le", "utf-16-be", "utf-32-le"):
        yield {"appsettings.json": _JSON.encode(encoding)}


def _escaped() -> Iterator[Tree]:
    for form in ("\\x%02x", "\\u%04x", "\\U%08X"):
        yield {"a.yaml": ISTIO.replace(_KIND, f'"{_escape(_KIND, form)}"')}
        yield {
            "a.yaml": ISTIO.replace("jwtRules:", f'"{_escape("jwtRules", form)}":').replace(_KIND, f'"{_escape(_KIND, form)}"')
        }
    for name in ("Authentication", "Schemes", "Authority"):
        yield {"appsettings.json": _JSON.replace(f'"{name}"', '"' + _escape(name, "\\u%04X") + '"')}
    yield {"a.yaml": ISTIO.replace(_KIND, '"Request\\\n    Authentication"')}
    yield {"application.properties": _SPRING.replace("jwt", _escape("jwt", "\\u%04x"))}
    yield {"application.properties": _SPRING.replace("jwt", "\\jw\\\n   t")}
    yield {"application.properties": _SPRING.replace("resourceserver", "re\\source\\server").replace("jwt", "\\jwt")}


def _tagged() -> Iterator[Tree]:
    kind = base64.b64encode(_KIND.encode()).decode()
    rules = base64.b64encode(b"jwtRules").decode()
    yield {"a.yaml": ISTIO.replace(_KIND, f"!!binary {kind}")}
    yield {"a.yaml": ISTIO.replace(_KIND, f"!<tag:yaml.org,2002:binary> {kind}")}
    yield {"a.yaml": f"%TAG !b! tag:yaml.org,2002:\n---\n{ISTIO.replace(_KIND, f'!b!binary {kind}')}"}
    yield {"a.yaml": f"%TAG !b! tag:yaml.org,2002:bin\n---\n{ISTIO.replace(_KIND, f'!b!ary {kind}')}"}
    yield {"a.yaml": ISTIO.replace("jwtRules", f"!!binary {rules}")}
    yield {"a.yaml": ISTIO.replace(_KIND, f"!!binary |\n  {kind[:8]}\n  {kind[8:]}")}
    yield {"a.yaml": ISTIO.replace(_KIND, f"!x {_KIND}")}
    yield {"a.yaml": ISTIO.replace("jwtRules", "!x jwtRules")}
    yield {"a.yaml": ISTIO.replace("http://login.example.com/jwks", "!Sub http://login.example.com/jwks")}
    yield {"a.yaml": _merged('"<<"')}
    yield {"a.yaml": _merged('!!merge "<<"')}


def _merged(key: str) -> str:
    head, rules = ISTIO.split("spec:\n")
    return f"{head}x: &s\n{rules}spec:\n  {key}: *s\n"


def _wrapped() -> Iterator[Tree]:
    spring, istio = (base64.b64encode(text.encode()).decode() for text in (_SPRING, ISTIO))
    wide = base64.b64encode(_SPRING.encode("utf-16")).decode()
    secret, config = (f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: a}}\n" for kind in ("Secret", "ConfigMap"))
    yield {"a.yaml": f"{secret}data:\n  application.properties: {spring}\n"}
    yield {"a.yaml": f"{config}binaryData:\n  application.properties: {spring}\n"}
    yield {"a.yaml": f"{config}binaryData:\n  application.properties: {wide}\n"}
    yield {"a.yaml": f"{config}binaryData:\n  a.yaml: {istio}\n"}
    yield {"a.yaml": f"{secret}data:\n  application.properties: |\n    {spring[:76]}\n    {spring[76:]}\n"}
    yield {"a.json": f'{{"apiVersion": "v1", "kind": "Secret", "data": {{"application.properties": "{spring}"}}}}'}


def _later_mark() -> Iterator[Tree]:
    for before in ("---\n", f"{_BENIGN}---\n", f"{_BENIGN}---\n---\n", f"{_BENIGN}---\n# c\n", f"{_BENIGN}...\n---\n"):
        yield {"a.yaml": f"{before}\ufeff{ISTIO}"}


def _padded() -> Iterator[Tree]:
    yield {"a.yaml": "# x\n" * 200_001 + ISTIO}
    yield {"a.yaml": f"{ISTIO}# {'[' * 600}\n"}
    yield {"a.yaml": f'{ISTIO}x: "{"{" * 600}"\n'}
    yield {"a.yaml": f"{ISTIO}x: {'[' * 100}{']' * 100}\n"}
    yield {"a.yaml": ISTIO.encode() + b"# caf\xe9\n"}


def _too_much() -> Iterator[Tree]:
    padding = "#" * (5 * 1024 * 1024 + 10) + "\n"
    yield {"a.yaml": padding + ISTIO}
    yield {"a.yaml": padding + ISTIO.replace(_KIND, '"' + _escape(_KIND, "\\x%02x") + '"')}
    yield {"a.yaml": (padding + ISTIO).encode("utf-16")}
    yield {"appsettings.json": f'{{"x": "{padding[:-1]}", {_JSON[1:]}'}
    yield {"a.yaml": f"{ISTIO}x: {'[' * 2000}{']' * 2000}\n"}


def _broken() -> Iterator[Tree]:
    broken = f"{ISTIO}x: [\n"
    yield {"a.yaml": f"{_BENIGN}---\n{broken}"}
    yield {"a.yaml": f"{broken}---\n{_BENIGN}"}
    yield {"a.yaml": f"{_BENIGN}---\n{broken}---\n{_BENIGN}"}
    yield {"a.yaml": broken}
    yield {
        "a.yaml": _BENIGN.replace("{level: info}", "\n  a.yaml: |\n" + "".join(f"    {line}\n" for line in broken.splitlines()))
    }


def _in_xml() -> Iterator[Tree]:
    policy = (
        '<policies><inbound><validate-jwt header-name="Authorization"><openid-config '
        'url="http://login.example.com/.well-known/openid-configuration"/></validate-jwt></inbound></policies>'
    )
    yield {"a.xml": policy}
    yield {"a.xml": policy.encode("utf-16")}
    yield {"a.xml": '<?xml version="1.0" encoding="iso-8859-1"?><!-- caf\xe9 -->'.encode("latin-1") + policy.encode()}
    yield {"a.xml": policy.replace("http:", "&#104;t&#x74;p:")}
    yield {"a.xml": f'<!DOCTYPE policies [<!ENTITY h "http://login">]>{policy.replace("http://login", "&h;")}'}


_ORDINARY = (
    {"a.json": '{"html": "\\u003cb\\u003e jwt key \\u0026 \\u00e9", "path": "C:\\\\temp\\\\key", "pattern": "^\\\\w+\\\\s"}'},
    {"a.yaml": "a: [1, 2\nb: {x\n"},
    {"a.yaml": f"{_BENIGN}---\na: [1\n---\n{_BENIGN}"},
    {"a.yaml": _BENIGN.encode("utf-16")},
    {"a.yaml": "# filler\n" * 200_001 + _BENIGN},
    {"a.yaml": f"x: !!binary {base64.b64encode(bytes(range(256))).decode()}\n"},
    {"a.yaml": "kind: Secret\ndata: {tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCg==}\n"},
    {
        "package-lock.json": '{"lockfileVersion": 3, "packages": {'
        + ", ".join(f'"node_modules/jwt-key-oauth2-client-provider-{n}": {{"version": "1.0.{n}"}}' for n in range(90_000))
        + "}}"
    },
    {"a.yaml": "description: |\n  The flags are\n  --oidc-issuer-url=http://login.example.com --oidc-client-id=x\n"},
)  # fmt: skip


def _oddly_named() -> Iterator[Tree]:
    """No other fault than the spelling of a name."""
    for plain, odd in (
        ("kind:", '"k\\u0069nd":'),
        ("jwtRules:", '"jwt\\u0052ules":'),
        ("jwtRules:", '? "\\x6awtRules"\n  :'),
        ("jwtRules:", "!!binary and0UnVsZXM=:"),
        ("audiences:", "audi\u00adences:"),
        ("audiences:", "\u200baudiences:"),
        ("security.istio.io/v1", '"security.\\x69stio.io/v1"'),
        (_KIND, '"Request\\\n    Authentication"'),
        (_KIND, f"!!binary {base64.b64encode(_KIND.encode()).decode()}"),
    ):
        yield {"a.yaml": _GOOD.replace(plain, odd)}
    yield {"appsettings.json": _GOOD_JSON.replace("Schemes", "Sch\\u0065mes")}
    for odd in ("\\u006awt", "\\jwt", "jw\\\n  t"):
        yield {"application.properties": _GOOD_SPRING.replace("jwt", odd, 1)}
    yield {"application.xml": _as_xml(_GOOD_SPRING).replace("jwt", "&#106;wt", 1)}
    yield {"application.xml": _as_xml(_GOOD_SPRING).replace("jwt", "j&#x77;t", 1)}


def _honestly_named() -> Iterator[Tree]:
    """What tools escape, what other scripts join letters with, and any escape in a value."""
    for odd in ("Gr\\u00f6\\u00dfe", "a\\/b", "a\\u003cb\\u0026c\\u0027d", "a\\tb", 'a\\"b', "a\\u002Bb", "a\\\\b"):
        yield {"appsettings.json": f'{{"{odd}": 1, {_GOOD_JSON[1:]}'}
    for name in ("\U0001f469\u200d\U0001f4bb", "\u2764\ufe0f", "1\ufe0f\u20e3", "IP\u200c\u0647\u0627", "\u00e9t\u00e9"):
        yield {"a.yaml": _GOOD.replace("{name: a,", f'{{annotations: {{"{name}": x}}, name: a,')}
    yield {"a.yaml": _GOOD.replace("{name: a,", '{annotations: {x: "a\\u0062\\\n  c"}, name: a,')}
    yield {"a.yaml": _GOOD.replace("audiences: [shop]", r'audiences: ["sh\x6fp"]')}
    yield {"a.yaml": _GOOD.replace("kind:", "!x kind:")}
    yield {"application.properties": _GOOD_SPRING + "a\\ b\\:c\\=d=1\nlist=a,\\\n  b\n"}
    yield {"application.xml": _as_xml(_GOOD_SPRING + "a.b=&#106; &amp; &lt;\n")}


def _as_xml(properties: str) -> str:
    entries = "".join('<entry key="{}">{}</entry>'.format(*line.split("=", 1)) for line in properties.splitlines())
    return f"<properties>{entries}</properties>\n"


def _row(name: str, outcome: str, trees: Iterator[Tree]) -> Form:
    return Form(name, outcome, tuple(trees))  # type: ignore[arg-type]


SPELLING_FORMS: tuple[Form, ...] = (
    _row("UTF-16 and UTF-32, with and without a byte order mark", "seen", _encoded()),
    _row("names with escapes, or over two lines", "seen", _escaped()),
    _row("tags of YAML, base64 behind one, quoted merge keys", "seen", _tagged()),
    _row("files in base64 in a Secret or `binaryData`", "seen", _wrapped()),
    _row("a byte order mark before a later document", "seen", _later_mark()),
    _row("comments, brackets in texts, deep values and odd octets beside it", "seen", _padded()),
    _row("references, entities and encodings of XML", "seen", _in_xml()),
    _row("larger than 5 MiB, or nested deeper than 1,000", "undetermined", _too_much()),
    _row("a document that cannot be parsed, alone, beside others or in a string", "undetermined", _broken()),
    _row(
        "a name with an escape for a plain letter, in base64, over two lines, or with an invisible character",
        "seen",
        _oddly_named(),
    ),
    _row("names with the escapes that tools write, and with joiners of other scripts and emoji", "quiet", _honestly_named()),
    Form("ordinary escapes, broken files, certificates, lock files and prose", "quiet", _ORDINARY),
)
