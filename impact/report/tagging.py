"""Row headers of the tagged tables, which typst cannot write yet: the first cell of each body row heads its row.

Column headers come from typst with their ids; each data cell lists the headers that hold for it, so the row's own is
added to that list and to the document's tree of ids.
"""

from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, String


def row_headers(pdf: pikepdf.Pdf) -> None:
    """Make each first body cell of the document's tables a header of its row."""
    tree = pdf.Root.StructTreeRoot
    ids = dict(_names(tree.IDTree)) if "/IDTree" in tree else {}
    for number, row in enumerate(_rows(tree)):
        ids |= _head(row, f"R{number:06d}")
    if ids:
        names = [part for key in sorted(ids, key=str.encode) for part in (String(key), ids[key])]
        tree.IDTree = pdf.make_indirect(Dictionary(Kids=[pdf.make_indirect(_leaf(names))]))


def _leaf(names: list[pikepdf.Object]) -> Dictionary:
    return Dictionary(Names=Array(names), Limits=Array([names[0], names[-2]]))


def _names(node: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    held = list(node.get("/Names", ()))
    yield from ((str(key), value) for key, value in zip(held[::2], held[1::2], strict=True))
    for kid in node.get("/Kids", ()):
        yield from _names(kid)


def _kids(node: pikepdf.Object) -> list[pikepdf.Object]:
    kids = node.get("/K")
    held = list(kids) if isinstance(kids, Array) else [kids]
    return [kid for kid in held if isinstance(kid, Dictionary) and "/S" in kid]


def _rows(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Every body row of every table, in the document's order."""
    for kid in _kids(node):
        if kid.S == "/TBody":
            yield from (row for row in _kids(kid) if row.S == "/TR")
        elif kid.S != "/THead":
            yield from _rows(kid)


def _head(row: pikepdf.Object, identifier: str) -> dict[str, pikepdf.Object]:
    first, *others = _kids(row)
    first.S, first.ID = Name.TH, String(identifier)
    _table_attributes(first).Scope = Name.Row
    for cell in others:
        attributes = _table_attributes(cell)
        attributes.Headers = Array([String(identifier), *attributes.get("/Headers", ())])
    return {identifier: first}


def _table_attributes(cell: pikepdf.Object) -> pikepdf.Object:
    held = cell.get("/A")
    every = list(held) if isinstance(held, Array) else [held] if held is not None else []
    for attributes in every:
        if isinstance(attributes, Dictionary) and attributes.get("/O") == Name.Table:
            return attributes
    made = Dictionary(O=Name.Table)
    cell.A = Array([*every, made])
    added: pikepdf.Object = cell.A[-1]
    return added
