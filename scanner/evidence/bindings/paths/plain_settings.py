"""Settings that applications of any kind call by plain names: `JWT_SECRET`, `app.jwt.secret`, `SHOP_JWKS_URI`, `oidc.issuer`.

The last words of a name, with the sections that it is in, say what a setting is; what stands before them is whose it is. So the
settings with the same words before them are one node, whatever the file's format: variables of a container, sections of an
application's file, flat properties.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from itertools import groupby

from scanner.evidence.bindings.paths.pair_lists import as_mapping
from scanner.evidence.bindings.paths.selectors import relaxed
from scanner.evidence.bindings.values.placeholders import is_open
from scanner.evidence.issuers.members import is_metadata
from scanner.files.tree import Entry, Mapping, Node, Scalar, Sequence
from scanner.patterns import lazy_pattern
from scanner.record import record

# what a name ends with → the member of the node. Each word of JWT may stand before the others
_OF_SECRETS = (
    "secret", "secretkey", "secretstring", "secrettoken", "signingkey", "signkey", "signingsecret", "signaturekey",
    "hmacsecret", "hmackey", "sharedsecret", "tokensecret", "tokensecretkey", "tokenkey", "accesssecret", "accesssecretkey",
    "accesstokensecret", "accesstokensecretkey", "refreshsecret", "refreshsecretkey", "refreshtokensecret",
    "refreshtokensecretkey", "base64secret", "authsecret", "usersecret", "adminsecret",
)  # fmt: skip
_OF_SETS = ("jwksuri", "jwksurl", "jwksendpoint", "jwksaddress", "jwkseturi", "jwkseturl", "jwkuri", "jwkurl")
_JWT: MappingType[str, str] = {
    **{f"jwt{ending}": "secret" for ending in _OF_SECRETS},
    **{f"jwt{ending}": "private-key" for ending in ("privatekey", "privatekeypem", "signingprivatekey", "rsaprivatekey")},
    **{
        f"jwt{ending}": "public-key" for ending in ("publickey", "publickeypem", "verificationkey", "verifykey", "rsapublickey")
    },
    **{f"jwt{ending}": "public-key-file" for ending in ("publickeypath", "publickeyfile", "publickeylocation")},
    **{before + ending: "jwks-uri" for before in ("", "jwt", "authjwt") for ending in _OF_SETS},
    **{f"jwt{ending}": "jwks-uri" for ending in ("publickeyurl", "publickeyuri", "publickeysurl")},
    **{f"jwt{ending}": "algorithms" for ending in ("algorithm", "algorithms", "alg", "algs", "signingalgorithm")},
    **{f"jwt{ending}": "issuer" for ending in ("issuer", "issueruri", "issuerurl", "iss", "tokenissuer")},
    **{f"jwt{ending}": "audiences" for ending in ("audience", "audiences", "aud", "tokenaudience")},
    **{f"jwt{ending}": "verifies-signature" for ending in ("verify", "verifysignature", "validatesignature")},
    "secretjwt": "secret",
    "jwtkey": "secret",
}
_OIDC: MappingType[str, str] = {
    before + ending: member
    for before in ("oidc", "openid", "openidconnect")
    for endings, member in (
        (("issuer", "issueruri", "issuerurl", "authority", "authorityurl"), "issuer"),
        (("discoveryurl", "discoveryuri", "wellknownurl", "wellknownuri", "wellknown", "configurl"), "discovery-url"),
        (_OF_SETS, "jwks-uri"),
        (("audience", "audiences", "clientid"), "audiences"),
    )
    for ending in endings
} | {
    before + ending: member
    for before in ("oauth2", "oauth")
    for endings, member in (
        (("issuer", "issueruri", "issuerurl"), "issuer"),
        (_OF_SETS, "jwks-uri"),
        (("audience", "audiences"), "audiences"),
    )
    for ending in endings
}
# a section of this name with both an issuer and an audience says whose tokens are taken; those of OAuth are read above
_AUTH: MappingType[str, str] = {
    before + ending: mark + member
    for before, mark in (("auth", ""), ("authentication", ""), ("authn", ""), ("oauth", "oauth-"), ("oauth2", "oauth-"))
    for ending, member in (
        ("issuer", "issuer"), ("issueruri", "issuer"), ("issuerurl", "issuer"), ("audience", "audiences"),
        ("audiences", "audiences"),
    )
}  # fmt: skip
# these belong to keys beside them, and are too common to tell anything alone
_COMPANIONS: MappingType[str, str] = {
    "issuer": "issuer", "issueruri": "issuer", "issuerurl": "issuer", "audience": "audiences", "audiences": "audiences",
}  # fmt: skip
_COMMON = frozenset({"audiences", "algorithms"})
# names that are only an ending where they are one word of their own: `jwt.key` of a mapping may be the name of a key
_OWN_WORDS = frozenset({"jwtkey", "jwtverify"})
_ENVIRONMENTS = frozenset({"env", "environment", "variables", "envvars"})
# sections about keys that sign new tokens for others, as gateways have them: an address there is of private keys
_OF_SIGNERS = frozenset({"signer", "authsigner", "mutators"})
# a client that registers itself names its own keys there
_OF_CLIENTS = frozenset({"redirect_uris", "redirectUris", "client_name", "clientName", "token_endpoint_auth_method"})
# in the place of a key: a file, the address of a secret elsewhere, a word that is no value, a mask
_FILE_BEGINS = ("/", "./", "../", "~/", "file:", "classpath:")
_FILE_ENDS = (".pem", ".key", ".pub", ".crt", ".cer", ".der", ".jks", ".p12", ".txt")
_ELSEWHERE_BEGINS = (
    "arn:", "vault:", "ssm:", "env:", "env(", "secretref:", "secret:", "valuefrom:", "keyvault:", "gcp:", "aws:", "sops:",
    "enc[", "enc(", "lookup(", "@microsoft.keyvault", "projects/", "$ansible_vault", "process.env.", "$(", "`", "%", "<",
)  # fmt: skip
_WORDS = frozenset(
    {
        "true", "false", "yes", "no", "on", "off", "null", "nil", "none", "string", "str", "text", "required", "optional",
        "undefined", "redacted", "hidden", "secret_name",
    }
)  # fmt: skip
_MASKS = frozenset("*.xX\u2022-")
_SHORTEST_MASK = 3
# no longer a number is a secret: it is a lifetime
_MOST_DIGITS = 6
_URLS = ("http://", "https://")
# an issuer's own metadata may have no more
_SHORTEST_METADATA = frozenset({"issuer", "jwks_uri"})
_VARIABLE = lazy_pattern(r"[A-Z][A-Z0-9]*+(?:_[A-Z0-9]++)++")


def plain_jwt(document: Node) -> Sequence:
    """A node for each group of settings about JSON Web Tokens: `secret`, `private-key`, `public-key`, `public-key-file`,
    `jwks-uri`, `issuer`, `audiences`, `algorithms`, `verifies-signature`. Its lines are those of the section,
    or of the container, that it begins in.
    """
    return _list_groups(document, {**_JWT, **_COMPANIONS}, without="oidc")


def plain_oidc(document: Node) -> Sequence:
    """The same of settings about OpenID Connect and OAuth 2.0: `issuer`, `discovery-url`, `jwks-uri`, `audiences`."""
    return _list_groups(document, _OIDC, without="")


def plain_auth(document: Node) -> Sequence:
    """The same of sections called `auth` and the like that have both an `issuer` and `audiences`, and no keys beside them."""
    with_keys = {id(each.get("issuer")) for each in plain_jwt(document).items if isinstance(each, Mapping)}
    found = [
        each
        for each in _list_groups(document, _AUTH, without="").items
        if isinstance(each, Mapping)
        and {"issuer", "audiences"} <= set(each.names())
        and id(each.get("issuer")) not in with_keys
    ]
    return Sequence(tuple(found), document.line, document.column, document.end_line)


@record(slots=True)
class _Found:
    """A setting: the words before its ending, the member that it is, whether its name alone tells that, and its section."""

    before: str
    member: str
    is_telling: bool
    entry: Entry
    section: Node


def _list_groups(document: Node, endings: MappingType[str, str], *, without: str) -> Sequence:
    """The nodes. `without`: the words before the endings that make them those of another node."""
    lengths = sorted({len(ending) for ending in endings}, reverse=True)
    found: dict[str, list[_Found]] = {}
    for setting in _list_settings(document, "", document):
        ending = next((setting.before[-length:] for length in lengths if setting.before[-length:] in endings), None)
        if ending is None or (ending in _OWN_WORDS and not relaxed(setting.entry.key.text).endswith(ending)):
            continue
        before = setting.before.removesuffix(ending)
        if without and before.endswith(without):
            continue
        member = _find_member(endings[ending], setting.entry.value)
        if member is None:
            continue
        is_telling = ending not in _COMPANIONS and member not in _COMMON and _tells(member, setting.entry.value)
        found.setdefault(before, []).append(_Found(before, member, is_telling, setting.entry, setting.section))
    nodes = [_make_node(each, document) for each in found.values() if any(setting.is_telling for setting in each)]
    return Sequence(tuple(nodes), document.line, document.column, document.end_line)


def _find_member(member: str, value: Node) -> str | None:
    """The member that a value is for: a key may be in a file; None for one that is no key of the file's own."""
    if not isinstance(value, Scalar) or _is_left_open(value):
        return member
    text = value.text.strip()
    if member == "public-key" and _is_file(text):
        return "public-key-file"
    is_key = member in ("secret", "private-key", "public-key")
    return None if is_key and (_is_file(text) or _stands_elsewhere(text) or _is_no_value(text)) else member


