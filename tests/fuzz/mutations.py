"""Ways to damage a file. Each takes the bytes, another file of its kind and a source of chance, and gives bytes."""

import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Sequence
from random import Random

Mutation = Callable[[bytes, bytes, Random], bytes]

# What breaks naive readers: ends of C strings, numbers beyond their types, orders to a terminal, signs that turn text.
TOKENS = (
    b"\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", struct.pack("<i", -1), struct.pack("<d", 1e300), bytes(8),
    struct.pack("<d", float("nan")), struct.pack("<d", float("inf")), b"99999999999999999999999", b"-1", b"1e999",
    b"NaN", b"\x1b[31m\x1b]0;x\x07", "\u202e\u200b\ufeff".encode(), b"\xed\xa0\x80", b"\xc3", b"\r", b"\r\n\r\n",
    b"%s%n", b"{0}", b"=1+1", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"A" * 5_000, b"0" * 400,
)  # fmt: skip
VALUES = (
    '""', '"x"', "0", "-1", "99999999999999999999", "1e999", "nan", "-inf", "true", "[]", "{}", "[[[[[[[[[[1]]]]]]]]]]",
    "1979-05-27", "07:32:00", '"../../../etc/passwd"', '"/etc/passwd"', '"\\u001b[31m"', '"\\u202e"', '"\\u0000"',
    "'''", '"' + "a" * 5_000 + '"', "[" * 2_000, "{a = {a = {a = 1}}}", '["Oui", 1, []]', '"{0}"', '"{impact}"',
    "12_000", "0x1f", '{column = "x"}', '"koreis2022"', '"study.toml"', '"."', '"a\\nb"', "1.5", '[""]', '[["a"]]',
)  # fmt: skip
NAMES = (b"x", b'""', b'"\\u001b[31m"', b"study", b"[study", b"[[source", b"a.b.c", b"\xc3\xa9", b"k" * 3_000)
PARTS = ("../x.xml", "/x.xml", "x\0.xml", "xl/workbook.xml", "\x1b[31m.xml", "é" * 200)
BROKEN = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, struct.error,
)  # fmt: skip
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be", "utf-32", "mac_roman", "cp850")


