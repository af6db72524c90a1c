"""A namespace: manifests of several files that decide together whether a token is verified.

A policy of a route takes the place of the gateway's, and an AuthorizationPolicy of Istio refuses what a RequestAuthentication lets
pass. The manifests of a folder are one text; where the wider policy is not among them, those of folders near by whose name says
that they hold gateways or routes belong to it, too. Two files that define the same resource are alternatives of each other, as
examples are: such files are not joined.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from scanner.patterns import lazy_pattern
from scanner.record import record
from scanner.sources.document import Document
from scanner.units.files import UnitFile, UnitFiles
from scanner.units.made import Made, MadeText, OpenPart, Origin, Piece
from scanner.units.unit import Unit

_ENDINGS = (".yaml", ".yml", ".json")
# of one folder, of all folders near by, and levels above the folder whose neighbours may be near by
_MOST_FILES = 500
_MOST_FOLDERS = 40
_MOST_LEVELS = 3
# names of folders near by that may hold what a policy is attached to, or a policy of it
_NEAR = (
    "gateway", "gw", "envoy", "istio", "mesh", "kuadrant", "edge", "ingress", "infra", "platform", "network", "route",
    "security", "polic", "auth", "base", "common", "shared", "system", "cluster", "core",
)  # fmt: skip
_SEPARATOR = lazy_pattern(rb"^---(?=[\s]|$)[^\n]*+\n?", 8)  # re.MULTILINE
_KIND = lazy_pattern(rb"(?:^|[{,\s])[\"']?kind[\"']?\s*+:\s*+[\"']?([A-Za-z]++)")
_NAME = lazy_pattern(
    rb"^metadata:(?:\s*+\{[^}\n]*?\bname:\s*+|[^\n]*+\n(?:[ \t]++[^\n]*+\n)*?[ \t]++name:\s*+)[\"']?([\w.-]++)", 8
)
_NAMESPACE = lazy_pattern(
    rb"^metadata:(?:\s*+\{[^}\n]*?\bnamespace:\s*+|[^\n]*+\n(?:[ \t]++[^\n]*+\n)*?[ \t]++namespace:\s*+)[\"']?([\w.-]++)", 8
)


@record
class _Join:
    """Resources that say something together: those that ask for the others, and the others."""

    asking: frozenset[str]
    answering: frozenset[str]
    is_wide: bool = False


_ATTACHED = frozenset({"Gateway", "HTTPRoute", "GRPCRoute", "ListenerSet", "XListenerSet"})
_JOINS = (
    _Join(frozenset({"SecurityPolicy"}), _ATTACHED | {"SecurityPolicy"}, is_wide=True),
    _Join(frozenset({"AuthPolicy"}), _ATTACHED | {"AuthPolicy"}, is_wide=True),
    _Join(frozenset({"TrafficPolicy"}), _ATTACHED | {"TrafficPolicy"}, is_wide=True),
    _Join(frozenset({"RequestAuthentication"}), frozenset({"AuthorizationPolicy", "RequestAuthentication"})),
)
_ASKING = frozenset(kind for join in _JOINS for kind in join.asking)
_TELLING = frozenset(kind for join in _JOINS for kind in join.asking | join.answering)
