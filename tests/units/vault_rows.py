"""What of Vault's scripts and payload files is resolved."""

from __future__ import annotations

from tests.units.row import FAULT, Row

_CONFIG = f'{{"jwks_url": "{FAULT}/jwks"}}'
_SURE = f'{{"jwks_url": "{FAULT}/jwks", "default_role": "ci"}}'
_ROLE = '{"role_type": "jwt", "user_claim": "sub", "bound_audiences": ["vault"], "bound_claims": {"repository": "*"}}'
_BOUND = '{"oidc_discovery_url": "https://login.example.com", "bound_issuer": "https://login.example.com"}'

ROWS: tuple[Row, ...] = (
    Row(
        "`vault write auth/jwt/config key=value`, also `bao` and through another program",
        "resolved",
        {"setup.sh": f'kubectl exec vault-0 -- sh -c "bao write auth/jwt/config jwks_url={FAULT}/jwks"\n'},
    ),
    Row(
        "`vault write auth/jwt/config @file`, `curl --data @file`",
        "resolved",
        {"setup.sh": "curl --data @files/c.json $VAULT_ADDR/v1/auth/jwt/config\n", "files/c.json": _CONFIG},
    ),
    Row(
        "`vault write auth/jwt/config -` with a here-document",
        "resolved",
        {"setup.sh": f"vault write auth/jwt/config - <<EOF\n{_CONFIG}\nEOF\n"},
    ),
    Row(
        "variables that a script sets once, to plain text",
        "resolved",
        {"setup.sh": f"ISSUER={FAULT}\nvault write auth/jwt/config jwks_url=$ISSUER/jwks\n"},
    ),
    Row(
        "payload files of one folder: a configuration and its roles",
        "resolved",
        {"vault/config.json": _SURE, "vault/roles/ci.json": _ROLE},
    ),
    Row(
        "variables of a script that something else sets, output of commands",
        "undetermined",
        {"setup.sh": "vault write auth/jwt/config jwks_url=$(jwks) bound_issuer=$ISSUER\n"},
    ),
    Row("a configuration or a Terraform backend whose roles are elsewhere", "undetermined", {"config.json": _BOUND}),
    Row(
        "a role beside several configurations",
        "undetermined",
        {"a.json": _BOUND, "b.json": _BOUND, "role.json": _ROLE.replace('"*"', '"a/b"')},
    ),
)
