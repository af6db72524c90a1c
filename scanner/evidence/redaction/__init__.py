"""Redaction: replaces private values in bytes that a server sent, before anything is stored."""
