"""The claims of a JWT are read as a document, and nothing else is taken for one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.files.jwt_document import read_claims
from scanner.files.tree import to_plain
from tests.vectors.material import b64

HEADER = b64(b'{"alg":"ES256"}')


class TestAJwt:
    @given(claims=st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers(0, 9) | st.booleans(), max_size=4))
    def test_gives_its_claims(self, claims: dict[str, Any]) -> None:
        parsed = read_claims(f"{HEADER}.{b64(json.dumps(claims).encode())}.c2ln\n".encode())
        assert parsed is not None
        assert to_plain(parsed.documents[0]) == claims

    @pytest.mark.parametrize(
        "text",
        [
            "", "a.b.c", f"{HEADER}.e30", f"{HEADER}.e30.c2ln.x", f"{b64(b'{}')}.e30.c2ln", f"{HEADER}.{b64(b'[]')}.c2ln",
            f"{HEADER}.!!.c2ln", f"a {HEADER}.e30.c2ln", '{"keys": []}',
        ],
    )  # fmt: skip
    def test_is_recognised_by_header_and_payload(self, text: str) -> None:
        """RFC 7515 §7.1: three parts, of which the first names an algorithm; RFC 7519 §7.2: the claims are an object."""
        assert read_claims(text.encode()) is None

    @given(data=st.binary(max_size=200))
    def test_any_bytes_give_claims_or_none(self, data: bytes) -> None:
        read_claims(data)
