"""Readers that a path may name where a format needs code: `$.#iam-statements` selects that reader's result for the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scanner.files.tree import Node

NAMES = ("iam-statements", "iam-providers", "iam-modules", "vault-lone-roles", "plain-jwt", "plain-oidc", "plain-auth")


def named_reader(name: str) -> Callable[[Node], Node]:
    """The reader of that name; imported when a path first needs it."""
    if name == "vault-lone-roles":
        from scanner.evidence.bindings.paths.vault_roles import vault_lone_roles

        return vault_lone_roles
    if name.startswith("plain-"):
        from scanner.evidence.bindings.paths.plain_settings import plain_auth, plain_jwt, plain_oidc

        return {"plain-jwt": plain_jwt, "plain-oidc": plain_oidc, "plain-auth": plain_auth}[name]
    from scanner.evidence.bindings.paths.iam_statements import iam_modules, iam_providers, iam_statements

    return {"iam-statements": iam_statements, "iam-providers": iam_providers, "iam-modules": iam_modules}[name]
