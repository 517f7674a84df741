"""Which columns of an export a text points at."""

from collections.abc import Collection, Iterable, Iterator

from impact.errors import ImpactError
from impact.matching import fold, nearest_places
from impact.model import Column, Export

_LONGEST = 80
_REMARK = "comment"  # LimeSurvey ends so the code of a free text beside a box


class Pointers:
    """The texts that point at the columns of one export, folded; the second of two equal headings is "… (2)"."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.exact: dict[str, list[Column]] = {}
        self.blocks: dict[str, list[tuple[Column, str]]] = {}
        seen: dict[str, int] = {}
        for column in export.columns:
            for name in dict.fromkeys(fold(heading) for heading in column.headings if heading.strip()):
                seen[name] = seen.get(name, 0) + 1
                self.exact.setdefault(name, []).append(column)
                self.exact.setdefault(f"{name} ({seen[name]})", []).append(column)
            for block, item in dict.fromkeys(folded_parts(column)):
                self.blocks.setdefault(block, []).append((column, item))
                if block == fold(column.block):  # the first of two of one text; the tool names the second "… (2)"
                    self.blocks.setdefault(f"{block} (1)", []).append((column, item))
        for name in self.exact.keys() & self.blocks.keys():  # a column of that heading is the first, before any block
            if name.endswith(" (1)") and all(column.layout != "summary" for column in self.exact[name]):
                del self.blocks[name]

    def at(self, names: Iterable[str]) -> list[Column]:
        """The columns that any of these names points at, in the file's order."""
        found = {column.position: column for name in names for column in self.exact.get(fold(name), [])}
        return [found[position] for position in sorted(found)]

    def inside(self, names: Iterable[str]) -> list[tuple[Column, str]]:
        """The columns of the blocks that these names head, each with its item, in the file's order."""
        found = {column.position: (column, item) for name in names for column, item in self.blocks.get(fold(name), [])}
        items = {item for _, item in found.values()}
        return [found[position] for position in sorted(found) if not _remarks_on(found[position][1], items)]


def _remarks_on(item: str, items: Collection[str]) -> bool:
    """Whether a column of a block only says more of another of its columns, `Q[A1comment]` of `Q[A1]`."""
    return item.endswith(_REMARK) and item.removesuffix(_REMARK) in items


def parts(column: Column) -> Iterator[tuple[str, str]]:
    """Every way to read a heading as (block, item): the text above, `Q [item]`, `q/option`, `Q - item`."""
    if column.block:
        yield column.block, column.item or column.heading
    for heading in column.headings:
        if heading.rstrip().endswith("]") and (start := _last_bracket(heading)) > 0:
            yield heading[:start], heading.rstrip()[start + 1 : -1]
        for sign in ("/", " - "):
            pieces = heading.split(sign)
            for cut in range(1, len(pieces)):
                yield sign.join(pieces[:cut]), sign.join(pieces[cut:])


def folded_parts(column: Column) -> Iterator[tuple[str, str]]:
    """The same, as texts are compared."""
    return ((fold(block), fold(item)) for block, item in parts(column))


def _last_bracket(heading: str) -> int:
    """Where the last balanced bracket of a heading opens: question texts hold brackets of their own."""
    depth = 0
    for place in range(len(heading.rstrip()) - 1, -1, -1):
        depth += {"]": 1, "[": -1}.get(heading[place], 0)
        if not depth:
            return place
    return -1


def near_headings(export: Export, name: str) -> tuple[ImpactError, ...]:
    """The columns a user may have meant, with their letters: the one whose letter they wrote, else three at most."""
    meant = [column for column in export.columns if column.letter == name]
    places = nearest_places(name, [column.heading for column in export.columns])
    return tuple(
        ImpactError("normalise_column_near", column=column.letter, heading=shortened(column.heading, _LONGEST))
        for column in meant or [export.columns[place] for place in places]
    )


def no_column(export: Export, name: str) -> ImpactError:
    """What is said where a study names a column that a file does not have."""
    near = near_headings(export, name)
    key = "normalise_no_column" if near else "normalise_no_column_far"
    return ImpactError(key, file=export.source, heading=name, near=near)


def shortened(text: str, longest: int) -> str:
    """A text cut for a message, and seen to be."""
    return text if len(text) <= longest else text[: longest - 1] + "…"
