"""Leaves the manifests that say nothing about trust out of a text of many: to parse them took most of its time."""

from __future__ import annotations

import re
from collections.abc import Callable

from scanner.patterns import lazy_pattern

# a shorter text is parsed as soon as it is searched
_FEW = 20
_END = "\n---\n"
# kinds that no policy is attached to, and that say nothing with other manifests unless they have words of a platform
_PLAIN = frozenset({
    "ClusterRole", "ClusterRoleBinding", "CronJob", "CustomResourceDefinition", "DaemonSet", "Deployment",
    "HorizontalPodAutoscaler", "Job", "LimitRange", "NetworkPolicy", "PersistentVolume", "PersistentVolumeClaim", "Pod",
    "PodDisruptionBudget", "PodMonitor", "PriorityClass", "PrometheusRule", "ReplicaSet", "ResourceQuota", "Role",
    "RoleBinding", "ServiceMonitor", "StatefulSet", "StorageClass",
})  # fmt: skip
_KIND = lazy_pattern(r"^kind:[ \t]*+([A-Za-z]*+)[ \t]*+$", re.MULTILINE)


def leave_out_plain(text: str, has_signs: Callable[[bytes], bool]) -> str:
    """The YAML text with empty lines for each such manifest, so that all places in it stay."""
    parts = text.split(_END)
    if len(parts) <= _FEW:
        return text
    return _END.join("\n" * part.count("\n") if _is_plain(part, has_signs) else part for part in parts)


def _is_plain(part: str, has_signs: Callable[[bytes], bool]) -> bool:
    kinds = _KIND.findall(part)
    return bool(kinds) and _PLAIN.issuperset(kinds) and not has_signs(part.encode("utf-8", "surrogatepass"))
