"""Forms of YAML files."""

from __future__ import annotations

from tests.forms.form import ISTIO, Form

_BENIGN = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n"

YAML_FORMS: tuple[Form, ...] = (
    Form(
        "a plain manifest of Kubernetes",
        "seen",
        (
            {"a.yaml": ISTIO},
            {"a.yml": ISTIO},
            {"deploy/a.yaml": f"{_BENIGN}---\n{ISTIO}"},
            {"a.yaml": f"{ISTIO}---\n{_BENIGN}"},
            {"a.yaml": ISTIO.replace("\n", "\r\n")},
        ),
    ),
)
