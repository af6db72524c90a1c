"""The encodings of configuration: byte order marks, UTF-16 and UTF-32 without one, and what an XML declaration names."""

from __future__ import annotations

from scanner.patterns import lazy_pattern

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# where the first two characters are ASCII, their zero octets show the encoding (YAML 1.2 §5.2, XML 1.0 appendix F)
_ZEROS = {
    (True, True, True, False): "utf-32-be",
    (False, True, True, True): "utf-32-le",
    (True, False, True, False): "utf-16-be",
    (False, True, False, True): "utf-16-le",
}
# `<?xm` in EBCDIC, which Java's parsers read
_EBCDIC = b"\x4c\x6f\xa7\x94"
_DECLARED = lazy_pattern(rb"\s*+<\?xml\s[^>?]{0,100}?\bencoding\s*+=\s*+[\"']([A-Za-z][\w.-]{0,40})[\"']")
# with such octets at its beginning, a text is in UTF-8
_ORDINARY = b"\t\n\r" + bytes(each for each in range(0x20, 0x7F) if each != _EBCDIC[0])
# of each of these the ASCII part is ASCII
_CODE_PAGES = ("iso-8859-", "windows-125", "us-ascii", "koi8-", "shift_jis", "euc-", "gb", "big5")


def encoding_of(data: bytes) -> tuple[bytes, str]:
    """The byte order mark at the beginning of a text, or none, and its encoding."""
    first = data[:1]
    if first in (b"\xef", b"\xff", b"\xfe", b"\0"):
        for mark, encoding in _MARKS:
            if data.startswith(mark):
                return mark, encoding
    if b"\0" in data[:4]:
        return b"", _ZEROS.get(tuple(octet == 0 for octet in data[:4]), "utf-8")  # type: ignore[arg-type]
    return (b"", "cp037") if first == b"\x4c" and data.startswith(_EBCDIC) else (b"", "utf-8")


def declared_encoding(data: bytes) -> str | None:
    """The code page that an XML declaration names; None without one, or where it is not known."""
    found = _DECLARED.match(data[:300])
    name = found[1].decode().lower() if found else ""
    return name if name.startswith(_CODE_PAGES) else None


def as_utf8(data: bytes) -> bytes:
    """The same text in UTF-8; most files are that already and come back unchanged."""
    if not data[:4].strip(_ORDINARY):
        return data
    mark, encoding = encoding_of(data)
    if encoding == "utf-8":
        return data
    return data[len(mark) :].decode(encoding, "replace").encode("utf-8", "surrogatepass")
