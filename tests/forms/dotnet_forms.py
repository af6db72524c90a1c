"""Forms of .NET's settings."""

from __future__ import annotations

from tests.forms.form import Form

_URL = "http://login.example.com"
_POD = "kind: Pod\nspec:\n  containers:\n  - name: shop\n"

DOTNET_FORMS: tuple[Form, ...] = (
    Form(
        ".NET's keys joined by colons, in any case",
        "seen",
        (
            {"appsettings.json": f'{{"Authentication:Schemes:Bearer:Authority": "{_URL}"}}'},
            {"appsettings.json": f'{{"Authentication:Schemes": {{"Bearer:Authority": "{_URL}"}}}}'},
            {"appsettings.json": f'{{"authentication": {{"SCHEMES:bearer": {{"AUTHORITY": "{_URL}"}}}}}}'},
            {"appsettings.Production.json": f'{{"Jwt:Authority": "{_URL}", "Jwt:Audience": "shop"}}'},
            {"appsettings.json": f'{{"AzureAd": {{"ClientId": "shop"}}, "AzureAd:Instance": "{_URL}"}}'},
            {"appsettings.ini": f"[Authentication:Schemes:Bearer]\nAuthority={_URL}\n"},
        ),
    ),
    Form(
        ".NET's settings in variables and arguments",
        "seen",
        (
            {".env": f"Authentication__Schemes__Bearer__Authority={_URL}\n"},
            {"docker-compose.yml": f"services:\n  shop:\n    environment:\n      Jwt__Authority: {_URL}\n"},
            {"a.yaml": f"{_POD}    env: [{{name: AUTHENTICATION__SCHEMES__BEARER__AUTHORITY, value: '{_URL}'}}]\n"},
            {"a.yaml": f"kind: ConfigMap\ndata:\n  AzureAd__Instance: {_URL}\n  AzureAd__ClientId: shop\n"},
            {"a.yaml": f'{_POD}    args: ["--Authentication:Schemes:Bearer:Authority={_URL}"]\n'},
            {"run.sh": f"dotnet shop.dll --Authentication:Schemes:Bearer:Authority={_URL}\n"},
        ),
    ),
)  # fmt: skip
