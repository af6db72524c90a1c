"""Removes private values from bytes that a server sent, before they are stored."""
