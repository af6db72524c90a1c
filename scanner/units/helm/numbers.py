"""Writes numbers as Go does."""

from __future__ import annotations

import math
from typing import Any


def write_number(number: float) -> str:
    """As `%v` writes it: a float of a million or more gets an exponent."""
    if isinstance(number, int):
        return str(number)
    if math.isnan(number) or math.isinf(number):
        return "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"
    return _write(number, 6)


def write_json_number(number: float) -> str:
    """As JSON has it: without an exponent up to 21 digits."""
    return str(number) if isinstance(number, int) else _write(number, 21)


def write_yaml_number(number: float) -> str:
    """As YAML has it: a whole number without an exponent up to 21 digits."""
    if isinstance(number, int):
        return str(number)
    return _write(number, 21) if number.is_integer() else _write(number, 6)


def _write(number: float, most: int) -> str:
    """The shortest form that gives the same number, with an exponent from so many digits on."""
    if not math.isfinite(number):
        return ".nan" if math.isnan(number) else ".inf" if number > 0 else "-.inf"
    if number == 0:
        return "0"
    sign, whole = ("-" if number < 0 else ""), repr(abs(number)).lower()
    digits, _, power = whole.partition("e")
    before, _, after = digits.partition(".")
    bare = (before + after).lstrip("0")
    place = len(before) - 1 + int(power or 0) - (len(before + after) - len(bare) if before == "0" else 0)
    bare = bare.rstrip("0")
    if place < -4 or place >= most:
        tail = f".{bare[1:]}" if len(bare) > 1 else ""
        return f"{sign}{bare[0]}{tail}e{'+' if place >= 0 else '-'}{abs(place):02d}"
    if place < 0:
        return f"{sign}0.{'0' * (-place - 1)}{bare}"
    rest = bare[place + 1 :]
    return f"{sign}{bare[: place + 1].ljust(place + 1, '0')}{f'.{rest}' if rest else ''}"


def to_int(data: Any) -> int:
    """As Sprig's `int` makes it of anything."""
    if isinstance(data, bool):
        return int(data)
    if isinstance(data, int):
        return data
    if isinstance(data, float):
        return int(data) if math.isfinite(data) else 0
    try:
        return int(str(data).strip() or "0") if len(str(data)) < 40 else 0
    except ValueError:
        return 0


def to_float(data: Any) -> float:
    """As Sprig's `float64` makes it of anything."""
    try:
        return float(data) if not isinstance(data, dict | list) and len(str(data)) < 60 else 0.0
    except (ValueError, TypeError):
        return 0.0
