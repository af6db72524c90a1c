"""What the names of profiles say."""

from __future__ import annotations

import pytest

from scanner.units.stages import is_for_development, is_for_production, order_by_stage


@pytest.mark.parametrize("name", ["prod", "production", "PROD", "prod-eu", "prod2", "euProd", "live", "k8s", "aws", "azure_us"])
def test_names_of_production(name: str) -> None:
    assert is_for_production(name)
    assert not is_for_development(name)


@pytest.mark.parametrize("name", ["dev", "local", "localDev", "test", "e2e", "it", "dev1", "k8s-local", "aws-dev"])
def test_names_of_development(name: str) -> None:
    assert is_for_development(name)
    assert not is_for_production(name)


@pytest.mark.parametrize("name", ["staging", "kafka", "non-prod", "preprod", "postgres", "docker", "default", "", "integrity"])
def test_names_of_neither(name: str) -> None:
    assert not is_for_development(name)
    assert not is_for_production(name)


def test_production_comes_first() -> None:
    assert sorted(["dev", "kafka", "prod"], key=order_by_stage) == ["prod", "kafka", "dev"]
