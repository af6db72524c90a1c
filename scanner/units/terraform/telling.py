"""Which parts of a module may tell of trust: the others need not be rendered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scanner.files.tree import Mapping, Node, Scalar, list_nodes
from scanner.patterns import lazy_pattern
from scanner.units.terraform.scope import Bound, ModuleScope

if TYPE_CHECKING:
    from scanner.units.terraform.module import Definition

# one of these is in the names that a platform's configuration has; `tests/units` holds this against the platforms
WORDS = (
    "jw", "oidc", "openid", "open_id", "issuer", "identity", "auth", "token", "trust", "federat", "audience", "bearer", "idp",
    "discovery", "well-known", "public_key", "publickey", "keycloak", "cognito", "saml", "entra", "securitypolicy",
    "securitydefinitions", "validator", "tunnel", "springaddons", "join_method", "signingmethod", "clientid", "plugin",
    "originrequest", "eks-iam-role", "user_claim", "service-account-signing", "serviceaccountconfig", "externalaccess",
    "appsync", "userpool", "hmac", "certs_url", "cockroach_", "webservice", "client_options", "uid_claim", "resolverparameter",
    "shared-secret", "shared_secret", "securityrealm", "on_behalf_of", "secret_key", "tenant_id", "activedirectory",
    "active-directory", "active_directory", "x-tyk",
)  # fmt: skip
# names of nearly every module that say nothing of trust
_ORDINARY = ("caller_identity", "default_tags", "central")
# functions that bring words from elsewhere, or hide them
_BRINGS = lazy_pattern(r"(?:file|decode|decompress|templatestring|replace|strrev|substr|trim\w{0,8})\(|filebase64\(|\}\$\{")
_MENTION = lazy_pattern(r"\b(local|var|module)\.([A-Za-z_][\w-]*+)")


def tells(text: str) -> bool:
    """Whether a word of some platform's configuration is in a text."""
    lower = text.lower()
    for word in _ORDINARY:
        lower = lower.replace(word, "")
    return any(word in lower for word in WORDS)


class Telling:
    """What may tell of trust in one deployment of a module."""

    def __init__(self, scope: ModuleScope) -> None:
        self._scope = scope
        self._known: dict[str, bool] = {}

    def may_tell(self, text: str) -> bool:
        """Whether a text tells of trust, or a name in it does."""
        if tells(text) or _BRINGS.search(text) is not None:
            return True
        return any(self._name_may_tell(found[1], found[2]) for found in _MENTION.finditer(text))

    def _name_may_tell(self, kind: str, name: str) -> bool:
        key = f"{kind}.{name}"
        if key not in self._known:
            self._known[key] = False  # what names itself says nothing new
            self._known[key] = self._find(kind, name)
        return self._known[key]

    def _find(self, kind: str, name: str) -> bool:
        module = self._scope.module
        if kind == "module":
            call = module.calls.get(name)
            return call is not None and self._scope.folder_of(call) is not None
        if kind == "local":
            return name in module.locals and self.may_tell(_text_of(module.locals[name]))
        given = self._scope.inputs.get(name)
        if isinstance(given, Bound):
            return Telling(given.scope).may_tell(_text_of(given.definition)) or bool(given.names)
        if given is not None:
            return _node_tells(given)
        variable = module.variables.get(name)
        return variable is not None and variable.default is not None and self.may_tell(_text_of(variable.default))


def _text_of(definition: Definition) -> str:
    return definition.file.source.text[definition.node.start_byte : definition.node.end_byte]


def _node_tells(node: Node) -> bool:
    """Whether a name or value of a file of variables tells of trust."""
    for each in list_nodes(node):
        texts = each.names() if isinstance(each, Mapping) else (str(each.value),) if isinstance(each, Scalar) else ()
        if any(map(tells, texts)):
            return True
    return False