def _is_file(text: str) -> bool:
    return " " not in text and (text.startswith(_FILE_BEGINS) or text.lower().endswith(_FILE_ENDS))


def _stands_elsewhere(text: str) -> bool:
    """Whether a text is the address of a secret, or encrypted."""
    return text.lower().startswith(_ELSEWHERE_BEGINS) or ("://" in text and " " not in text)


def _is_no_value(text: str) -> bool:
    is_mask = len(text) >= _SHORTEST_MASK and _MASKS.issuperset(text)
    return is_mask or text.lower() in _WORDS or (text.isdecimal() and len(text) <= _MOST_DIGITS)


def _tells(member: str, value: Node) -> bool:
    """Whether a value shows that tokens of somebody are trusted: of an issuer or a document its URL, also an open one. What
    Terraform's code computes is handed on, and told where it arrives.
    """
    if isinstance(value, Scalar) and value.is_unknown:
        return False
    if member not in ("issuer", "discovery-url"):
        return True
    return isinstance(value, Scalar) and (_is_left_open(value) or value.text.strip().lower().startswith(_URLS))


def _list_settings(node: Node, words: str, section: Node) -> Iterator[_Found]:
    """Every setting of the document, with the words of its name and of those that it is in."""
    if isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            if not isinstance(item, Scalar):
                yield from _list_settings(item, f"{words}\0{number}\0", item)
    if not isinstance(node, Mapping) or is_metadata(node) or not _OF_CLIENTS.isdisjoint(node.names()):
        return
    if set(node.names()) == _SHORTEST_METADATA:
        return
    for entry in node.entries:
        spelled, value = relaxed(entry.key.text), entry.value
        if spelled in _OF_SIGNERS:
            continue
        name = words + spelled
        pairs = as_mapping(value) if isinstance(value, Sequence) else None
        is_environment = entry.key.text.lower() in _ENVIRONMENTS
        if pairs is not None:
            yield from _list_settings(pairs, name, node if is_environment else pairs)
        elif isinstance(value, Mapping) or (isinstance(value, Sequence) and not _is_of_texts(value)):
            yield from _list_settings(value, name, node if is_environment else value)
        elif not _is_for_readers(entry) and not _names_a_variable(entry):
            yield _Found(name, "", is_telling=False, entry=entry, section=section)


