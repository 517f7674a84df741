"""What a file is by its first bytes, where it is no export: the person is told what was chosen instead."""

from typing import Final

HEAD: Final = 4096  # bytes that a loader may look at to recognise a file

# Signature to kind; a kind is the end of a key `error.loader_is_<kind>`.
SIGNATURES: Final = (
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"%PDF", "pdf"),
    (b"{\\rtf", "document"),
    (b"PK\x05\x06", "archive"),  # an empty zip
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (bytes(12) + bytes.fromhex("c2ea8163b31411cfbd92080009c7318c181f1011"), "catalogue"),  # SAS's labels of codes
)
MARKUP: Final = (
    (b"<!doctype html", "web_page"),
    (b"<html", "web_page"),
    (b"<table", "web_page"),
    (b"<?xml", "xml"),
    (b"<limesurvey", "xml"),
)
# Control characters that no text holds. NUL is not among them: UTF-16 is full of it; a lone one has its own message.
CONTROLS: Final = bytes([*range(1, 9), *range(14, 26), *range(28, 32)])


def kind(head: bytes) -> str:
    """The kind of a file that cannot be read as delimited text; "" where it may be text."""
    found = next((kind for signature, kind in SIGNATURES if head.startswith(signature)), "")
    if found:
        return found
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    found = next((kind for signature, kind in MARKUP if start.startswith(signature)), "")
    if found:
        return found
    controls = len(head) - len(head.translate(None, CONTROLS))
    return "binary" if controls > len(head) / 20 else ""
