"""Signs in the bytes of a file that are no platform's own keywords: of private and published keys, of expressions and overlays,
and of other spellings. They are searched in the one pass that searches the keywords.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Literal

from scanner.record import record

SignGroup = Literal[
    "private", "published", "computed", "patch", "overlay", "helm", "named", "attached", "encoded", "secret", "reference",
    "markup", "tag", "pulumi",
]  # fmt: skip

# the name `op` of a JSON patch without its quotes, and in a JSON text within another text. Many other names end in it
_OF_PATCHES = (
    *(
        before + b"op" + after
        for before in (b" ", b"\n", b"\r", b"\t", b"{", b"[", b",")
        for after in (b":", b" ", b"\t", b"\n", b"\r")
    ),
    *(b'op\\"' + after for after in (b":", b" :")),
)
# the beginnings of base64 of PEM, of a JWK and of a JWK Set, in one line or on lines of their own
WRAPPED_KEYS = ("LS0tLS1CRUdJ", "eyJrdHki", "eyJrZXlz", "ewogICJr", "ewogICAgImt", "ewoJImt")
ATTACHED = (b"securitypolicy", b"authpolicy", b"jwtauth")
# in lower case. The search leaves out dashes, underscores, quotes and backslashes; a sign with one of them is searched again as
# it is
GROUPS: tuple[tuple[SignGroup, tuple[bytes, ...]], ...] = (
    # every file with a private key contains one of these: PEM, a JWK, and both in base64
    ("private", (b"private key-----", b"kty", *(each.lower().encode() for each in WRAPPED_KEYS))),
    # what the bytes of a JWK Set or of issuer metadata must contain
    ("published", (b"kty", b"jwks_uri", b"_endpoint", b"-----begin", b"authorization_servers")),
    # one of these is in a file about trusted keys in which an expression writes the telling words; with decoding all may be
    # hidden
    ("computed", (b"jwt", b"jwk", b"issuer", b"oidc", b"openid", b"yamldecode(", b"jsondecode(", b"base64decode(", b'"${"')),
    ("patch", _OF_PATCHES),
    ("overlay", (b"fieldpaths", b"literals")),
    # a template that loads files
    ("helm", (b".files.",)),
    # compose's and Spring's names of other files
    ("named", (b"env_file", b"config.import", b"[.properties]", b"[.yaml]", b"[.yml]")),
    # policies that are attached to a part of a gateway, and may take the place of others
    ("attached", ATTACHED),
    # base64 of whole files
    ("encoded", (b"binarydata", b"b64", b"base64")),
    ("secret", (b"secret",)),
    # of XML
    ("reference", (b"&#",)),
    ("markup", (b"<!", b"<?")),
    # of YAML: base64, or a handle that may stand for that
    ("tag", (b"binary", b"%tag", b"!<", b"!!%")),
    # programs of Pulumi in YAML, whose types are spelt in a way of their own
    ("pulumi", (b"runtime: yaml", b"name: yaml")),
)
# what expressions are marked by, whatever the language of the template; in the last ones any word may be one
_EXPRESSION_MARKS = (b"{{", b"{%", b"${", b"$(", b"%{", b"<%", b"#@", b"#{", b": $", b"=$", b": @", b": __", b"decode(")
# signs that say only how a file may be spelt
_OF_SPELLING: frozenset[SignGroup] = frozenset({"encoded", "secret", "reference", "markup", "tag"})
_EXPRESSION_ENDINGS = (".tf", ".tofu", ".hcl", ".nomad", ".tf.json")


@record
class Look:
    """What one pass over the bytes of a file found: whether they have the signs of some platform's read, and which groups of
    other signs. `has_keywords`: they have the keywords of some read, maybe with quotes or dashes in them. `may_escape`:
    some backslash may begin the escape of a letter. `reads`: the numbers of the reads whose keywords they have as they are.
    """

    may_bind: bool
    groups: Set[SignGroup]
    has_keywords: bool = True
    may_escape: bool = True
    reads: tuple[int, ...] = ()

    def tells(self, name: str = "") -> bool:
        """Whether a file with that lower-case base name may be relevant, taken as it is spelt."""
        return self.may_bind or not self.groups <= _OF_SPELLING or name.startswith("kustomization")

    def may_be_computed(self, lower: bytes, name: str = "") -> bool:
        """Whether the telling words of a platform's configuration may come from expressions in the file."""
        return "computed" in self.groups and has_expressions(lower, name)

    def may_have_overlays(self, lower: bytes, name: str) -> bool:
        """Whether a file with those lower-case bytes and that base name may hold patches, replacements or generators of
        kustomize.
        """
        if "overlay" in self.groups and (b"fieldpaths" in lower or b"generator" in lower):
            return True
        return name.startswith("kustomization") or ("patch" in self.groups and b"path" in lower)

    def may_be_attached(self, lower: bytes) -> bool:
        """Whether the file may hold policies that are attached to a part of a gateway."""
        return "attached" in self.groups and (b"targetref" in lower or b"targetselector" in lower)


NOTHING = Look(may_bind=False, groups=frozenset(), has_keywords=False, may_escape=False)
ONLY_ESCAPES = Look(may_bind=False, groups=frozenset(), has_keywords=False)
# of a text of which nothing is known
UNKNOWN = Look(may_bind=True, groups=frozenset(group for group, _ in GROUPS))


def has_expressions(lower: bytes, name: str) -> bool:
    """Whether some mark of an expression is in the file, whatever the language of the template."""
    return any(mark in lower for mark in _EXPRESSION_MARKS) or name.endswith(_EXPRESSION_ENDINGS)
