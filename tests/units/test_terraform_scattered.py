"""A value that is scattered over a module and its callers comes back, with places that lie in the files."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.units.terraform.kind import TerraformKind
from tests.units.unit_trees import document_of, find_unit, place_of, plant, read_variants

_RESOURCE = 'resource "aws_apigatewayv2_authorizer" "jwt" {\n  jwt_configuration {\n    issuer = %s\n  }\n}\n'
_PARTS = st.text("abcxyz019-.", min_size=1, max_size=12)


class Estate:
    """A module and those that call it, while a value is scattered over them."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data
        self.files: dict[str, str] = {}
        self.many = 0

    def name(self) -> str:
        """A new name."""
        self.many += 1
        return f"n{self.many}"

    def add(self, folder: str, text: str) -> None:
        """Add a block to some file of a module."""
        path = f"{folder}/{self.data.draw(st.sampled_from(['main', 'a', 'b']))}.tf"
        self.files[path] = self.files.get(path, "") + text

    def express(self, folder: str, value: str, depth: int = 0) -> str:
        """An expression in a module that has the value."""
        ways = [self.literal, self.local, self.member, self.default, self.given, self.joined, self.formatted, self.chosen]
        ways += [self.merged, self.looped, self.output]
        ways += [self.argument] if folder.count("/") < 2 else []
        way = self.data.draw(st.sampled_from(ways if depth < 4 else ways[:1]))
        return way(folder, value, depth + 1)

    def literal(self, _folder: str, value: str, _depth: int) -> str:
        return f'"{value}"'

    def local(self, folder: str, value: str, depth: int) -> str:
        name = self.name()
        self.add(folder, f"locals {{\n  {name} = {self.express(folder, value, depth)}\n}}\n")
        return f"local.{name}"

    def member(self, folder: str, value: str, depth: int) -> str:
        name = self.name()
        inner = self.express(folder, value, depth)
        self.add(folder, f'locals {{\n  {name} = {{\n    "a" = [1, {{ b = {inner} }}]\n    c = "x"\n  }}\n}}\n')
        return f'local.{name}["a"][1].b'

    def default(self, folder: str, value: str, _depth: int) -> str:
        name = self.name()
        self.add(folder, f'variable "{name}" {{\n  default = "{value}"\n}}\n')
        return f"var.{name}"

    def given(self, folder: str, value: str, depth: int) -> str:
        """By `terraform.tfvars`, of a module that nobody calls; else by a default."""
        if folder != "top":
            return self.default(folder, value, depth)
        name = self.name()
        self.add(folder, f'variable "{name}" {{}}\n')
        path = f"{folder}/terraform.tfvars"
        self.files[path] = self.files.get(path, "") + f'{name} = "{value}"\n'
        return f"var.{name}"

    def joined(self, folder: str, value: str, depth: int) -> str:
        at = self.data.draw(st.integers(0, len(value)))
        inner = self.express(folder, value[at:], depth)
        return f'"{value[:at]}${{{inner}}}"'

    def formatted(self, folder: str, value: str, depth: int) -> str:
        at = self.data.draw(st.integers(0, len(value)))
        return f'format("%s%s", {self.express(folder, value[:at], depth)}, {self.express(folder, value[at:], depth)})'

    def chosen(self, folder: str, value: str, depth: int) -> str:
        test = self.express(folder, "on", depth)
        return f'({test} == "on" ? {self.express(folder, value, depth)} : "other")'

    def merged(self, folder: str, value: str, depth: int) -> str:
        return f'lookup(merge({{ a = "other" }}, {{ a = {self.express(folder, value, depth)} }}), "a", "")'

    def looped(self, folder: str, value: str, depth: int) -> str:
        return f'[for each in ["other", {self.express(folder, value, depth)}] : each if each != "other"][0]'

    def output(self, folder: str, value: str, depth: int) -> str:
        """Of a module below."""
        name = self.name()
        if folder.count("/") >= 2:
            return self.literal(folder, value, depth)
        self.add(f"{folder}/{name}", f'output "o" {{\n  value = {self.express(f"{folder}/{name}", value, 4)}\n}}\n')
        self.add(folder, f'module "{name}" {{\n  source = "./{name}"\n}}\n')
        return f"module.{name}.o"

    def argument(self, folder: str, value: str, depth: int) -> str:
        """Through a module below that gives back what it is given."""
        name = self.name()
        self.add(f"{folder}/{name}", 'variable "v" {}\noutput "o" {\n  value = "${var.v}"\n}\n')
        self.add(folder, f'module "{name}" {{\n  source = "./{name}"\n  v = {self.express(folder, value, depth)}\n}}\n')
        return f"module.{name}.o"


@given(st.data(), _PARTS, st.booleans())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_a_scattered_value_comes_back(data: st.DataObject, host: str, is_called: bool) -> None:
    estate, value = Estate(data), f"https://{host}"
    if is_called:
        estate.add("top", f'module "api" {{\n  source = "./api"\n  issuer = {estate.express("top", value)}\n}}\n')
        estate.files["top/api/main.tf"] = _RESOURCE % "var.issuer" + 'variable "issuer" {}\n'
    else:
        estate.add("top", _RESOURCE % estate.express("top", value))
    home = "top/api" if is_called else "top"
    name = next(path for path, text in estate.files.items() if path.startswith(f"{home}/") and "authorizer" in text)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        plant(root, estate.files)
        made = list(read_variants(TerraformKind(), root, name).values())[-1]
    issuer = made[0]["resource"]["aws_apigatewayv2_authorizer"]["jwt"]["jwt_configuration"]["issuer"]
    assert issuer == value, estate.files
    found = place_of(made[1], value)
    assert found.at.path == name
    for each in (found.at, *found.origins):
        lines = estate.files[each.path].split("\n")
        assert 1 <= each.line <= len(lines)
        assert 1 <= each.column <= len(lines[each.line - 1]) + 1


_TEXT = st.text('locals {}variable"x=${var.}[]()\n %<EOTresource issuer jwt_,0', max_size=200)


@given(st.dictionaries(st.sampled_from(["main.tf", "a.tf", "m/main.tf", "a.tfvars", "t.tpl"]), _TEXT))
@settings(deadline=None, max_examples=60)
def test_no_text_is_too_odd(files: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        call = (
            'module "m" {\n  source = "./m"\n  x = var.x\n}\nresource "jwt" "a" {\n  x = templatefile("t.tpl", { x = 1 })\n}\n'
        )
        plant(root, {**files, "main.tf": files.get("main.tf", "") + call})
        for name in ("main.tf", *files):
            unit = find_unit(TerraformKind(), root, name) if name.endswith(".tf") else None
            for made in unit.make(document_of(root, name)) if unit is not None else ():
                assert made.text.find(1, 1, len(made.text.text)) is not None or not made.text.text.strip()
