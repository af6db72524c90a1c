"""The functions of conditions: answers, errors as undetermined, and no cost where none is called."""

from __future__ import annotations

import pytest

from scanner.policy.cel import Environment, EvaluationFault
from scanner.policy.functions import FUNCTIONS, functions_in


def ask(text: str, **values: object) -> object:
    types = {name: "list[str]" if isinstance(value, list) else "str" for name, value in values.items()}
    environment = Environment(types, FUNCTIONS)
    return environment.compile(text, "bool").evaluate(environment.activation(values))


class TestIsUnder:
    def test_answers_for_each_host_of_a_list(self) -> None:
        rule = 'hosts.all(host, is_under(host, "example.com"))'
        assert ask(rule, hosts=["a.example.com", "example.com"]) is True
        assert ask(rule, hosts=["a.example.com", "example.com.evil.org"]) is False

    def test_of_no_domain_is_a_fault_and_no_pass(self) -> None:
        found = ask('!is_under(host, "https://staging.example.com")', host="a.staging.example.com")
        assert isinstance(found, EvaluationFault)
        assert "is not a domain" in found.because


class TestIsAtLeast:
    @pytest.mark.parametrize(("has", "wants", "is_so"), [("1.10", "1.9", True), ("1.9.9", "1.10", False), ("v2", "2.0", True)])
    def test_compares_numbers(self, has: str, wants: str, is_so: bool) -> None:
        assert ask("is_at_least(has, wants)", has=has, wants=wants) is is_so

    def test_of_a_name_is_a_fault(self) -> None:
        assert isinstance(ask('is_at_least(has, "1.2")', has="latest"), EvaluationFault)


class TestNames:
    def test_of_functions_count_where_they_are_called(self) -> None:
        assert [each.name for each in functions_in("is_under(a.b, c)")] == ["is_under"]
        assert functions_in("a.is_under && key.is_at_least") == ()
