"""A rule, a control or the fact table as text: for `explain`, and for the generated pages of docs/."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scanner.facts.fact import Fact
from scanner.pack.model import Param, Rule
from scanner.pack.pack import Pack


def rule_page(pack: Pack, rule: Rule, *, weak: bool = False) -> str:
    """Everything about a rule, as Markdown that also reads well in a terminal."""
    return "\n".join(_rule_lines(pack, rule, weak=weak)).rstrip() + "\n"


def _rule_lines(pack: Pack, rule: Rule, *, weak: bool) -> Iterator[str]:
    yield f"# {rule.id}"
    yield ""
    yield f"**{rule.title}**"
    yield ""
    codes = f" · {', '.join(rule.codes)}" if rule.codes else ""
    yield f"{rule.severity} · about a {rule.about.replace('_', ' ')} · {rule.status} since {rule.since}{codes}"
    if rule.status == "deprecated" and rule.replaced_by:
        yield f"Deprecated: use `{rule.replaced_by}`."
    yield from ("", "## Why", "", rule.rationale.strip(), "", "## What to do", "", rule.remedy.strip())
    yield from ("", "## Condition", "", "```cel")
    if rule.when:
        yield f"when:    {rule.when.strip()}"
    yield f"require: {rule.require.strip()}"
    yield "```"
    if rule.explains:
        named = ", ".join(f"`{each}`" for each in rule.explains)
        yield from ("", f"What follows is told with it, and not beside it: {named}.")
    if rule.params:
        yield from ("", "## Parameters", "")
        yield from (f"- `{name}` ({_describe(param)}): {param.description}" for name, param in rule.params.items())
    yield from ("", "## Examples", "")
    yield from (f"- {example.it}: **{example.gives.replace('_', ' ')}**" for example in rule.examples)
    objective = pack.objectives[rule.objective]
    yield from ("", "## Controls", "", f"Objective `{objective.id}`: {objective.title}.", "")
    for framework, control, mapping in pack.controls_for(rule.objective, weak=weak):
        yield f"- {framework.short or framework.title}: {control.id} {control.title} ({mapping.strength}). {mapping.why}"
    if rule.references:
        yield from ("", "## References", "")
        yield from (f"- {reference}" for reference in rule.references)


def facts_page(facts: Iterable[Fact]) -> str:
    """Every fact with its type, its source and its docstring."""
    lines: list[str] = []
    for fact in facts:
        may = " or absent" if fact.is_optional else ""
        spec = f" · {fact.spec}" if fact.spec else ""
        doc = "\n".join(line.strip() for line in fact.doc.splitlines())
        lines += [f"## `{fact.name}`", "", f"{fact.type}{may}{spec}", "", doc, ""]
    return "\n".join(lines).rstrip() + "\n"


def _describe(param: Param) -> str:
    stricter = f"; {param.stricter} is stricter" if param.stricter is not None else ""
    return f"default {param.default}{stricter}"
