"""How the figures were made, what they do not say, in which direction they may err, and what the words mean."""

from impact import __version__
from impact.model import TABLES, merged_in
from impact.report.book import Book, masked_rows
from impact.report.control import reasons
from impact.report.files import MANIFEST, WORKBOOK, named
from impact.report.pages._blocks import Block, capital, literal, section
from impact.report.pages.analyses import analyses
from impact.report.sentences import name, primaries, threshold
from impact.texts.typography import number, percent, plural, points, quoted

GLOSSARY = ("base", "interval", "point", "index", "p", "corrected", "adjusted", "equivalent", "standardised", "e_value")
OF_GAPS = ("point", "p", "corrected")  # words that a report without comparison does not use
OF_ADJUSTMENT = ("adjusted", "equivalent", "standardised", "e_value")  # nor one without adjusted comparisons


def method(book: Book) -> Block:
    """Method, limits, glossary, and how to cite."""
    texts = book.texts
    items = [_who(book), _design(book), *_limits(book), *_calculations(book), *analyses(book), _secret(book),
             _synthetic(book)]  # fmt: skip
    glossary = [_word(book, key) for key in GLOSSARY if _used(book, key)]
    blocks: list[Block] = [
        {"kind": "definitions", "items": [item for item in items if item]},
        {"kind": "heading", "text": texts("report.glossary")},
        {"kind": "definitions", "items": glossary},
        {"kind": "push"},
        _colophon(book),
    ]
    opened = section("method", texts("report.method"), texts("report.method_message"), blocks)
    return {**opened, "flow": True}


def _used(book: Book, word: str) -> bool:
    """Whether a word of the glossary stands in this report."""
    if word in OF_ADJUSTMENT:
        return bool(book.adjusted)
    return bool(book.gaps) if word in OF_GAPS else word != "index" or "index" in _kinds(book)


def _kinds(book: Book) -> set[str]:
    return {each.kind for each in book.indicators.values()}


def _item(book: Book, key: str, **values: object) -> Block:
    return {"term": book.texts(f"report.{key}"), "paragraphs": [book.texts(f"report.{key}_text", **values)]}


def _word(book: Book, key: str) -> Block:
    """A word and its meaning: without a comparison group, the level of an index is that of all who answered."""
    meaning = "index_alone" if key == "index" and not book.compared else key
    return {"term": book.texts(f"report.glossary_{key}"), "paragraphs": [book.texts(f"report.glossary_{meaning}_text")]}


def _who(book: Book) -> Block:
    texts, about = book.texts, book.study.about
    said = [texts.label(about.population).rstrip("."), texts.label(about.collection).rstrip(".")]
    written = " ".join(f"{capital(part)}." for part in said if part) or texts("report.method_who_unknown")
    return {"term": texts("report.method_who"), "paragraphs": [written, texts("report.quality_rate")]}


def _design(book: Book) -> Block:
    key = "method_design" if book.compared else "method_alone"
    return {"term": book.texts(f"report.{key}"), "paragraphs": [book.texts(f"report.{key}_text")]}


def _limits(book: Book) -> list[Block | None]:
    keys = ["selection", "pleasing", "silence", "date"] if book.compared else ["pleasing", "silence_alone", "date"]
    biases = [book.texts(f"report.method_bias_{key}") for key in keys]
    credited = any(each.attribution for each in book.indicators.values())
    return [{"term": book.texts("report.method_bias"), "paragraphs": biases},
            _item(book, "method_attribution") if credited else None]  # fmt: skip


def _calculations(book: Book) -> list[Block | None]:
    return [_intervals(book), _tests(book) if book.gaps else None, _rounding(book)]


def _intervals(book: Book) -> Block:
    texts, study = book.texts, book.study
    said = " ".join([texts("report.method_intervals_text", level=percent(study.analysis.level, texts)),
                     *_methods(book), *([texts("report.method_intervals_gap")] if book.gaps else [])])  # fmt: skip
    clusters = texts("report.method_clusters" if study.design.cluster else "report.method_no_clusters")
    weights = texts("report.method_weights") if study.design.weight else ""
    told = study.disclosure.audience == "public" and (study.design.cluster or study.design.stratum)
    few = texts("report.method_few_clusters") if told else ""
    return {
        "term": texts("report.method_intervals"),
        "paragraphs": [text for text in (said, clusters, few, weights) if text],
    }


