"""AWS trust policies, however they are written."""

from __future__ import annotations

import json

import pytest

from scanner.evidence.bindings.paths.iam_statements import iam_providers, iam_statements
from scanner.evidence.read_document import DocumentReader
from scanner.files.read import read
from scanner.files.tree import Format, Mapping, Parsed, to_plain
from scanner.pack.shipped import shipped_pack
from scanner.sources.document import Document

ARN = "arn:aws:iam::111122223333:oidc-provider/login.example.com"
ALLOWED = 'Action = "sts:AssumeRoleWithWebIdentity"'
PROVIDER = 'resource "aws_iam_openid_connect_provider" "a" {\n  url = "https://login.example.com"\n}\n'
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


def providers(text: str) -> list[object]:
    parsed = read(text.encode(), "hcl")
    assert isinstance(parsed, Parsed)
    return [to_plain(item) for item in iam_providers(parsed.documents[0]).items]


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


class TestTheIssuer:
    """The names of the conditions, the ARN or the provider of the document say whose tokens a statement takes."""

    @pytest.mark.parametrize(
        "principal",
        [
            "var.arn",
            "local.arn",
            "module.oidc.arn",
            "data.terraform_remote_state.a.outputs.arn",
            "aws_iam_openid_connect_provider.a.arn",
        ],
    )
    def test_the_conditions_tell_it_wherever_the_provider_is(self, principal: str) -> None:
        (found,) = statements(TERRAFORM.replace(f'"{ARN}"', principal), "hcl")
        assert found["issuer"] == "login.example.com"

    def test_the_provider_of_the_document_tells_its_url(self) -> None:
        provider = PROVIDER.replace("\n}", '\n  client_id_list = ["a"]\n}')
        text = provider + TERRAFORM.replace(f'"{ARN}"', "one(aws_iam_openid_connect_provider.a[*].arn)")
        (found,) = statements(text, "hcl")
        assert (found["issuer"], found["client-ids"]) == ("https://login.example.com", ["a"])
        assert providers(text) == []

    def test_a_local_may_name_the_provider(self) -> None:
        provider = 'data "aws_iam_openid_connect_provider" "a" { url = "https://login.example.com" }\n'
        text = f"{provider}locals {{ arn = data.aws_iam_openid_connect_provider.a.arn }}\n" + TERRAFORM.replace(
            f'"{ARN}"', "local.arn"
        )
        assert [each["issuer"] for each in statements(text, "hcl")] == ["https://login.example.com"]

    def test_without_conditions_it_stays_open(self) -> None:
        text = 'x = jsonencode({ Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = var.arn } })'
        (found,) = statements(text, "hcl")
        assert (found["issuer"], found["lacks-subject"]) == ("var.arn", True)

    def test_google_needs_no_provider(self) -> None:
        """AWS's `aud` is Google's `azp`, the client; its `oaud` is the audience."""
        text = JSON.replace(ARN, "accounts.google.com").replace("login.example.com", "accounts.google.com")
        (found,) = statements(text.replace(":sub", ":oaud"), "json")
        assert (found["issuer"], "lacks-subject" in found, found["lacks-audience"]) == ("accounts.google.com", False, False)

    def test_a_provider_that_no_statement_trusts_stands_alone(self) -> None:
        text = 'resource "aws_iam_openid_connect_provider" "a" {\n  url = "https://login.example.com"\n}\n'
        assert providers(text) == [{"issuer": "https://login.example.com"}]


class TestConditionsThatAnExpressionMakes:
    """Nobody can say that such a condition is missing."""

    @pytest.mark.parametrize("condition", ["var.conditions", "merge(local.a, var.b)", "{ StringEquals = local.a }"])
    def test_they_leave_open_what_is_missing(self, condition: str) -> None:
        text = f'x = jsonencode({{ {ALLOWED}, Principal = {{ Federated = "{ARN}" }}, Condition = {condition} }})'
        (found,) = statements(text, "hcl")
        assert str(found["lacks-subject"]).startswith("${")

    def test_a_name_that_a_function_makes_has_its_claim(self) -> None:
        (found,) = statements(TERRAFORM.replace('"login.example.com:sub"', 'format("%s:sub", local.a)'), "hcl")
        assert (found["lacks-subject"], found["subjects"]) == (False, ["repo:a/b:*", "repo:a/c:*"])

    def test_the_cdk_writes_them_as_a_resource(self) -> None:
        text = """\
Resources:
  Names:
    Type: Custom::AWSCDKCfnJson
    Properties:
      Value:
        Fn::Join: ["", ['{"', {Ref: Issuer}, ':aud":"sts.example.com","', {Ref: Issuer}, ':sub":"system:serviceaccount:a:b"}']]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
        - Action: sts:AssumeRoleWithWebIdentity
          Principal: {Federated: {Ref: Provider}}
          Condition: {StringEquals: {"Fn::GetAtt": [Names, Value]}}
"""
        (found,) = statements(text, "yaml")
        assert (found["audiences"], found["subjects"]) == (["sts.example.com"], ["system:serviceaccount:a:b"])


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Deny", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": ARN}},
        {"Action": "sts:TagSession", "Principal": {"Federated": ARN}},
        {"Action": "sts:AssumeRoleWithSAML", "Principal": {"Federated": "arn:aws:iam::1:saml-provider/a"}},
        {"Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": "cognito-identity.amazonaws.com"}},
        {"NotAction": "sts:AssumeRole", "Principal": {"Federated": ARN}},
    ],
)
def test_what_lets_no_token_of_an_openid_provider_in_is_none(statement: object) -> None:
    assert statements(json.dumps({"Statement": [statement]}), "json") == []


def test_the_thumbprints_of_a_provider_are_told_once() -> None:
    provider = (
        'resource "aws_iam_openid_connect_provider" "a" {\n  url = "https://login.example.com"\n  thumbprint_list = ["ab"]\n}\n'
    )
    policy = TERRAFORM.replace(f'"{ARN}"', "aws_iam_openid_connect_provider.a.arn")
    found = statements(provider + policy + policy.replace('"trust"', '"more"'), "hcl")
    assert ["thumbprints" in each for each in found] == [True, False]


def test_an_arn_that_an_expression_makes_names_nobody() -> None:
    made = 'format("arn:%s:iam::%s:oidc-provider/%s", var.a, var.b, var.c)'
    (found,) = statements(TERRAFORM.replace(f'"{ARN}"', made), "hcl")
    assert found["issuer"] == "login.example.com"


def test_a_policy_without_an_audience_undoes_no_other_one() -> None:
    """Each role asks for what its own policy says."""
    reader = DocumentReader(shipped_pack(examples=False).platforms)
    more = TERRAFORM.replace('"trust"', '"more"').replace("login.example.com:aud", "aws:SourceIp")
    found = reader.read(Document("roles.tf", f"{TERRAFORM}{more}".encode()))
    assert found is not None
    assert [(each.drops_audience, each.settings["binds_audience"].value) for each in found.bindings] == [
        (False, True),
        (False, False),
    ]
