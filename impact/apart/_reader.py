"""The program of a child process: opens what is not to be trusted (SPSS, Stata and SAS files, workbooks).

A broken file can crash the libraries that read these; it then takes down this process alone. It is run by its path and
imports nothing of the package, so that it starts at once and holds nothing. Its arguments are the memory, in bytes, and
the processor's seconds that a file may take, the library to have at hand, and the folders where libraries are.

It serves one request after another: a line of JSON on its input, as `Request`; the answer on its output, JSON after its
length in 8 bytes: what was found, or `{"fault": …}`. A column is its different values, in the order of their first
appearance, and for each row the place of its own among them, in base 64.
"""

import base64
import json
import os
import sys
import threading
import time as clock
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from importlib import import_module
from queue import SimpleQueue
from typing import Any, BinaryIO, Final, NamedTuple

try:
    import fcntl
    import resource
except ImportError:  # Windows has none
    fcntl = resource = None  # type: ignore[assignment]

Found = dict[str, Any]


class Request(NamedTuple):
    """What is asked: to read a file of a kind, under an encoding ("" its own), whose sheets are no larger than this."""

    kind: str
    path: str
    encoding: str
    rows: int
    columns: int


# Kind of file to the library's reader. Left to itself it turns declared missing codes, and tagged ones, into nothing,
# and fails on dates beyond Python's.
LABELLED: Final = {"sav": "read_sav", "por": "read_por", "dta": "read_dta", "sas": "read_sas7bdat", "xpt": "read_xport"}
WITHOUT_USER_MISSING: Final = ("por", "xpt")
WITHOUT_ENCODING: Final = ("por",)
CODES: Final = ((1 << 8, "B"), (1 << 16, "H"), (1 << 32, "I"))  # fewer values than, and how the places are packed


def labelled(asked: Request) -> Found:
    """A file of SPSS, Stata or SAS: the variables in order, each with its values, what it is and what they mean."""
    import pyreadstat  # noqa: PLC0415 – a workbook does without

    options: dict[str, Any] = {"disable_datetime_conversion": True, "output_format": "dict"}
    if asked.kind not in WITHOUT_USER_MISSING:
        options["user_missing"] = True
    if asked.kind not in WITHOUT_ENCODING:
        options["encoding"] = asked.encoding or None
    values, about = getattr(pyreadstat, LABELLED[asked.kind])(asked.path, **options)
    return {
        "rows": len(next(iter(values.values()))) if values else 0,
        "variables": [_variable(name, answers, about) for name, answers in values.items()],
        "sets": list((about.mr_sets or {}).items()),
    }


def _variable(name: str, answers: list[Any], about: Any) -> Found:  # noqa: ANN401 – untyped library
    return {
        "name": name,
        "label": about.column_names_to_labels.get(name) or "",
        "format": about.original_variable_types.get(name) or "",
        "type": about.readstat_variable_types.get(name) or "",
        "labels": list(about.variable_value_labels.get(name, {}).items()),
        "ranges": list(about.missing_ranges.get(name) or ()),
        "missing": list(about.missing_user_values.get(name) or ()),
        **_column(answers),
    }


def catalogue(asked: Request) -> Found:
    """A catalogue of SAS: the labels of the values of each format."""
    import pyreadstat  # noqa: PLC0415 – as above

    _, about = pyreadstat.read_sas7bcat(asked.path, encoding=asked.encoding or None, output_format="dict")
    return {"formats": [[name, list(labels.items())] for name, labels in about.value_labels.items()]}


def workbook(asked: Request) -> Found:
    """A workbook: every sheet of cells, its name, whether it shows, its columns; charts and macros have none."""
    import python_calamine as calamine  # noqa: PLC0415 – a labelled file does without

    try:
        with calamine.load_workbook(asked.path) as book:
            return {
                "sheets": [
                    {
                        "name": about.name,
                        "visible": about.visible == calamine.SheetVisibleEnum.Visible,
                        **_sheet(book.get_sheet_by_name(about.name), asked),
                    }
                    for about in book.sheets_metadata
                    if about.typ == calamine.SheetTypeEnum.WorkSheet
                ]
            }
    except calamine.PasswordError:
        return {"fault": "protected"}
    except FarCell as fault:
        return {"fault": "far", "place": fault.args}


class FarCell(Exception):
    """A sheet that reaches beyond the limits: row and column of its last cell, from 1 on."""


