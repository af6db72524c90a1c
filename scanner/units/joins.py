"""Kinds of Kubernetes resources that say something together, in whatever files they are."""

from __future__ import annotations

from scanner.record import record


@record
class Join:
    """Kinds of resources that say something together: `asking` say it, `answering` are those that they ask for. `is_wide`: the
    latter may be in folders near by. `deciding`: those of them whose change is told at the ones that ask.
    """

    asking: str
    answering: frozenset[str]
    is_wide: bool = True

    @property
    def deciding(self) -> frozenset[str]:
        """Policies of Istio that ask for each other add to each other, and each tells what it adds."""
        return self.answering if self.is_wide else self.answering - {self.asking}


_ATTACHED = frozenset({"Gateway", "HTTPRoute", "GRPCRoute", "ListenerSet", "XListenerSet"})
JOINS = (
    Join("SecurityPolicy", _ATTACHED | {"SecurityPolicy"}),
    Join("AuthPolicy", _ATTACHED | {"AuthPolicy"}),
    Join("TrafficPolicy", _ATTACHED | {"TrafficPolicy"}),
    Join("RequestAuthentication", frozenset({"RequestAuthentication", "AuthorizationPolicy"}), is_wide=False),
)
ASKING = tuple(join.asking.encode() for join in JOINS)
TELLING = frozenset(kind for join in JOINS for kind in join.answering)
_WORDS = tuple(kind.encode() for kind in sorted(TELLING))


def is_asking(data: bytes) -> bool:
    """Whether a file may have a resource that others say more about."""
    return any(word in data for word in ASKING)


def is_telling(data: bytes) -> bool:
    """Whether a file may have a resource that says more about others."""
    return any(word in data for word in _WORDS)
