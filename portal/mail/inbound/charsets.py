"""Bytes of a mail become text, whatever they claim to be written in: never an error, never code.

What says that it is ASCII or Latin 1 and isn't, is read as what it most likely is.
"""

import base64
import binascii
import codecs
import quopri
import re

_NEVER = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"})
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(=\?)")
_LONGEST_HEADER = 10_000


def decoded(data: bytes, charset: str = "") -> str:
    """`data` as text; what can't be read becomes U+FFFD."""
    codec = _codec(charset)
    if codec in {"", "cp1252", "utf-8"}:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            codec = codec if codec != "" else "cp1252"
    try:
        return data.decode(codec, "replace")
    except (UnicodeError, ValueError):
        return data.decode("cp1252", "replace")


def header_text(raw: str) -> str:
    """A header as one printable line; `raw` is as the parser gives it, odd bytes as surrogates."""
    plain = decoded(raw[:_LONGEST_HEADER].encode("utf-8", "surrogateescape"))
    joined = _BETWEEN_WORDS.sub(r"\1\2", plain)
    return one_line(_ENCODED_WORD.sub(_word, joined))


def one_line(text: str) -> str:
    """`text` without anything that isn't seen: controls, line breaks, marks of direction."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _word(found: re.Match[str]) -> str:
    charset, kind, content = found[1].partition("*")[0], found[2].lower(), found[3]
    data = content.encode("utf-8", "replace")
    try:
        if kind == "b":
            data = base64.b64decode(data + b"=" * (-len(data) % 4))
        else:
            data = quopri.decodestring(data, header=True)
    except (binascii.Error, ValueError):
        return found[0]
    return decoded(data, charset)


def _codec(charset: str) -> str:
    """The codec to read with; "" where nothing believable was said."""
    try:
        found = codecs.lookup(charset.strip().strip("\"'").lower()[:60])
    except (LookupError, ValueError):
        return ""
    if found.name in _NEVER or not getattr(found, "_is_text_encoding", True):
        return ""
    return _WIDER.get(found.name, found.name)
