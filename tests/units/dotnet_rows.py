"""Constructs of ASP.NET Core's settings, for the table in `docs/units.md`."""

from __future__ import annotations

from tests.units.row import FAULT, Row

_BASE = '{"Authentication": {"Schemes": {"Bearer": {"Authority": "https://login.example.com", "ValidAudiences": ["shop"]}}}}\n'
_SECTION = '"Instance": "https://login.example.com/", "TenantId": "0f8fad5b", "ClientId": "2d4e"'

ROWS: tuple[Row, ...] = (
    Row(
        "`appsettings.X.json` over `appsettings.json`",
        "resolved",
        {
            "appsettings.json": _BASE,
            "appsettings.Production.json": f'{{"Authentication": {{"Schemes": {{"Bearer": {{"Authority": "{FAULT}"}}}}}}}}\n',
        },
    ),
    Row(
        "a section of which each file has a part",
        "resolved",
        {
            "appsettings.json": f'{{"AzureAd": {{"Instance": "{FAULT}/"}}}}\n',
            "appsettings.Production.json": '{"AzureAd": {"TenantId": "0f8fad5b", "ClientId": "2d4e"}}\n',
        },
    ),
    Row(
        "names with `:` and in another case, in a file of an environment",
        "resolved",
        {"appsettings.json": _BASE, "appsettings.Staging.json": f'{{"authentication:schemes:bearer:authority": "{FAULT}"}}\n'},
    ),
    Row(
        "a value of several settings (`Instance`, `TenantId`), one of which an environment changes",
        "resolved",
        {
            "appsettings.json": f'{{"AzureAd": {{{_SECTION}}}}}\n',
            "appsettings.Production.json": f'{{"AzureAd": {{"Instance": "{FAULT}/"}}}}\n',
        },
    ),
)
