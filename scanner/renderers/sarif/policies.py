"""The policies of a run: the rules as descriptors, the profile as a policy (§3.19.5), the frameworks as taxonomies."""

from __future__ import annotations

from typing import Any

from scanner.findings.asked_rule import AskedRule
from scanner.findings.model import Report
from scanner.findings.policies import FrameworkEntry
from scanner.pack.control_index import ControlRef
from scanner.renderers.markdown_text import prose
from scanner.renderers.sarif.names import HOME, LEVELS, RANKS, SCORES, guid

# §3.27.8: `superset` need not be repeated in a result's taxa, `incomparable` must be. Weak mappings are in neither.
_RELATIONS = {"direct": "superset", "partial": "incomparable"}
_LONGEST_DESCRIPTION = 1000  # GitHub accepts 1,024 characters


class Taxa:
    """The taxonomies of a run and references into them."""

    def __init__(self, report: Report) -> None:
        self.frameworks = [framework for framework in report.frameworks if framework.controls]
        self._indexes = {framework.id: index for index, framework in enumerate(self.frameworks)}
        self._controls = {
            (framework.id, control.id): index
            for framework in self.frameworks
            for index, control in enumerate(framework.controls)
        }

    def component(self, framework: str) -> dict[str, Any]:
        """A reference to a framework's taxonomy."""
        return {"name": framework, "index": self._indexes[framework], "guid": guid(framework)}

    def reference(self, control: ControlRef) -> dict[str, Any]:
        """A reference to a control."""
        return {
            "id": control.control,
            "index": self._controls[control.framework, control.control],
            "toolComponent": self.component(control.framework),
        }


def configuration(rule: AskedRule) -> dict[str, Any]:
    """The configuration of the rule in this run (§3.50)."""
    parameters = {"parameters": {"properties": rule.params}} if rule.params else {}
    return {"enabled": True, "level": LEVELS[rule.severity], "rank": RANKS[rule.severity], **parameters}


def descriptor(rule: AskedRule, taxa: Taxa) -> dict[str, Any]:
    """A rule with its reason, remedy and controls."""
    return make_plain_descriptor(rule) | {
        "relationships": [
            {
                "target": taxa.reference(control),
                "kinds": [_RELATIONS[control.strength]],
                "description": {"text": f"{control.strength} evidence"},
            }
            for control in rule.controls
        ]
    }


def make_plain_descriptor(rule: AskedRule) -> dict[str, Any]:
    """A rule with its reason and remedy."""
    rationale, remedy = rule.rationale, rule.remedy
    references = ", ".join(rule.references)
    return {
        "id": rule.id,
        "guid": guid("rule", rule.id),
        "name": "".join(part.capitalize() for part in rule.id.split("-"))[:255],
        "shortDescription": {"text": f"{rule.title}."[:_LONGEST_DESCRIPTION]},
        "fullDescription": {"text": rationale[:_LONGEST_DESCRIPTION]},
        "help": {
            "text": f"{rationale}\n\nRemedy: {remedy}" + (f"\n\nReferences: {references}" if references else ""),
            "markdown": f"{prose(rationale)}\n\n**Remedy.** {prose(remedy)}"
            + (f"\n\n*References:* {prose(references)}" if references else ""),
        },
        "helpUri": HOME,
        "defaultConfiguration": configuration(rule),
        "properties": {
            # the most important first: GitHub shows ten and accepts twenty
            "tags": ["security", rule.objective, rule.about, *rule.codes, *(["preview"] if rule.preview else [])][:10],
            "precision": "high",
            "security-severity": SCORES[rule.severity],
        },
    }


def policy(report: Report) -> dict[str, Any]:
    """The applied profile: every rule's configuration, and the count of each answer."""
    run = report.run
    return {
        "name": run.profile,
        "guid": guid("policy", run.profile, report.pack_digest, config_digest(report) or ""),
        "semanticVersion": report.version,
        "informationUri": HOME,
        "shortDescription": {"text": f"The rules of the profile {run.profile}, as this run asked them."},
        "rules": [
            {
                "id": rule.id,
                "guid": guid("policy", run.profile, rule.id),
                "shortDescription": {"text": f"{rule.title}."},
                "defaultConfiguration": configuration(rule),
                "properties": {
                    "defaultSeverity": rule.default_severity,
                    "severity": rule.severity,
                    "preview": rule.preview,
                    "pass": rule.answers.passed,
                    "fail": rule.answers.failed,
                    "undetermined": rule.answers.undetermined,
                    "notApplicable": rule.answers.not_applicable,
                },
            }
            for rule in report.rules
        ],
        "properties": {
            "packSha256": report.pack_digest,
            "configurationSha256": config_digest(report),
            "failOn": run.fail_on or "none",
        },
    }


def config_digest(report: Report) -> str | None:
    """SHA-256 of the configuration file, if one applied."""
    return report.run.config.sha256 if report.run.config is not None else None


def taxonomy(framework: FrameworkEntry) -> dict[str, Any]:
    """A framework with the controls in its mappings."""
    return {
        "name": framework.id,
        "guid": guid(framework.id),
        "version": framework.version,
        "informationUri": framework.url or HOME,
        "isComprehensive": False,
        "shortDescription": {"text": f"{framework.title}."},
        "taxa": [
            {"id": control.id, "name": control.title, "shortDescription": {"text": control.text or control.title}}
            for control in framework.controls
        ],
    }
