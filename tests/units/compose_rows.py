"""Constructs of compose projects, for the table in `docs/units.md`."""

from __future__ import annotations

from tests.units.row import FAULT, Row


def _project(issuer: str, more: str = "") -> str:
    return (
        "services:\n  proxy:\n    image: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0\n"
        f"{more}    environment:\n      OAUTH2_PROXY_PROVIDER: oidc\n      OAUTH2_PROXY_CLIENT_ID: console\n{issuer}"
    )


_NAME = "OAUTH2_PROXY_OIDC_ISSUER_URL"
_ISSUER = f"      {_NAME}: https://login.example.com\n"
_FILLED = f"      {_NAME}: ${{ISSUER}}\n"
_ALONE = "services: {proxy: {image: a, environment: {A: b}}}\n"

ROWS: tuple[Row, ...] = (
    Row(
        "`${X}`, `$X`, `${X:-d}`, `${X:?e}`, `${X:+r}` with `.env`",
        "resolved",
        {"compose.yaml": _project(f"      {_NAME}: ${{NONE:-${{ISSUER:?missing}}}}\n"), ".env": f"ISSUER={FAULT}\n"},
    ),
    Row("`${X}` that is in no file", "undetermined", {"compose.yaml": _project(_FILLED), ".env": "OTHER=1\n"}),
    Row(
        "`.env.X` of a variant",
        "resolved",
        {"compose.yaml": _project(_FILLED), ".env": "ISSUER=https://login.example.com\n", ".env.prod": f"ISSUER={FAULT}\n"},
    ),
    Row(
        "a name without a value, from `.env`",
        "resolved",
        {"compose.yaml": _project(f"      {_NAME}:\n"), ".env": f"{_NAME}={FAULT}\n"},
    ),
    Row(
        "`env_file`",
        "resolved",
        {"compose.yaml": _project("", "    env_file: [{path: proxy.env}]\n"), "proxy.env": f"{_NAME}={FAULT}\n"},
    ),
    Row(
        "`env_file` that is not there",
        "undetermined",
        {"compose.yaml": _project(_ISSUER, "    env_file: proxy.env\n")},
    ),
    Row(
        "`compose.X.yaml` over the base",
        "resolved",
        {
            "compose.yaml": _project(_ISSUER),
            "compose.prod.yaml": f"services: {{proxy: {{environment: ['{_NAME}={FAULT}']}}}}\n",
        },
    ),
    Row(
        "`extends`, also of another file",
        "resolved",
        {
            "compose.yaml": "services: {proxy: {extends: {file: common/base.yml, service: base}}}\n",
            "common/base.yml": _project(f"      {_NAME}: {FAULT}\n").replace("proxy:\n", "base:\n", 1),
        },
    ),
    Row(
        "`extends` in a circle",
        "undetermined",
        {"compose.yaml": _project(_ISSUER, "    extends: other\n") + "  other: {extends: proxy}\n"},
    ),
    Row(
        "`include`, with the `.env` of the included project",
        "resolved",
        {
            "compose.yaml": "include: [infra/proxy.yaml]\n" + _ALONE.replace("proxy", "web"),
            "infra/proxy.yaml": _project(_FILLED),
            "infra/.env": f"ISSUER={FAULT}\n",
        },
    ),
    Row(
        "a config under the name that it is mounted as",
        "resolved",
        {
            "compose.yaml": "services:\n  web:\n    image: web\n    configs: [{source: web, target: /app/appsettings.json}]\n"
            'configs:\n  web:\n    content: |\n      {"Jwt": {"Authority": "${ISSUER}", "Audience": "web"}}\n',
            ".env": f"ISSUER={FAULT}\n",
        },
    ),
)
