"""HTTP field values as RFC 9110 and RFC 9111 read them, for facts about endpoints."""
