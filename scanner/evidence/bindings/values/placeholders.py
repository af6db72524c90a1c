"""Filling the file's own definitions into a value, and whether a part stays open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from scanner.evidence.bindings.paths.selectors import relaxed
from scanner.evidence.bindings.values.intrinsics import find_reference, is_function
from scanner.patterns import lazy_pattern

# a variable (of envsubst without braces, in capitals), a Maven or Ansible mark, a reference into a vault: not in the file
_OPEN = lazy_pattern(r"\$\{[^{}]*\}|@[A-Za-z_][\w.-]*@|\$\([A-Za-z_]\w*\)|\$[A-Z][A-Z0-9_]+\b|\{vault://[^{}]*\}")
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
# words that describe the form of a key
_FORMS = frozenset({
    "base64", "base64url", "base64-encoded", "encoded", "pem", "pem-encoded", "der", "hmac", "rsa", "ecdsa", "ec", "public",
    "bytes", "bits", "characters", "format", "formatted", "jwk", "jwks", "x509", "x.509", "certificate", "here", "paste",
    "insert",
})  # fmt: skip
_FEWEST_WORDS, _MOST_WORDS, _LONGEST_SENTENCE = 3, 40, 400
# found without a pattern: a lazy one scans the rest of the text once for each opening mark
_ACTIONS = (("{{", "}}"), ("{%", "%}"))
# `${AWS::Region}` has a name with colons, not a default
# nor has a variable of the Serverless Framework, whose first word names its source
_VARIABLE = lazy_pattern(r"\$\{(?!(?:self|opt|param|ssm|cf|sls|aws):)([^{}:]+)(?::-?(?!:)([^{}]*))?\}")
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
        text = _VARIABLE.sub(lambda found: _value(found[1], found[2], lookup) or found[0], text)
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


def is_key_description(text: str) -> bool:
    """Whether `text` stands in the place of a key and says what belongs there: a sentence about its form, or one mark to fill
    in. A sentence that is a secret (`my secret key`) speaks of no form. `changeme` is a secret that everybody knows.
    """
    if _ONE_MARK.fullmatch(text) is not None:
        return True
    if "-----" in text:  # a key in PEM has words of its own
        return False
    words = text.replace("/", " ").split()
    if not _FEWEST_WORDS <= len(words) <= _MOST_WORDS or len(text) > _LONGEST_SENTENCE:
        return False
    return len(_FORMS.intersection(word.strip(".,:;()").lower() for word in words)) > 1


def lookup_in(values: Mapping[str, str]) -> Lookup:
    """A lookup in the settings of the same file, by their own name or another spelling of it."""
    respelt = {relaxed(name): value for name, value in values.items()}
    return lambda name: values[name] if name in values else respelt.get(relaxed(name))


def _value(name: str, default: str | None, lookup: Lookup) -> str | None:
    found = lookup(name.strip())
    # Micronaut quotes a default with a colon
    chosen = found if found is not None or default is None else default.strip("`")
    return chosen if chosen is None or len(chosen) <= _LONGEST else None
