"""Filling the file's own definitions into a value, and whether a part stays open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scanner.evidence.bindings.paths.selectors import relaxed
from scanner.evidence.bindings.values.intrinsics import find_reference, is_function
from scanner.patterns import lazy_pattern

# a variable (of envsubst without braces, in capitals), a Maven or Ansible mark, a reference into a vault, and the languages of
# tools that fill files in: not in the file
_OPEN = lazy_pattern(
    r"\$\{[^{}]*\}|@[A-Za-z_][\w.-]*@|\$[A-Z][A-Z0-9_]+\b|\{vault://[^{}]*\}"
    # keycloak-config-cli's `$(env:NAME)`, which may nest, Kubernetes' `$(NAME)`, Tekton's `$(params.name)`
    r"|\$\([A-Za-z_][^()]*\)"
    # Zuplo's environment, Gravitee's expressions, Caddy's environment and files
    r"|\$env\([^()]*\)|\{#[^{}]*\}|\{(?:env|file)\.[^{}]*\}"
    # Argo CD's vault plugin, vals of helmfile, Octopus and .NET release tools, ERB, Symfony
    r"|<(?:path|vault):[^<>]*>|\bref\+[a-z][a-z0-9]*+://|#\{[^{}]*\}|<%[^<>]*%>|%env\([^()]*\)%"
    # marks of a search and replace: `__HOST__`
    r"|(?<![^\W_])__[A-Z][A-Z0-9]*+(?:_[A-Z0-9]++)*+__(?![^\W_])"
    # Spring Cloud Config's and Jasypt's encrypted values
    r"|^\{cipher\}|^ENC\("
    # an expression of an ARM template: `[parameters('issuer')]`
    r"|^\[[A-Za-z][\w.]*+\("
)
# placeholders that a user is to replace
_TO_FILL_IN = lazy_pattern(
    r"\b(?i:your)[-_]\w|\b(?i:change|replace|patch)[-_]?(?i:me)\b"
    r"|\b(?:YOUR|REPLACE|PATCH|CHANGE|INSERT|FILL|TODO|FIXME)[-_ ]?[A-Z_]*\b|<[A-Za-z][^<>]*>|\[Enter [^\[\]]*\]|\bEnter_\w+"
    r"|(?<![$\w{])(?:[A-Z]+_)*(?:REALM|TENANT|ISSUER|DOMAIN|HOSTNAME|REGION|CLIENT|ACCOUNT|PROJECT|PLACEHOLDER)(?:_[A-Z]+)*\b"
    r"|(?<![$\w{])\{[A-Za-z_][\w() -]*\}|\bX{4,}\b|\b1{6,}\b"
)
# a text that is one placeholder and nothing else
_ONE_MARK = lazy_pattern(
    r"<[A-Za-z][^<>]*>|\[[A-Za-z][^\[\]]*\]|\{[A-Za-z_][\w() -]*\}"
    r"|(?:YOUR|REPLACE|INSERT|ENTER|FILL|TODO|PASTE|PUT)[-_][A-Z0-9_-]*"
)
# found without a pattern: a lazy one scans the rest of the text once for each opening mark
_ACTIONS = (("{{", "}}"), ("{%", "%}"))
# `${AWS::Region}` has a name with colons, not a default
# nor has a variable whose first word names its source: of the Serverless Framework, Kafka's and Keycloak's providers, Log4j
_VARIABLE = lazy_pattern(
    r"\$\{(?!(?:self|opt|param|ssm|cf|sls|aws|sys|file|directory|secrets?|configmaps?|vault|env(?=:[A-Z])|ENV|strimzi\w+):)"
    # of an expression (`${replace(x, "https://", "")}`, `${a ? "b" : "c"}`) no part is a default
    r"(?:([^{}:\"'()?,]+)(?::-?(?!:)([^{}]*))?|([^{}:]+))\}"
)
# steps of a template's pipe that do not change a text
_PLAIN_STEPS = frozenset({"quote", "squote", "trim", "toString", "toYaml"})
_DEEPEST = 6
# definitions that name each other multiply; no URL is longer
_LONGEST = 4096

Lookup = Callable[[str], str | None]


def nothing(_name: str) -> None:
    """A lookup without any names."""
    return


def fill(text: str, lookup: Lookup = nothing) -> str:
    """`text` with `${name}` looked up and `${name:default}` filled in, also nested, as far as the file defines them."""
    for _ in range(_DEEPEST):
        if len(text) > _LONGEST:
            break
        filled = _fill_once(text, lookup)
        if filled == text or len(filled) > _LONGEST:
            break
        text = filled
    return text


def _fill_once(text: str, lookup: Lookup) -> str:
    name = find_reference(text)
    if name is not None:
        return _value(name, None, lookup) or text
    if "${" in text:
        text = _VARIABLE.sub(lambda found: _value(found[1] or found[3], found[2], lookup) or found[0], text)
    return _fill_actions(text, lookup) if "{{" in text else text


def _fill_actions(text: str, lookup: Lookup) -> str:
    """`{{ .Values.a.b | quote }}` looked up as `.Values.a.b`; any other action stays."""
    made: list[str] = []
    before, mark, rest = text.partition("{{")
    while mark:
        inside, end, after = rest.partition("}}")
        known = _fill_action(inside, lookup)
        made += [before, f"{{{{{inside}{end}" if known is None else known]
        before, mark, rest = after.partition("{{")
    return "".join([*made, before])


def _fill_action(inside: str, lookup: Lookup) -> str | None:
    name, *steps = (step.strip() for step in inside.strip("- \t").split("|"))
    default = next((step[8:].strip(" \"'") for step in steps if step.startswith(('default "', "default '"))), None)
    is_plain = all(step in _PLAIN_STEPS or step.startswith("default ") for step in steps)
    if is_plain and name.startswith((".", "$.")) and " " not in name:
        return _value(name.removeprefix("$"), default, lookup) or None
    if not any(quote in inside for quote in "\"'`"):
        return None  # as most actions that are more than a name
    from scanner.evidence.bindings.values.actions import evaluate_action

    found = evaluate_action(inside, lambda each: _value(each, None, lookup))
    return found if found is None or len(found) <= _LONGEST else None


def resolve(text: str, lookup: Lookup = nothing) -> str | None:
    """`text` filled in; None where a part stays open."""
    filled = fill(text, lookup)
    return None if is_open(filled) else filled


def is_open(text: str) -> bool:
    """Whether `text` has a part that the file does not define."""
    for begin, end in _ACTIONS:
        at = text.find(begin)
        if at >= 0 and text.find(end, at) >= 0:
            return True
    return _OPEN.search(text) is not None or is_function(text)


def begins_open(text: str) -> bool:
    """Whether `text` begins with an open part, so that its first words are not known."""
    return text.startswith(tuple(begin for begin, _ in _ACTIONS)) or _OPEN.match(text) is not None or is_function(text)


def has_words(text: str) -> bool:
    """Whether `text` has words of its own around its open parts, so that it is never empty."""
    if is_function(text):
        return False
    for begin, end in _ACTIONS:
        text = "".join(part.partition(end)[2] if number else part for number, part in enumerate(text.split(begin)))
    return any(each.isalnum() for each in _OPEN.sub("", text))


def is_to_fill_in(text: str) -> bool:
    """Whether `text` has a placeholder that the author left: `YOUR_…`, `REPLACE_ME`, `<tenant>`."""
    return _TO_FILL_IN.search(text) is not None


# words of a sentence in the place of a key: `base64 encoded HMAC key or public RSA/ECDSA pem key`, `paste your key here`
_TELLING = frozenset(
    {
        "base64", "encoded", "hmac", "pem", "rsa", "ecdsa", "jwk", "jwks", "certificate", "paste", "insert", "replace",
        "placeholder", "your", "here", "goes", "put", "enter", "provide", "change", "must", "should", "optional", "required",
        "example",
    }
)  # fmt: skip
_ABOUT_KEYS = frozenset(
    {
        "key", "keys", "secret", "public", "private", "signing", "shared", "symmetric", "asymmetric", "token", "jwt", "bit",
        "bits", "byte", "bytes", "characters", "long", "least", "string", "format", "value",
    }
)  # fmt: skip
# whoever writes of a key of one's own means this text to be the key
_OF_ONES_OWN = frozenset({"my", "is", "am", "i", "we", "our"})
_WORD = lazy_pattern(r"[A-Za-z0-9]++")
_MOST_WORDS = 40
# a PEM frame around dots, a mark or nothing
_EMPTY_PEM = lazy_pattern(r"-----BEGIN [A-Z ]++-----(?:\s|\\n)*+(?:\.{3}|…|<|\[|\*{3}|[xX]{4}|-----END)")


def is_only_a_mark(text: str) -> bool:
    """Whether `text` is nothing but a mark to fill in. `changeme` is none: it is a secret that everybody knows."""
    return _ONE_MARK.fullmatch(text) is not None


def describes_a_key(text: str) -> bool:
    """Whether `text`, in the place of a key, is a sentence about the key that belongs there, as products ship one."""
    if len(text) > _LONGEST or " " not in text.strip() or "-----" in text or text.startswith("ssh-"):
        return False
    words = _WORD.findall(text.lower())
    telling, about = (sum(word in known for word in words) for known in (_TELLING, _ABOUT_KEYS))
    is_sentence = 2 <= len(words) <= _MOST_WORDS and _OF_ONES_OWN.isdisjoint(words)
    return is_sentence and telling > 0 and telling + about > 1 and 3 * (telling + about) >= len(words)


def is_empty_pem(text: str) -> bool:
    """Whether the first PEM frame of `text` holds no key: dots, a mark or nothing stand in it."""
    return _EMPTY_PEM.search(text) is not None


def lookup_in(values: Mapping[str, str]) -> Lookup:
    """A lookup in the settings of the same file, by their own name or another spelling of it."""
    respelt = {relaxed(name): value for name, value in values.items()}
    return lambda name: values[name] if name in values else respelt.get(relaxed(name))


def _value(name: str, default: str | None, lookup: Lookup) -> str | None:
    found = lookup(name.strip())
    # Micronaut quotes a default with a colon
    chosen = found if found is not None or default is None else default.strip("`")
    return chosen if chosen is None or len(chosen) <= _LONGEST else None
