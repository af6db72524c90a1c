"""The values that each chart of a tree sees: its own, those of the charts above it, and the global ones."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.record import record
from scanner.units.helm.chart import Chart, Dependency
from scanner.units.helm.structures import Files
from scanner.units.helm.value import NOT_KNOWN, Value
from scanner.units.helm.values import lay_over

# a chart that is used under so many names is not read under more
_MOST_SCOPES = 8
_EMPTY = Value({})


@record(slots=True)
class Scope:
    """A chart as it is used once: under a name, with its values."""

    chart: Chart
    name: str
    values: Value


def list_scopes(chart: Chart, given: Value) -> Iterator[Scope]:
    """Each use of each chart of the tree that the values switch on, with what `given` says of it."""
    yield from _list_scopes(chart, chart.name, _coalesce(chart, given))


def _list_scopes(chart: Chart, name: str, values: Value) -> Iterator[Scope]:
    yield Scope(chart, name, values)
    for each in chart.dependencies:
        if _is_switched_on(each, values):
            yield from _list_scopes(each.chart, each.name, values.data[each.name])


def _coalesce(chart: Chart, given: Value) -> Value:
    """The values of a chart, with a member for each chart that it depends on."""
    values = lay_over(given, chart.values)
    for each in chart.dependencies:
        values = lay_over(values, _imported(each, values))
    made = dict(values.data)
    shared = _dict_of(values.data.get("global"))
    for each in chart.dependencies:
        own = _dict_of(values.data.get(each.name))
        with_global = lay_over(Value({"global": shared}), own) if shared.data else own
        made[each.name] = _coalesce(each.chart, with_global)
    return Value(made, values.origins, is_given=True)


def _dict_of(value: Value | None) -> Value:
    return value if value is not None and isinstance(value.data, dict) else _EMPTY


def _imported(dependency: Dependency, values: Value) -> Value:
    """The values of an inner chart that `import-values` takes over."""
    listed = dependency.entry.data.get("import-values")
    if listed is None or not isinstance(listed.data, list):
        return _EMPTY
    inner = lay_over(_dict_of(values.data.get(dependency.name)), dependency.chart.values)
    made = _EMPTY
    for entry in listed.data:
        source, target = _ends_of_import(entry)
        found = _find(inner, source)
        if found is not None and isinstance(found.data, dict):
            for name in reversed(target):
                found = Value({name: found})
            made = lay_over(found, made)
    return made


def _ends_of_import(entry: Value) -> tuple[list[str], list[str]]:
    """From where to where an entry of `import-values` takes values."""
    if isinstance(entry.data, str):
        return ["exports", entry.data], []
    child, parent = (_text_of(entry, name) for name in ("child", "parent"))
    return child.split("."), [] if parent in ("", ".") else parent.split(".")


def _text_of(entry: Value, name: str) -> str:
    found = entry.data.get(name) if isinstance(entry.data, dict) else None
    return found.data if found is not None and isinstance(found.data, str) else ""


def _find(values: Value, names: list[str]) -> Value | None:
    for name in names:
        if not isinstance(values.data, dict) or name not in values.data:
            return None
        values = values.data[name]
    return values


def _is_switched_on(dependency: Dependency, values: Value) -> bool:
    """What the first condition says that has a value, else whether one of the tags is on."""
    for path in _text_of(dependency.entry, "condition").split(","):
        found = _find(values, path.strip().split(".")) if path.strip() else None
        if found is not None and isinstance(found.data, bool):
            return found.data
    tags = dependency.entry.data.get("tags")
    names = [tag.data for tag in tags.data] if tags is not None and isinstance(tags.data, list) else []
    said = [found.data for name in names if isinstance(name, str) for found in [_find(values, ["tags", name])] if found]
    return not said or any(each is True for each in said)


def make_root(scope: Scope, *, is_root: bool, files: Files) -> Value:
    """What `$` means in the templates of a chart. What only a release tells stays as it is written."""
    metadata = scope.chart.metadata.data
    names = {"apiVersion": "APIVersion", "appVersion": "AppVersion", "kubeVersion": "KubeVersion"}
    chart = {names.get(name, f"{name[:1].upper()}{name[1:]}"): value for name, value in metadata.items()}
    known_name = metadata.get("name")
    chart["Name"] = Value(scope.name, known_name.origins if known_name is not None else ())
    chart["IsRoot"] = Value(is_root)
    release = {
        "Name": Value("{{ .Release.Name }}", is_open=True),
        "Namespace": Value("{{ .Release.Namespace }}", is_open=True),
        "Service": Value("Helm"),
        "IsInstall": NOT_KNOWN,
        "IsUpgrade": NOT_KNOWN,
        "Revision": NOT_KNOWN,
    }
    return Value(
        {
            "Values": scope.values,
            "Chart": Value(chart),
            "Release": Value(release),
            "Capabilities": NOT_KNOWN,
            "Files": Value(files),
            "Template": NOT_KNOWN,
            "Subcharts": NOT_KNOWN,
        }
    )
