"""The one file store: bytes are kept once, under the name of their own SHA-256, never under a
name that somebody chose, and outside every folder that a web server serves.
"""

import codecs
import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_CHUNK_BYTES = 256 * 1024
OCTET_STREAM = "application/octet-stream"

INLINE_IMAGES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


class FileTooLargeError(Exception):
    """A file has more bytes than it may have."""


@dataclass(frozen=True)
class StoredFile:
    """What the store knows of a file: `media_type` was found in the bytes, never believed."""

    content_hash: str
    size_bytes: int
    media_type: str


class FileStore:
    """Files in one folder, by content hash, in 256 sub-folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, stream: BinaryIO, *, limit_bytes: int) -> StoredFile:
        """Store the bytes of `stream` for good (fsynced) and say what they are.

        Raises FileTooLargeError once more than `limit_bytes` came; nothing is kept then.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        arriving = self.folder / f".arriving-{secrets.token_hex(8)}"
        try:
            stored = _copy(stream, arriving, limit_bytes)
            target = self.path(stored.content_hash)
            target.parent.mkdir(exist_ok=True)
            arriving.replace(target)
            _sync_folder(target.parent)
            _sync_folder(self.folder)
        finally:
            arriving.unlink(missing_ok=True)
        return stored

    def path(self, content_hash: str) -> Path:
        """Where the file with this hash lies. Raises ValueError for what is no SHA-256."""
        if len(content_hash) != 64 or not set(content_hash) <= set("0123456789abcdef"):
            raise ValueError("not a SHA-256")
        return self.folder / content_hash[:2] / content_hash


def _copy(stream: BinaryIO, arriving: Path, limit_bytes: int) -> StoredFile:
    digest, size, head = hashlib.sha256(), 0, b""
    with arriving.open("wb") as file:
        while chunk := stream.read(_CHUNK_BYTES):
            size += len(chunk)
            if size > limit_bytes:
                raise FileTooLargeError
            head = head or chunk[:512]
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return StoredFile(digest.hexdigest(), size, sniff(head))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
)


_PRINTED = b"\t\n\f\r\x1b" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))


def sniff(head: bytes) -> str:
    """The media type that the first bytes of a file show; plain text and unknown bytes too."""
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "text/plain" if _is_text(head) else OCTET_STREAM


def _is_text(head: bytes) -> bool:
    """Text in UTF-8, in UTF-16 with its mark, or in a one-byte code of older Windows programs."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    if b"\x00" in head:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # its last letter may be cut
    except UnicodeDecodeError:
        return not head.translate(None, _PRINTED)
    return True
