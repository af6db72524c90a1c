"""AWS trust policies, however they are written."""

from __future__ import annotations

import pytest

from scanner.evidence.bindings.paths.iam_statements import iam_statements
from scanner.files.read import read
from scanner.files.tree import Format, Mapping, Parsed, to_plain

ARN = "arn:aws:iam::111122223333:oidc-provider/login.example.com"
JSON = f"""\
{{"Statement": [{{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {{"Federated": "{ARN}"}},
  "Condition": {{"StringEquals": {{"login.example.com:aud": "sts.example.com"}},
                "StringLike": {{"login.example.com:sub": ["repo:a/b:*", "repo:a/c:*"]}}}}}}]}}
"""
TERRAFORM = f"""\
data "aws_iam_policy_document" "trust" {{
  statement {{
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {{
      type        = "Federated"
      identifiers = ["{ARN}"]
    }}
    condition {{
      test     = "StringEquals"
      variable = "login.example.com:aud"
      values   = ["sts.example.com"]
    }}
    condition {{
      test     = "StringLike"
      variable = "login.example.com:sub"
      values   = ["repo:a/b:*", "repo:a/c:*"]
    }}
  }}
}}
"""


def statements(text: str, format_: Format) -> list[dict[str, object]]:
    parsed = read(text.encode(), format_)
    assert isinstance(parsed, Parsed)
    made = iam_statements(parsed.documents[0])
    return [to_plain(item) for item in made.items if isinstance(item, Mapping)]  # type: ignore[misc]


@pytest.mark.parametrize(("text", "format_"), [(JSON, "json"), (TERRAFORM, "hcl"), (JSON, "yaml")])
def test_each_way_of_writing_gives_the_same(text: str, format_: Format) -> None:
    assert statements(text, format_) == [
        {
            "principal": ARN,
            "lacks-audience": False,
            "lacks-subject": False,
            "issuer": "login.example.com",
            "audiences": ["sts.example.com"],
            "subjects": ["repo:a/b:*", "repo:a/c:*"],
        }
    ]


def test_the_issuer_is_told_by_the_conditions_where_the_provider_is_a_reference() -> None:
    (found,) = statements(JSON.replace(ARN, "${aws_iam_openid_connect_provider.a.arn}"), "json")
    assert found["issuer"] == "login.example.com"


@pytest.mark.parametrize("operator", ["StringNotEquals", "Null", "StringEqualsIfExists", "ForAllValues:StringEquals"])
def test_an_operator_that_does_not_demand_the_claim_binds_nothing(operator: str) -> None:
    (found,) = statements(JSON.replace("StringEquals", operator), "json")
    assert found["lacks-audience"] is True


def test_a_role_for_a_service_is_none() -> None:
    assert statements('{"Statement": [{"Principal": {"Service": "ec2.amazonaws.com"}}]}', "json") == []
