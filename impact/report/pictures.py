"""Which figures a report holds: drawn, kept as files and handed to the pages."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, takewhile
from pathlib import Path
from types import ModuleType
from typing import Final

import pandas as pd

from impact.figures import FIGURES, Figure, Scene, fits, parts, png, svg
from impact.report.adjusting import PLAIN, pair_of, way
from impact.report.book import CURVES, Book, in_order, spread_questions
from impact.report.files import named, write
from impact.report.legible import legible
from impact.report.pages import Picture, Pictures, notices
from impact.report.pages._blocks import Block
from impact.texts import Texts
from impact.texts.typography import sentence

BESIDE: Final = 6  # questions whose difference is drawn without and with the adjustment


def pictures(book: Book, folder: Path) -> Pictures:
    """Every figure that has something to show, by name; each is also kept as SVG and PNG below `folder`.

    One too long for a page is in parts, each with its own words: "forest", "forest-2", "forest-3".
    """
    drawn = {}
    for name, figure, scene in _scenes(book):
        cut = _cut(FIGURES[figure], scene) if FIGURES[figure].shows(scene) else []
        for place, (part, made) in enumerate(cut, 1):
            key = name if place == 1 else f"{name}-{place}"
            which = sentence(book.texts, "figure.part", place=place, count=len(cut)) if len(cut) > 1 else ""
            alt = " ".join(filter(None, (which, FIGURES[figure].alt(part))))
            drawn[key] = _kept(book, made, alt, folder / key)
    return drawn


def _cut(member: ModuleType, scene: Scene) -> list[tuple[Scene, Figure]]:
    """The figure, drawn once where it fits on a page; else each of its parts."""
    whole = member.draw(scene)
    if fits(whole):
        return [(scene, whole)]
    return [(part, member.draw(part)) for part in parts(member, scene)]


def with_all_parts(document: Block, drawn: Pictures, texts: Texts) -> Block:
    """The document with every part of its figures: the later ones follow the first, "(suite)" after their title."""
    sections = [
        {**section, "blocks": [part for block in section["blocks"] for part in _in_parts(block, drawn, texts)]}
        for section in document["sections"]
    ]
    return {**document, "sections": sections}


def _in_parts(block: Block, drawn: Pictures, texts: Texts) -> Iterator[Block]:
    yield block
    name = next((name for name, each in drawn.items() if block["kind"] == "figure" and each.svg == block["svg"]), "")
    for key in takewhile(drawn.__contains__, (f"{name}-{place}" for place in count(2))):
        part = drawn[key]
        yield {**block, "svg": part.svg, "alt": part.alt, "title": texts("figure.continued", title=block["title"])}


def _scenes(book: Book) -> Iterator[tuple[str, str, Scene]]:
    """Name, figure, and what it is drawn from: shares are drawn, means and indices stand in the tables."""
    whole = Scene(book.results, book.study, book.texts)
    yield "forest", "forest", _only(whole, book, ("share",))
    for dimension in book.study.questionnaire.dimension:
        yield f"shares_{dimension}", "shares", replace(_only(whole, book, ("share",)), dimension=dimension)
    yield "duration", "duration", _banded(whole, book)
    yield "trend", "trend", _curves(whole, book)
    yield "adjusted", "adjusted", _of_pair(_primary_first(whole, book), book)
    yield "balance", "balance", _of_pair(whole, book)
    yield "likert", "likert", _questions(whole, spread_questions(book))
    yield "published", "published", _figures_of(whole)


def _only(scene: Scene, book: Book, kinds: tuple[str, ...]) -> Scene:
    return _of(scene, [each.id for each in book.indicators.values() if each.kind in kinds])


def _banded(scene: Scene, book: Book) -> Scene:
    """The study's primary questions by duration; all shares where it names none."""
    primary = [name for name in book.study.analysis.primary if name in book.indicators]
    return _of(scene, primary) if primary else _only(scene, book, ("share",))


def _curves(scene: Scene, book: Book) -> Scene:
    """The first indicators that have a curve, in the order pages choose by."""
    frame = scene.results.trend
    found = set(frame.loc[(frame["measure"] == "curve") & (frame["status"] == "shown"), "indicator"])
    kept = in_order(book, [each for each in book.indicators.values() if each.id in found])[:CURVES]
    names = [each.id for each in kept]
    rows = frame[frame["indicator"].isin(names)]
    ordered = rows.sort_values("indicator", key=lambda column: column.map(names.index), kind="stable")
    return replace(scene, results=replace(scene.results, trend=ordered))


def _of_pair(scene: Scene, book: Book) -> Scene:
    """The two groups whose adjusted comparison has a page."""
    return replace(scene, comparison=pair_of(book) or scene.comparison)


def _primary_first(scene: Scene, book: Book) -> Scene:
    """The study's primary questions, then other shares, as many as stand on a page, as they are and as the page tells
    them adjusted: the rest is in the tables. Shares are drawn above means, so they follow primary shares alone."""
    primary = [name for name in book.study.analysis.primary if name in book.indicators]
    shares = [each.id for each in book.indicators.values() if each.kind == "share" and each.id not in primary]
    adjusted = {name for name, *_ in book.adjusted}
    others = shares if all(book.indicators[name].kind == "share" for name in primary) else []
    kept = [name for name in (*primary, *others) if name in adjusted][:BESIDE]
    frame, drawn = scene.results.comparisons, (PLAIN, way(book, pair_of(book) or scene.comparison))
    rows = frame[frame["indicator"].isin(kept) & frame["adjustment"].isin(drawn)]
    ordered = rows.sort_values("indicator", key=lambda names: names.map(kept.index), kind="stable")
    return replace(scene, results=replace(scene.results, comparisons=ordered))


def _of(scene: Scene, indicators: list[str]) -> Scene:
    results = scene.results
    estimates = results.estimates[results.estimates["indicator"].isin(indicators)]
    comparisons = results.comparisons[results.comparisons["indicator"].isin(indicators)]
    return replace(scene, results=replace(results, estimates=estimates, comparisons=comparisons))


def _questions(scene: Scene, questions: list[str]) -> Scene:
    """Some questions, for the groups whose answers may all be shown."""
    frame = scene.results.distributions
    kept: pd.DataFrame = frame[frame["question"].isin(questions) & (frame["status"] == "shown")]
    return replace(scene, results=replace(scene.results, distributions=kept))


def _figures_of(scene: Scene) -> Scene:
    """The published figures alone: the sizes of the groups stand on the cover and with who answered."""
    frame = scene.results.published
    return replace(scene, results=replace(scene.results, published=frame[frame["unit"] != "size"]))


def _kept(book: Book, drawn: Figure, alt: str, path: Path) -> Picture:
    said = {"Title": book.texts.label(book.study.about.title), "Description": " · ".join([*notices(book), alt])}
    said = legible(said, book.texts)  # a control sign would make no SVG at all
    text = svg(drawn, said)
    for kind, content in (("svg", text.encode()), ("png", png(drawn, metadata=said))):
        write(path.with_name(named(f"{path.name}.{kind}", book.study)), content)
    return Picture(text, alt)
