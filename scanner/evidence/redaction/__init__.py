"""Private values removed from bytes that a server sent, before anything is kept."""
