"""JWKs, JWK Sets, private keys and certificates: bytes and text to typed evidence."""