def _span(data: Sequence[object], chance: Random, longest: int = 0) -> slice:
    start = chance.randrange(len(data) + 1)
    return slice(start, start + chance.randint(1, longest or max(len(data) // 4, 1)))


def flip(data: bytes, _: bytes, chance: Random) -> bytes:
    """A few bits, of a few bytes."""
    held = bytearray(data)
    for _place in range(chance.choice((1, 1, 2, 4, 16)) if held else 0):
        held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    return bytes(held)


def overwrite(data: bytes, _: bytes, chance: Random) -> bytes:
    """A token in place of what stood there; more often near the beginning, where headers are."""
    token = chance.choice(TOKENS)
    place = chance.randrange(min(len(data), chance.choice((256, 4_096, len(data) + 1))) + 1)
    return data[:place] + token + data[place + len(token) :]


def insert(data: bytes, _: bytes, chance: Random) -> bytes:
    """A token between two bytes."""
    place = chance.randrange(len(data) + 1)
    return data[:place] + chance.choice(TOKENS) + data[place:]


def truncate(data: bytes, _: bytes, chance: Random) -> bytes:
    """The beginning alone."""
    return data[: chance.randrange(len(data) + 1)]


def cut(data: bytes, _: bytes, chance: Random) -> bytes:
    """A chunk less."""
    span = _span(data, chance)
    return data[: span.start] + data[span.stop :]


def double(data: bytes, _: bytes, chance: Random) -> bytes:
    """A chunk twice."""
    span = _span(data, chance)
    return data[: span.stop] + data[span] + data[span.stop :]


def splice(data: bytes, other: bytes, chance: Random) -> bytes:
    """The beginning of one file and the end of another."""
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def swap(data: bytes, _: bytes, chance: Random) -> bytes:
    """Two chunks, each in the other's place."""
    one, two, three, four = sorted(chance.randrange(len(data) + 1) for _place in range(4))
    return data[:one] + data[three:four] + data[two:three] + data[one:two] + data[four:]


def renumber(data: bytes, _: bytes, chance: Random) -> bytes:
    """A number that is written in digits, made another."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return data
    number = chance.choice(found)
    new = chance.choice((b"0", b"-1", b"4294967296", b"1048577", b"99999999999999999999", number[0] * 3))
    return data[: number.start()] + new + data[number.end() :]


def lines(data: bytes, _: bytes, chance: Random) -> bytes:
    """A line less, twice, elsewhere, or glued to the next."""
    held = data.splitlines(keepends=True)
    if not held:
        return data
    place = chance.randrange(len(held))
    line = held.pop(place)
    done = chance.choice(("gone", "twice", "moved", "glued"))
    if done == "twice":
        held[place:place] = [line, line]
    elif done == "moved":
        held.insert(chance.randrange(len(held) + 1), line)
    elif done == "glued":
        held.insert(place, line.rstrip(b"\r\n"))
    return b"".join(held)


def separate(data: bytes, _: bytes, chance: Random) -> bytes:
    """Another separator or quote, everywhere or in one place."""
    old, new = chance.sample((b";", b",", b"\t", b"|", b'"', b"\n", b"\r", b"'"), 2)
    if chance.random() < 0.5 or old not in data:
        return data.replace(old, new, chance.choice((1, -1)))
    place = chance.choice([found.start() for found in re.finditer(re.escape(old), data)])
    return data[:place] + chance.choice((new, b"", old * 2)) + data[place + 1 :]


def encode(data: bytes, _: bytes, chance: Random) -> bytes:
    """Another encoding, of all or of what stands behind a place."""
    text = data.decode("utf-8", "replace")
    place = chance.choice((0, chance.randrange(len(text) + 1)))
    old, new = chance.choice(ENCODINGS[:3]), chance.choice(ENCODINGS)
    return text[:place].encode(old, "replace") + text[place:].encode(new, "replace")


def fields(data: bytes, _: bytes, chance: Random) -> bytes:
    """Two cells of a line, each in the other's place; or one that holds something else."""
    held = data.splitlines(keepends=True)
    if not held:
        return data
    place = chance.randrange(len(held))
    cells = re.split(rb"([;,\t])", held[place])
    one, two = (2 * chance.randrange((len(cells) + 1) // 2) for _cell in range(2))
    if chance.random() < 0.5:
        cells[one], cells[two] = cells[two], cells[one]
    else:
        cells[one] = chance.choice(TOKENS)
    held[place] = b"".join(cells)
    return b"".join(held)


def value(data: bytes, _: bytes, chance: Random) -> bytes:
    """A key of a TOML file with another value."""
    found = list(re.finditer(rb"(?m)^([\w-]+ *= *)(.*)$|(?<=[{,] )(\w+ = )([^,}\n]*)", data))
    if not found:
        return data
    key = chance.choice(found)
    kept = key[1] or key[3] or b""
    return data[: key.start()] + kept + chance.choice(VALUES).encode() + data[key.end() :]


def key(data: bytes, _: bytes, chance: Random) -> bytes:
    """A key or a table with another name."""
    found = list(re.finditer(rb"(?m)^\[*[\w.-]+", data))
    if not found:
        return data
    name = chance.choice(found)
    new = chance.choice(NAMES)
    return data[: name.start()] + new + data[name.end() :]


def inside(data: bytes, other: bytes, chance: Random) -> bytes:
    """A zip, one of its parts damaged, gone, twice, or under another name."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [(name, archive.read(name)) for name in archive.namelist()]
    except BROKEN:
        parts = []
    if not parts:
        return flip(data, other, chance)
    place = chance.randrange(len(parts))
    name, content = parts[place]
    done = chance.choice(("damaged",) * 8 + ("gone", "twice", "named", "swapped"))
    if done == "damaged":
        parts[place] = name, chance.choice(XML)(content, content, chance)
    elif done == "gone":
        del parts[place]
    elif done == "named":
        parts[place] = chance.choice(PARTS), content
    elif done == "swapped":
        parts[place] = name, chance.choice(parts)[1]
    else:
        parts.append((name, content))
    return _zipped(parts)


def _zipped(parts: Sequence[tuple[str, bytes]]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two parts of one name
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def attribute(data: bytes, _: bytes, chance: Random) -> bytes:
    """An attribute, or a text, of an XML part with another value."""
    found = list(re.finditer(rb'(?<==")[^"]*(?=")|(?<=>)[^<>]+(?=<)', data))
    if not found:
        return data
    one = chance.choice(found)
    new = chance.choice((
        b"", b"XFD1048576", b"A0", b"ZZZZ9", b"-1", b"4294967296", b"e", b"s", b"str", b"inlineStr", b"b", b"d", b"n",
        b"1e999", b"&#x1b;[31m", b"&b;", b"2958466", b"-700000", b"../../x", b"GJH199999", one[0] * 50, b"\x00",
        b"\xff",
    ))  # fmt: skip
    return data[: one.start()] + new + data[one.end() :]


RAW: Sequence[Mutation] = (flip, flip, overwrite, overwrite, insert, truncate, cut, double, splice, swap)
XML: Sequence[Mutation] = (attribute, attribute, attribute, renumber, renumber, flip, insert, cut, double, truncate)
BINARY: Sequence[Mutation] = (*RAW, flip, flip, flip, overwrite, overwrite, renumber)
ZIPPED: Sequence[Mutation] = (*(inside,) * 40, *RAW)
TEXT: Sequence[Mutation] = (lines, separate, separate, encode, fields, fields, insert, renumber, *RAW[2:])
TOML: Sequence[Mutation] = (*(value,) * 10, *(key,) * 3, lines, lines, insert, renumber, *RAW[4:])


def mutant(ways: Sequence[Mutation], seeds: Sequence[bytes], place: int, chance: Random) -> bytes:
    """A seed damaged once, or a few times over."""
    data = seeds[place]
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        data = chance.choice(ways)(data, chance.choice(seeds), chance)
    return data
