"""What this run of the tests plants: new keys and a new password each time, and the oracle that knows them."""

from __future__ import annotations

import os
import random
from functools import cache

from tests.redaction.forms import all_forms
from tests.redaction.keys import PlantedKey, make_keys, make_password
from tests.redaction.oracle import LeakOracle
from tests.redaction.wraps import CREDENTIALS

# a failing run is repeated with the seed that its message names
SEED = int(os.environ.get("JWKSGOV_SEED") or random.SystemRandom().randrange(2**32))
AGAIN = f"JWKSGOV_SEED={SEED}"


@cache
def keys() -> tuple[PlantedKey, ...]:
    """One key of each kind."""
    return make_keys(random.Random(SEED))


@cache
def password() -> str:
    """The password of URLs."""
    return make_password(random.Random(SEED))


@cache
def oracle() -> LeakOracle:
    """Knows all of them."""
    values = {key.name: (*key.octets, *key.encrypted) for key in keys()}
    return LeakOracle(values | {"password": (password().encode(),)})


@cache
def key_forms() -> tuple[tuple[str, str], ...]:
    """Every form of every key, with its name."""
    return tuple((f"{key.name} {name}", text) for key in keys() for name, text in all_forms(key))


@cache
def credentials() -> tuple[tuple[str, str], ...]:
    """Every URL with the password, with its name."""
    return tuple((name, make(password())) for name, make in CREDENTIALS.items())
