"""Constructs of Kubernetes' workloads, for the table in `docs/units.md`."""

from __future__ import annotations

from tests.units.row import FAULT, Row

_NAME = "OAUTH2_PROXY_OIDC_ISSUER_URL"
_CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: proxy}\ndata:\n"


def _deployment(container: str, volumes: str = "") -> str:
    return (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: proxy}\nspec:\n  template:\n    spec:\n      containers:\n"
        f"        - name: proxy\n          image: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0\n{container}{volumes}"
    )


_FROM_KEY = "\n              valueFrom: {configMapKeyRef: {name: proxy, key: issuer}}\n"
_ARGUMENTS = "          args: [--provider=oidc, --oidc-issuer-url=$(ISSUER)]\n"
_MOUNT = "          volumeMounts: [{name: v, mountPath: /app/appsettings.json, subPath: web}]\n"

ROWS: tuple[Row, ...] = (
    Row(
        "`envFrom` of a ConfigMap beside the workload",
        "resolved",
        {
            "deployment.yaml": _deployment("          envFrom: [{configMapRef: {name: proxy}}]\n"),
            "config.yaml": f"{_CONFIG}  {_NAME}: {FAULT}\n  OAUTH2_PROXY_PROVIDER: oidc\n",
        },
    ),
    Row(
        "`valueFrom` of a ConfigMap beside the workload",
        "resolved",
        {
            "deployment.yaml": _deployment(f"          env:\n            - name: {_NAME}{_FROM_KEY}"),
            "config.yaml": f"{_CONFIG}  issuer: {FAULT}\n",
        },
    ),
    Row(
        "`valueFrom` of a ConfigMap that is not there",
        "undetermined",
        {"deployment.yaml": _deployment(f"          env:\n            - name: {_NAME}{_FROM_KEY}")},
    ),
    Row(
        "`$(NAME)` in the arguments of a container",
        "resolved",
        {
            "deployment.yaml": _deployment(f"{_ARGUMENTS}          env:\n            - name: ISSUER{_FROM_KEY}"),
            "config.yaml": f"{_CONFIG}  issuer: {FAULT}\n",
        },
    ),
    Row(
        "an entry of a ConfigMap that is mounted under the name of a file",
        "resolved",
        {
            "deployment.yaml": _deployment(_MOUNT, "      volumes: [{name: v, configMap: {name: proxy}}]\n"),
            "config.yaml": f'{_CONFIG}  web: |\n    {{"Jwt": {{"Authority": "{FAULT}", "Audience": "web"}}}}\n',
        },
    ),
)
