"""A control, a framework or an objective as text: for `explain`, and for the generated pages of docs/."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.pack.controls import Resolved
from scanner.pack.model import Control, Framework, Objective
from scanner.pack.pack import Pack

_CAVEAT = "No failing evidence would mean just that, for the part tested; it never means that the control is met."


def control_page(pack: Pack, resolved: Resolved, *, weak: bool = False) -> str:
    """A control, how a reference came to mean it, and the rules that give evidence for it."""
    return "\n".join(_control_lines(pack, resolved, weak=weak)).rstrip() + "\n"


def framework_page(pack: Pack, framework: Framework, *, weak: bool = False, objectives_at: str | None = None) -> str:
    """Every control of a framework with its objectives; `objectives_at` is the page that these are linked to."""
    return "\n".join(_framework_lines(pack, framework, weak=weak, objectives_at=objectives_at)).rstrip() + "\n"


def objective_page(pack: Pack, objective: Objective, *, weak: bool = False) -> str:
    """What an objective asks, the rules that serve it and the controls that it serves."""
    return "\n".join(_objective_lines(pack, objective, weak=weak)).rstrip() + "\n"


def rules_serving(pack: Pack, objective: str) -> list[str]:
    """The ids of an objective's rules, sorted."""
    return sorted(rule.id for rule in pack.rules.values() if rule.objective == objective)


def _control_lines(pack: Pack, resolved: Resolved, *, weak: bool) -> Iterator[str]:
    control, framework = resolved.control, resolved.framework
    yield f"# {control.id} {control.title}"
    yield ""
    yield f"{framework.title} {framework.version} · `{resolved.name}`"
    if resolved.kind not in ("exact", "notation") or resolved.note:
        yield f"`{resolved.written}` is taken as this control ({resolved.kind}). {resolved.note or ''}".rstrip()
    for text in (control.text, control.note, control.url):
        if text:
            yield from ("", text.strip())
    if control.references:
        yield from ("", f"Comes from: {', '.join(control.references)}")
    yield ""
    if not control.assessable:
        yield "Not assessable: no scan of keys, metadata and configuration can see it."
        return
    shown = [mapping for mapping in control.objectives if weak or mapping.strength != "weak"]
    for mapping in shown:
        objective = pack.objectives[mapping.objective]
        yield f"## {objective.title} ({mapping.strength})"
        yield from ("", f"Objective `{objective.id}`. {mapping.why}", "")
        rules = rules_serving(pack, objective.id)
        yield from (f"- {rule} ({pack.rules[rule].severity}): {pack.rules[rule].title}" for rule in rules)
        if not rules:
            yield "No rule serves it yet: not assessed."
        yield ""
    hidden = len(control.objectives) - len(shown)
    if hidden:
        yield f"{hidden} weak mapping{'s' if hidden > 1 else ''} not shown and never counted; --show-weak shows them."
        yield ""
    yield _CAVEAT if any(rules_serving(pack, each.objective) for each in shown) else "Not assessed: nothing tests it."


def _framework_lines(pack: Pack, framework: Framework, *, weak: bool, objectives_at: str | None) -> Iterator[str]:
    yield f"# {framework.title} {framework.version}"
    yield ""
    yield f"`{framework.id}` · <{framework.url}> · {framework.licence}"
    if framework.limits:
        yield from ("", framework.limits)
    yield from ("", "| control | objectives that are evidence for it |", "|---|---|")
    for control in framework.controls:
        title = f"[{control.title}]({control.url})" if control.url else control.title
        yield f"| {control.id} {title} | {_evidence(pack, control, weak=weak, objectives_at=objectives_at)} |"
    if framework.aliases:
        yield from ("", "## References in other words", "", "| written | means | kind |", "|---|---|---|")
        for alias in framework.aliases:
            yield f"| {alias.written} | {', '.join(alias.means)} | {alias.kind} |"


def _evidence(pack: Pack, control: Control, *, weak: bool, objectives_at: str | None) -> str:
    if not control.assessable:
        return f"not assessable. {control.note or ''}".rstrip()
    cells = []
    for each in control.objectives:
        if weak or each.strength != "weak":
            name = f"[{each.objective}]({objectives_at}#{each.objective})" if objectives_at else each.objective
            rules = "" if rules_serving(pack, each.objective) else ", no rule yet"
            cells.append(f"{name} ({each.strength}{rules})")
    return ", ".join(cells) or "none"


def _objective_lines(pack: Pack, objective: Objective, *, weak: bool) -> Iterator[str]:
    yield f"# {objective.id}"
    yield ""
    yield f"**{objective.title}**"
    yield from ("", objective.description.strip(), "", "## Rules", "")
    rules = rules_serving(pack, objective.id)
    yield from (f"- {rule} ({pack.rules[rule].severity}): {pack.rules[rule].title}" for rule in rules)
    if not rules:
        yield "None yet: whatever depends on it alone is not assessed."
    yield from ("", "## Controls", "")
    for framework, control, mapping in pack.controls_for(objective.id, weak=weak):
        yield f"- {framework.short or framework.title}: {control.id} {control.title} ({mapping.strength}). {mapping.why}"