def _is_of_texts(node: Sequence) -> bool:
    return all(isinstance(item, Scalar) for item in node.items)


def _is_for_readers(entry: Entry) -> bool:
    """Whether a setting is a sentence, as in a list of translations: a variable's value may have blanks, or an expression."""
    text = entry.value.text if isinstance(entry.value, Scalar) else ""
    return " " in text.strip() and not entry.key.text.isupper() and not is_open(text) and "-----" not in text


def _names_a_variable(entry: Entry) -> bool:
    """Whether the value is the name of an environment variable that gives it, as in a file that maps settings to variables."""
    text = entry.value.text if isinstance(entry.value, Scalar) else ""
    return not entry.key.text.isupper() and _VARIABLE.fullmatch(text) is not None


def _make_node(settings: list[_Found], document: Node) -> Mapping:
    """One node of the settings; of several for the same member those that the file gives, as a list."""
    members = {each.member for each in settings}
    # who verifies with a secret makes the tokens too, and no issuer at a URL is trusted
    is_own = "secret" in members and members.isdisjoint(("jwks-uri", "discovery-url"))
    ordered = sorted((each for each in settings if not (is_own and each.member == "issuer")), key=lambda each: each.member)
    entries = tuple(
        _make_entry(member, [each.entry for each in same]) for member, same in groupby(ordered, lambda each: each.member)
    )
    first = next((each for each in ordered if each.is_telling), settings[0])
    key, section = first.entry.key, first.section
    if section is document:  # the settings of a flat file are those of many
        return Mapping(entries, key.line, key.column, key.line)
    return Mapping(entries, section.line, section.column, max(section.end_line, key.line))


def _make_entry(member: str, entries: list[Entry]) -> Entry:
    key = entries[0].key
    name = Scalar(member, member, key.line, key.column, key.end_line)
    if len(entries) == 1:
        return Entry(name, entries[0].value)
    given = [each for each in entries if not _is_left_open(each.value)] or entries
    value = given[0].value
    return Entry(name, Sequence(tuple(each.value for each in given), value.line, value.column, given[-1].value.end_line))


def _is_left_open(node: Node) -> bool:
    return isinstance(node, Scalar) and (node.is_masked or node.is_expression or not node.text or is_open(node.text))
