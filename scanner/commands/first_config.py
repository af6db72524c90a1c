"""The first `.jwksgov.yaml` of a repository: what was found, with the place of each, and what only its people can add."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.commands.survey import IssuerMentions, Survey, sort_places
from scanner.errors import Place
from scanner.files.compose import Item, section
from scanner.renderers.escape import escape_text

# a repository that trusts more issuers than this needs another way to write its inventory
MOST_ISSUERS = 1000
_MOST_FOLDERS = 100
_MOST_PLACES = 3
_ENVIRONMENTS = {
    "production": {"prod", "production", "prd", "live"},
    "staging": {"stage", "staging", "stg", "preprod", "uat"},
    "test": {"test", "tests", "testing", "qa", "integration"},
    "development": {"dev", "develop", "development", "sandbox", "local"},
}
_HEAD = """\
# The inventory of jwksgov: which issuers there are, who answers for them, and where they are trusted.
# `jwksgov init` wrote it from the files of this folder. Correct it, complete it, commit it; `jwksgov policy check` checks it.

# which rules are asked: baseline, strict, fapi2, workload, spiffe, nist-2030, bsi or deep
profile: baseline
# the lowest severity that fails a run
fail_on: medium

# The issuers that files here trust or publish. `jwksgov collect` and `jwksgov scan --online` contact them. Add what you know:
#     owner: identity             # who answers for it; issuers of one owner may share keys
#     party: own                  # or third-party
#     environment: production
#     kind: login                 # or workload, service, fapi2, where its metadata do not show it
#     aliases: [https://other.example.com]      # other identifiers of the same deployment
#     rotation: {every_days: 90, overlap_hours: 48}
#     state: retired              # not contacted any more
"""
_CONSUMERS = """\
# What `jwksgov scan` reads where no target is named: everything, and of these folders it is known whose they are. Take out `.`
# to read them alone. An environment that a folder's name suggests is a guess: uncomment it where it is right.
"""


def first_config(survey: Survey, prefix: str) -> str:
    """The text of the file. `prefix` is what stands before the names of the folder's files in reports."""
    parts = [_HEAD, section("issuers", list(_issuers(survey, prefix)))]
    parts += [f"# {line}\n" for line in _left_out(survey, prefix)]
    return "".join([*parts, "\n", _CONSUMERS, section("consumers", list(_consumers(survey, prefix)))])


def _issuers(survey: Survey, prefix: str) -> Iterator[Item]:
    for issuer in sorted(survey.issuers)[:MOST_ISSUERS]:
        met = survey.issuers[issuer]
        keys = met.jwks_uris()
        members = {"issuer": issuer} | ({"jwks_uri": keys[0][0]} if keys else {})
        others = [f"{_comment(url)} is taken for its keys in {_where(places, prefix)}" for url, places in keys[1:]]
        yield Item(members, before=(_found(met, prefix),), after=tuple(others[:_MOST_PLACES]))


def _found(met: IssuerMentions, prefix: str) -> str:
    told = [("published", met.published), ("trusted", met.trusted)]
    return "; ".join(f"{word} in {_where(places, prefix)}" for word, places in told if places)


def _where(places: Iterable[Place], prefix: str) -> str:
    each = [_comment(f"{place.path.removeprefix(prefix)}:{place.line}") for place in sort_places(places)]
    more = len(each) - _MOST_PLACES
    return ", ".join(each[:_MOST_PLACES]) + (f" and {more} more" if more > 0 else "")


def _left_out(survey: Survey, prefix: str) -> Iterator[str]:
    """What could not be listed, so that the list is not taken for the whole."""
    if (more := len(survey.issuers) - MOST_ISSUERS) > 0:
        yield f"not listed: {more} more issuers"
    for url, places in sorted(survey.lone_keys().items())[:_MOST_FOLDERS]:
        yield f"not listed, since no issuer is named with these keys: {_comment(url)}, trusted in {_where(places, prefix)}"
    if survey.unlisted:
        plural = "bindings" if survey.unlisted > 1 else "binding"
        yield f"not listed: {survey.unlisted} {plural} whose issuer a file leaves open, or that is no https URL"
    for path in survey.lone_sets()[:_MOST_FOLDERS]:
        yield f"published keys without metadata beside them, whose issuer is not known: {_comment(path.removeprefix(prefix))}"


def _consumers(survey: Survey, prefix: str) -> Iterator[Item]:
    yield Item({"folder": "."})
    chosen = {_chosen(f"{folder}/".removeprefix(prefix).strip("/")) for folder in survey.folders} - {("", None)}
    for folder, environment in sorted(chosen, key=lambda pair: pair[0])[:_MOST_FOLDERS]:
        yield Item({"folder": folder}, after=(f"environment: {environment}",) if environment else ())


def _chosen(folder: str) -> tuple[str, str | None]:
    """The part of a folder's path that is listed: down to the first name that tells an environment, else the first name."""
    names = folder.split("/")
    for depth, name in enumerate(names, 1):
        environment = _environment(name)
        if environment is not None:
            return "/".join(names[:depth]), environment
    return names[0], None


def _environment(name: str) -> str | None:
    words = set("".join(char if char.isalnum() else " " for char in name.lower()).split())
    return next((environment for environment, known in _ENVIRONMENTS.items() if words & known), None)


def _comment(text: str) -> str:
    """Text of a file as one harmless line."""
    return escape_text(text, longest=300)
