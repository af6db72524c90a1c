"""Every form of the table in `docs/what-is-seen.md` gives what the table says, in each of its spellings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.forms.code_forms import CODE_FORMS
from tests.forms.dotnet_forms import DOTNET_FORMS
from tests.forms.files_forms import FILES_FORMS
from tests.forms.form import EXIT_CODES, Form, scan_tree
from tests.forms.kustomize_forms import KUSTOMIZE_FORMS
from tests.forms.line_forms import LINE_FORMS
from tests.forms.spelling_forms import SPELLING_FORMS
from tests.forms.spring_forms import SPRING_FORMS
from tests.forms.template_forms import TEMPLATE_FORMS
from tests.forms.terraform_forms import TERRAFORM_FORMS
from tests.forms.url_forms import URL_FORMS
from tests.forms.yaml_forms import YAML_FORMS

FORMS: tuple[Form, ...] = (
    *YAML_FORMS,
    *CODE_FORMS,
    *DOTNET_FORMS,
    *FILES_FORMS,
    *KUSTOMIZE_FORMS,
    *LINE_FORMS,
    *SPELLING_FORMS,
    *SPRING_FORMS,
    *TEMPLATE_FORMS,
    *TERRAFORM_FORMS,
    *URL_FORMS,
)
_ROW = re.compile(r"^\| ([^|]+?) \| (seen|undetermined|quiet) \| [^|]+ \|$", re.MULTILINE)
_TABLE = Path(__file__).parents[2] / "docs" / "what-is-seen.md"


CASES = [(form, number) for form in FORMS for number in range(len(form.trees))]


@pytest.mark.parametrize(("form", "number"), [pytest.param(*case, id=f"{case[0].name}-{case[1]}") for case in CASES])
def test_a_form_gives_what_the_table_says(form: Form, number: int, tmp_path: Path) -> None:
    assert scan_tree(form.trees[number], tmp_path) == EXIT_CODES[form.outcome]


def test_the_table_has_the_forms_that_are_tested() -> None:
    """Each row has at least five different trees, and each tested form is a row."""
    assert sorted(_ROW.findall(_TABLE.read_text())) == sorted((form.name, form.outcome) for form in FORMS)
    for form in FORMS:
        assert len({repr(sorted(tree.items())) for tree in form.trees}) == len(form.trees) >= 5, form.name
