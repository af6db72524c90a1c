#!/usr/bin/env python3
"""Small files that could make large reports: for each shape the sizes of file and JSON report, memory and CPU seconds.

usage: amplification.py [--kib 225] [SHAPE…]

Exit code 1 where a report is larger than any one document may make it, whatever its size (docs/decisions/0013-bounded-work.md).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

ROOT = Path(__file__).parent.parent
# what a report has for no document (1 MiB of rules) and for one that reaches every limit
MOST = 9 * 1024 * 1024

_ISTIO = "apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: {name: a}\nspec:\n"
_RULES = f"{_ISTIO}  jwtRules:\n"
_ONE = f"{_ISTIO}  jwtRules: [{{issuer: a}}]\n"
_ANCHOR = f"{_RULES}  - &a {{issuer: a, jwksUri: 'http://a.example'}}\n"
_EC = (
    '{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",'
    '"y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}'
)
_PRIVATE = f'{_EC[:-1]},"d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}}'
_PEM = (
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIKJmH9zFQFvYVfGDGdM2Zl9mWk7cQ0bm0ZpZ2Yb2oUuL\n-----END PRIVATE KEY-----\n"
)
_ISSUER = '{"issuer":"https://a.example","jwks_uri":"x","authorization_endpoint":"y"'
_AUTHORIZER = 'resource "aws_apigatewayv2_authorizer" "a{}" {\n jwt_configuration {\n  issuer = '
_SPRING = "spring.security.oauth2.resourceserver.jwt"

# a shape: a file's name, and its content of about the given size
Shape = tuple[str, Callable[[int], str]]


def _fill(head: str, piece: str, tail: str = "", between: str = "") -> Callable[[int], str]:
    """`head`, then `piece` as often as it fits (`{}` in it is its number), then `tail`."""

    def make(size: int) -> str:
        count = max((size - len(head) - len(tail)) // (len(piece.replace("{}", "12345")) + len(between)), 1)
        return head + between.join(piece.replace("{}", str(number)) for number in range(count)) + tail

    return make


def _half(head: str, piece: str) -> Callable[[int], str]:
    """Half of the file is one text (`{text}` in the head), the other half repeats what refers to it."""
    return lambda size: _fill(head.replace("{text}", "t" * (size // 2)), piece)(size)


_ISTIO_JSON = '{"apiVersion":"security.istio.io/v1","kind":"RequestAuthentication","spec":{"jwtRules":['
SHAPES: dict[str, Shape] = {
    "json bindings": ("a.json", _fill(_ISTIO_JSON, '{"issuer":"x"}', "]}}", ",\n")),
    "yaml bindings": ("a.yaml", _fill(_RULES, "  - issuer: a{}\n")),
    "yaml flow bindings": ("a.yaml", _fill(f"{_ISTIO}  jwtRules: [", "{issuer: a}", "]\n", ",")),
    "yaml aliases of a binding": ("a.yaml", _fill(_ANCHOR, "  - *a\n")),
    "yaml merges of a binding": ("a.yaml", _fill(_ANCHOR, "  - <<: *a\n")),
    "yaml aliases of a long text": ("a.yaml", _half(f"x: &t {{text}}\n{_RULES}", "  - issuer: *t\n")),
    "yaml aliases of audiences": (
        "a.yaml",
        _fill(f"x: &t [{', '.join('u' * 90 for _ in range(150))}]\n{_RULES}", "  - {issuer: a, audiences: *t}\n"),
    ),
    "yaml aliases of a long audience": (
        "a.yaml",
        _half(f"y: &u {{text}}\n{_RULES}  - issuer: a\n    audiences:\n", "    - *u\n"),
    ),
    "yaml aliases of embedded keys": (
        "a.yaml",
        _fill(f"x: &t '{{\"keys\":[{','.join([_EC] * 20)}]}}'\n{_RULES}", "  - {issuer: a, jwks: *t}\n"),
    ),
    "yaml documents": ("a.yaml", _fill("", f"---\n{_ONE}")),
    "yaml children": ("a.yaml", _fill("kind: ConfigMap\ndata:\n", "  a{}: |\n" + indent(_ONE, "    "))),
    "hcl blocks": ("a.tf", _fill("", f'{_AUTHORIZER}"a"\n }}\n}}\n')),
    "hcl references to a long text": ("a.tf", _half('locals {\n t = "{text}"\n}\n', f"{_AUTHORIZER}local.t\n }}\n}}\n")),
    "nginx directives": (
        "nginx.conf",
        _fill("http {\nserver {\n", 'location /{} { auth_jwt "a"; auth_jwt_key_request /k; }\n', "}\n}\n"),
    ),
    "rabbitmq providers": (
        "rabbitmq.conf",
        _fill("auth_backends.1 = oauth2\n", "auth_oauth2.oauth_providers.p{}.issuer = a\n"),
    ),
    "spring documents": ("application.properties", _fill("", f"{_SPRING}.issuer-uri=a\n#---\n")),
    "spring issuers": ("application.yml", _fill("a: 1\n", f"---\n{_SPRING}.issuer-uri: a\n")),
    "empty keys": ("jwks.json", lambda size: f"""{{"keys":[{",".join(["{}"] * (size // 3))}]}}"""),
    "smallest keys": ("jwks.json", _fill('{"keys":[', '{"kty":"RSA"}', "]}", ",")),
    "keys with long kids": ("jwks.json", lambda size: f'{{"keys":[{{"kty":"EC","kid":"{"k" * size}"}}]}}'),
    "issuer of one long text": (
        "openid-configuration.json",
        lambda size: f'{{"issuer":"{"i" * size}","jwks_uri":"x","token_endpoint":"y","authorization_endpoint":"z"}}',
    ),
    "algorithms of metadata": (
        "openid-configuration.json",
        _fill(f'{_ISSUER},"id_token_signing_alg_values_supported":[', '"none{}"', "]}", ","),
    ),
    "members of metadata": ("openid-configuration.json", _fill(_ISSUER, ',"a{}_endpoint":"http://a"', "}")),
    "waivers": ("a.yaml", _fill(_ONE, "#jwksgov: ignore[a]\n")),
    "rules of one waiver": ("a.yaml", _fill(f"{_ONE}#jwksgov: ignore[", "a{}", "]\n", ",")),
    "private keys in PEM": ("a.pem", _fill("", _PEM)),
    "private keys as JWK": ("a.yaml", _fill("", f"k{{}}: '{_PRIVATE}'\n")),
    "private keys in YAML": (
        "a.yaml",
        _fill("", "- {kty: EC, crv: P-256, d: 870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE}\n"),
    ),
    "duplicate members": ("jwks.json", _fill('{"keys":[{"kty":"RSA"', ',"a":1', "}]}")),
}


def main() -> int:
    """Print the table; 1 where a report is too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kib", type=int, default=225, help="about how large each file is")
    parser.add_argument("shapes", nargs="*", help="those whose name begins so; by default all")
    arguments = parser.parse_args()
    print("| shape | file KiB | report KiB | ratio | MiB of memory | CPU s | exit | not assessed |")
    print("|---|--:|--:|--:|--:|--:|--:|---|")
    faults = 0
    for name, (file, make) in SHAPES.items():
        if not arguments.shapes or name.startswith(tuple(arguments.shapes)):
            faults += _measure(name, file, make(arguments.kib * 1024))
    return 1 if faults else 0


def _measure(name: str, file: str, content: str) -> bool:
    """One line of the table; whether the report is too large."""
    with tempfile.TemporaryDirectory() as folder:
        path, report = Path(folder, file), Path(folder, "report.out.json")
        path.write_text(content, encoding="utf-8")
        command = [sys.executable, "-m", "scanner", "scan", file, "--isolated", "-q", "-o", str(report)]
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert process.stdout is not None
        told = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        size, made = path.stat().st_size, report.stat().st_size if report.exists() else 0
        is_too_large = not made or made > MOST
    seconds = usage.ru_utime + usage.ru_stime
    print(
        f"| {name} | {size / 1024:.0f} | {made / 1024:.0f} | {made / size:.0f} | {usage.ru_maxrss / 1024:.0f} | {seconds:.1f} "
        f"| {process.returncode} | {told.count(b'not assessed')}{' **too large**' if is_too_large else ''} |",
        flush=True,
    )
    return is_too_large


if __name__ == "__main__":
    sys.exit(main())
