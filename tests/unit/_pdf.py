"""The words of a PDF, as a reader that searches it finds them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf


def words_of(path: Path) -> str:
    """All its text, one space between what is drawn apart."""
    with pikepdf.open(path) as pdf:
        drawn = " ".join(piece for page in pdf.pages for piece in pieces(page))
    return " ".join(drawn.replace("\u00ad", "").split())


def pieces(page: pikepdf.Page) -> Iterator[str]:
    letters = {name: _letters(font) for name, font in page.Resources.Font.items()}
    known: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            known = letters[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            shown = operands[0] if str(operator) == "TJ" else [operands[0]]
            codes = b"".join(bytes(one) for one in shown if isinstance(one, pikepdf.String))
            yield "".join(known.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2))


def _letters(font: pikepdf.Object) -> dict[int, str]:
    """What each code of a font stands for, by the table that a PDF carries for this."""
    table = font.ToUnicode.read_bytes().decode("latin-1")
    found: dict[int, str] = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letters in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[int(code, 16)] = bytes.fromhex(letters).decode("utf-16-be")
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letters in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            start = int(letters, 16)
            found |= {code: chr(start + code - int(first, 16)) for code in range(int(first, 16), int(last, 16) + 1)}
    return found
