"""Files of SAS for tests: the library that reads them writes them as well, but not through its Python functions."""

import ctypes
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pyreadstat import _readstat_writer

STRING, DOUBLE = 0, 5
SINK = ctypes.CFUNCTYPE(ctypes.c_ssize_t, ctypes.POINTER(ctypes.c_ubyte), ctypes.c_size_t, ctypes.c_void_p)
Cell = float | str | None  # a text of one capital letter in a column of numbers is a tagged missing value


def _library() -> ctypes.CDLL:
    library = ctypes.CDLL(_readstat_writer.__file__)
    for name in ("writer_init", "add_variable", "add_label_set", "get_variable"):
        getattr(library, f"readstat_{name}").restype = ctypes.c_void_p
    return library


@contextmanager
def _writing(path: Path) -> Iterator[tuple[ctypes.CDLL, ctypes.c_void_p]]:
    """A writer whose bytes end in a file."""
    library, written = _library(), bytearray()

    @SINK
    def sink(data, length, _):  # type: ignore[no-untyped-def]
        written.extend(ctypes.string_at(data, length))
        return length

    writer = ctypes.c_void_p(library.readstat_writer_init())
    library.readstat_set_data_writer(writer, sink)
    yield library, writer
    assert library.readstat_end_writing(writer) == 0
    library.readstat_writer_free(writer)
    path.write_bytes(written)


def sas7bdat(
    path: Path, columns: Mapping[str, Sequence[Cell]], labels: Mapping[str, str], formats: Mapping[str, str]
) -> Path:
    """A data set; the first cell of a column that is not None says whether it holds texts."""
    rows = len(next(iter(columns.values())))
    with _writing(path) as (library, writer):
        texts = {
            name: any(isinstance(cell, str) and len(cell) != 1 for cell in cells) for name, cells in columns.items()
        }
        variables = {}
        for name in columns:
            kind, width = (STRING, 40) if texts[name] else (DOUBLE, 8)
            variable = library.readstat_add_variable(writer, name.encode(), kind, ctypes.c_size_t(width))
            variables[name] = ctypes.c_void_p(variable)
            library.readstat_variable_set_label(variables[name], labels.get(name, "").encode())
            library.readstat_variable_set_format(variables[name], formats.get(name, "").encode())
        assert library.readstat_begin_writing_sas7bdat(writer, None, ctypes.c_long(rows)) == 0
        for row in range(rows):
            assert library.readstat_begin_row(writer) == 0
            for name, cells in columns.items():
                _insert(library, writer, variables[name], cells[row], texts[name])
            assert library.readstat_end_row(writer) == 0
    return path


def _insert(library: ctypes.CDLL, writer: ctypes.c_void_p, variable: ctypes.c_void_p, cell: Cell, text: bool) -> None:
    if cell is None:
        assert library.readstat_insert_missing_value(writer, variable) == 0
    elif text:
        assert library.readstat_insert_string_value(writer, variable, str(cell).encode()) == 0
    elif isinstance(cell, str):
        assert library.readstat_insert_tagged_missing_value(writer, variable, ctypes.c_char(cell.encode())) == 0
    else:
        assert library.readstat_insert_double_value(writer, variable, ctypes.c_double(cell)) == 0


def sas7bcat(path: Path, formats: Mapping[str, Mapping[float | str, str]]) -> Path:
    """A catalogue: the labels of each format; a text of one capital letter is a tagged missing value."""
    with _writing(path) as (library, writer):
        for name, labels in formats.items():
            known = ctypes.c_void_p(library.readstat_add_label_set(writer, DOUBLE, name.encode()))
            for code, label in labels.items():
                if isinstance(code, str):
                    library.readstat_label_tagged_value(known, ctypes.c_char(code.encode()), label.encode())
                else:
                    library.readstat_label_double_value(known, ctypes.c_double(code), label.encode())
        assert library.readstat_begin_writing_sas7bcat(writer, None) == 0
    return path