def _methods(book: Book) -> list[str]:
    """The method of each kind of figure in this report; means and indices have one together."""
    texts, analysis, kinds = book.texts, book.study.analysis, _kinds(book)
    means = "both" if {"mean", "index"} <= kinds else next((kind for kind in ("mean", "index") if kind in kinds), "")
    named = [("share", analysis.share_interval)] if "share" in kinds else []
    named += [(means, analysis.mean_interval)] if means else []
    return [texts(f"report.method_intervals_{key}", method=texts(f"table.method_{name}")) for key, name in named]


def _rounding(book: Book) -> Block:
    large = any(row["unit"] == "large" for row in book.estimates.values())
    keys = ["rounding_text", *(["rounding_gap"] if book.gaps else []), *(["rounding_mean"] if large else [])]
    said = " ".join(book.texts(f"report.method_{key}") for key in keys)
    return {"term": book.texts("report.method_rounding"), "paragraphs": [said]}


def _tests(book: Book) -> Block:
    texts, analysis = book.texts, book.study.analysis
    labels = [texts.label(book.indicators[each].label) for each in analysis.primary if each in book.indicators]
    names = texts("sentence.between").join(labels) or texts("report.method_tests_none")
    adjusted = "report.method_beside" if book.adjusted else "report.method_unadjusted"
    tests = texts("report.method_tests_text", primary=primaries(book), names=names)
    said = [tests, texts("report.method_correction"), texts(adjusted)]
    if analysis.smallest_useful_gap:
        gap = points(analysis.smallest_useful_gap, texts).removeprefix("+")
        said.append(texts("report.method_gap", gap=gap, threshold=threshold(book)))
    return {"term": texts("report.method_tests"), "paragraphs": said}


def _secret(book: Book) -> Block:
    texts, rule = book.texts, book.study.disclosure
    if rule.audience == "internal":
        return {"term": texts("report.method_secret"), "paragraphs": [texts("report.method_secret_internal")]}
    masked, merged = masked_rows(book), merged_in(book.results.sizes)
    key = f"masked_{plural(masked, texts)}" if masked else "none"
    total = sum(len(getattr(book.results, name)) for name, columns in TABLES.items() if "status" in columns)
    said = [texts("report.method_secret_text", base=rule.minimum_base, answer=rule.minimum_answer),
            texts(f"report.method_secret_{key}", count=number(masked, texts), total=number(total, texts)),
            *_insensitive(book),
            *([" ".join((*reasons(book), texts("report.method_secret_more")))] if masked else []),
            *([texts("report.method_secret_merged", group=name(book, merged))] if merged else [])]  # fmt: skip
    return {"term": texts("report.method_secret"), "paragraphs": said}


def _insensitive(book: Book) -> list[str]:
    """The questions that a person answers for, by what pages call them."""
    texts, declared = book.texts, book.study.disclosure.not_sensitive
    names = ", ".join(quoted(texts.label(book.study.question(each).name), texts) for each in declared)
    return [texts("report.method_secret_insensitive", names=names)] if declared else []


def _synthetic(book: Book) -> Block | None:
    return _item(book, "method_synthetic") if book.study.about.synthetic else None


def _colophon(book: Book) -> Block:
    texts, about = book.texts, book.study.about
    owner = f"{literal(about.organisation)}, " if about.organisation else ""
    values = {"organisation": owner, "title": texts.label(about.title), "year": about.year, "version": __version__,
              "manifest": named(MANIFEST, book.study), "workbook": named(WORKBOOK, book.study)}  # fmt: skip
    columns = [
        {"title": texts(f"report.colophon_{key}"), "paragraphs": [texts(f"report.colophon_{key}_text", **values)]}
        for key in ("cite", "redo", "other")
    ]
    return {"kind": "panel", "title": "", "columns": columns}
