"""Redaction: private values leave through no exit, whatever field they stood in.

`text.redact` is the one filter over every string that is shown or written, `values.redact_values` applies it to all strings of
a value; `body.redact_private` replaces private values in bytes that a server sent, before anything is stored.
May import: files, and what lies before.
"""