def _sheet(sheet: Any, asked: Request) -> Found:  # noqa: ANN401 – untyped library
    """The cells of a sheet from its very first, by column; a row at a time, as all at once take much memory."""
    height, width = (place + 1 for place in sheet.end or (-1, -1))
    if height > asked.rows or width > asked.columns:
        raise FarCell(height, width)
    blank = sheet.start[1] if sheet.start else 0
    places: list[dict[Any, int]] = [{} for _ in range(width)]
    codes = [array("I", [0]) * height for _ in range(width)]
    for number, cells in enumerate(sheet.iter_rows()):
        for column, cell in enumerate((*("",) * blank, *cells)):
            known = places[column]
            key = cell if type(cell) is str else (type(cell), cell)  # 1, 1.0 and TRUE are one to a dict
            codes[column][number] = known.setdefault(key, len(known))
    columns = [
        {"values": [_typed(key) for key in known], "codes": _packed(coded, len(known))}
        for known, coded in zip(places, codes, strict=True)
    ]
    return {"rows": height, "columns": columns}


# What JSON has no type for: its name, and what it is made of.
TYPED: Final[Mapping[type, Callable[[Any], list[Any]]]] = {
    datetime: lambda moment: ["datetime", moment.isoformat()],
    date: lambda day: ["date", day.isoformat()],
    time: lambda hour: ["time", hour.isoformat()],
    timedelta: lambda length: ["timedelta", length.days, length.seconds, length.microseconds],
}


def _typed(key: Any) -> Any:  # noqa: ANN401 – a cell of any type
    value = key[1] if type(key) is tuple else key
    write = TYPED.get(type(value))
    return write(value) if write else value


def _column(answers: Iterable[Any]) -> Found:
    """The different values of a variable; a number that is none is a blank."""
    places = {value: place for place, value in enumerate(dict.fromkeys(answers))}
    values = [None if value != value else value for value in places]
    return {"values": values, "codes": _packed(map(places.__getitem__, answers), len(places))}


def _packed(codes: Iterable[int], count: int) -> list[str]:
    """How places are packed, and they: as few bytes a row as `count` values allow."""
    letter = next(letter for most, letter in CODES if count <= most)
    return [letter, base64.b64encode(array(letter, codes).tobytes()).decode()]


READERS: Final = {**dict.fromkeys(LABELLED, labelled), "catalogue": catalogue, "workbook": workbook}


def answer(asked: Request) -> bytes:
    """What is said to one request. What a library raises is told as no more than that: its words may hold an answer."""
    try:
        return json.dumps(READERS[asked.kind](asked)).encode()
    except MemoryError:
        return b'{"fault": "memory"}'
    except Exception:  # the libraries raise their own errors, ValueError, UnicodeDecodeError…
        return b'{"fault": "unreadable"}'
    except BaseException as fault:  # a panic of the reader is no Exception
        if type(fault).__name__ != "PanicException":
            raise
        return b'{"fault": "unreadable"}'


def confine(memory: int) -> None:
    """Takes from this process what it has no need of: memory beyond its share, files to write, a core left behind."""
    for name, most in (("RLIMIT_AS", memory), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0)):
        limit(name, most)


def allow(processor: int) -> None:
    """Some of the processor's seconds for the next file, beyond those used up."""
    used = clock.process_time()
    limit("RLIMIT_CPU", int(used) + 1 + processor)


def limit(name: str, most: int) -> None:
    """A limit of this process, left out where the system does not know it or refuses it: the parent's clock remains."""
    try:
        kind = getattr(resource, name)
        _, highest = resource.getrlimit(kind)
        resource.setrlimit(kind, (most, highest))
    except (AttributeError, OSError, ValueError):
        return


def requests(source: BinaryIO) -> Iterator[Request]:
    """What is asked, until the parent closes the pipe or is no more: this process then ends, whatever it is at."""
    asked: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(source, asked), daemon=True).start()
    while True:
        yield Request(**json.loads(asked.get()))


def _listen(source: BinaryIO, asked: "SimpleQueue[bytes]") -> None:
    for line in source:
        asked.put(line)
    os._exit(0)


def leave_with_parent(working: bool) -> None:
    """Has the system itself end this process with its parent, while it works: a library at work lets no thread listen.

    Nothing comes on the pipe of requests meanwhile but its closing; Linux tells it by a signal that ends who has not
    asked for another fate (fcntl(2), O_ASYNC). Not prctl's signal, sent when the thread that started this process ends.
    """
    if fcntl:
        flags = fcntl.fcntl(0, fcntl.F_GETFL) & ~fcntl.FASYNC
        fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(0, fcntl.F_SETFL, flags | (fcntl.FASYNC if working else 0))


def main(memory: int, processor: int, library: str, folders: Sequence[str]) -> None:
    """Serves the parent; what a library writes to the output by itself goes nowhere."""
    sys.path.extend(folder for folder in folders if folder not in sys.path)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    confine(memory)
    import_module(library)  # while nothing is asked yet
    for asked in requests(sys.stdin.buffer):
        allow(processor)
        leave_with_parent(working=True)
        said = answer(asked)
        leave_with_parent(working=False)
        answers.write(len(said).to_bytes(8, "big") + said)
        answers.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
