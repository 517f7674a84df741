"""Figures as data: what stands where, in which words; laws over every member of the folder."""

import math
import re
from dataclasses import replace
from itertools import combinations
from types import ModuleType
from typing import Any

import pandas as pd
import pytest
from fontTools.ttLib import TTFont
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from impact import model, texts
from impact.figures import FIGURES, Scene, group_name, parts, png, readable, svg
from impact.figures import _style as style
from impact.figures._canvas import width_of, wrapped
from impact.figures._groups import LAYOUT as GROUPS
from impact.figures._scales import free_scale
from impact.figures.forest import LAYOUT as FOREST
from impact.figures.likert import END, START
from impact.study.schema import Disclosure, Duration
from tests.unit._fake_results import SIZES, fake_results, fake_study

FR, EN = texts.load("fr"), texts.load("en")
DIMENSIONS = ("", "socio_affective", "daily_life", "ambition", "schooling")
LONG = "Un intitulé bien trop long pour une seule ligne, comme on en trouve dans les questionnaires des associations"
HOSTILE = (
    "$x_1$ et $y$",
    "_caché",
    "<b>&amp;</b>",
    "a\nb\tc",
    "é" * 300,
    "émoji 🙂 et 漢字",
    '#read("x")',
    "mot " * 400,
    "",
)
MEMBERS = [pytest.param(module, id=name) for name, module in FIGURES.items()]


def scene(dimension: str = "", words: texts.Texts = FR) -> Scene:
    return Scene(fake_results(), fake_study(), words, dimension)


def mm(figure: Figure) -> tuple[float, float]:
    wide, tall = figure.get_size_inches()
    return wide * 25.4, tall * 25.4


def written(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts if text.get_text()]


def only(figure: Figure, words: str) -> Text:
    """The one text that says these words."""
    (found,) = (text for text in figure.texts if text.get_text() == words)
    return found


def marks(figure: Figure, shape: str, colour: str) -> list[tuple[float, float]]:
    """Where marks of a shape stand, in millimetres; the colour is the inside's."""
    lines = (drawn for drawn in figure.get_children() if isinstance(drawn, Line2D) and drawn.get_marker() == shape)
    found = (drawn for drawn in lines if drawn.get_markerfacecolor() == colour)
    return [(float(drawn.get_xdata()[0]), float(drawn.get_ydata()[0])) for drawn in found]


def boxes(figure: Figure) -> list[tuple[str, float, float, float, float]]:
    """Every text and its rectangle in millimetres: left, top, right, bottom."""
    figure.set_dpi(200)
    renderer = FigureCanvasAgg(figure).get_renderer()
    scale, tall = 25.4 / figure.dpi, mm(figure)[1]
    found = []
    with rc_context({"text.hinting": "no_hinting"}):  # as the files are drawn
        for text in filter(Text.get_text, figure.texts):
            box = text.get_window_extent(renderer)
            place = (box.x0 * scale, tall - box.y1 * scale, box.x1 * scale, tall - box.y0 * scale)
            found.append((text.get_text(), *place))
    return found


def relabelled(count: int, label: str = LONG) -> Scene:
    """A scene of one dimension with `count` shares, all rows alike but for their indicator."""
    whole = scene()
    pattern = whole.study.questionnaire.indicators["ambitieux"]
    indicators = tuple(pattern.model_copy(update={"id": f"i{place}", "label": label}) for place in range(count))
    questionnaire = whole.study.questionnaire.model_copy(update={"indicator": indicators})
    questionnaire.__dict__.pop("indicators", None)  # a cached property of the copy

    def repeated(table: pd.DataFrame) -> pd.DataFrame:
        rows = table[table["indicator"] == "ambitieux"]
        return pd.concat([rows.assign(indicator=f"i{place}") for place in range(count)], ignore_index=True)

    tables = {name: repeated(getattr(whole.results, name)) for name in ("estimates", "comparisons", "published")}
    distributions = whole.results.distributions
    tables["distributions"] = distributions[distributions["question"] == "ambitieux"]
    return Scene(replace(whole.results, **tables), replace(whole.study, questionnaire=questionnaire), FR, "ambition")


# --- laws over every member ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("member", MEMBERS)
def test_every_member_keeps_the_contract(member: ModuleType) -> None:
    assert member.__doc__
    for dimension in DIMENSIONS:
        if member.shows(scene(dimension)):
            assert mm(member.draw(scene(dimension)))[0] == pytest.approx(174)


@pytest.mark.parametrize("member", MEMBERS)
def test_nothing_is_shown_of_empty_tables(member: ModuleType) -> None:
    whole = scene()
    empty = {
        name: getattr(whole.results, name).iloc[:0]
        for name in ("estimates", "comparisons", "distributions", "published", *model.OCCASIONAL)
    }
    assert not member.shows(replace(whole, results=replace(whole.results, **empty)))


@pytest.mark.parametrize("words", [FR, EN], ids=["fr", "en"])
@pytest.mark.parametrize("member", MEMBERS)
def test_words_stay_inside_and_never_overlap(member: ModuleType, words: texts.Texts) -> None:
    for dimension in filter(lambda name: member.shows(scene(name)), DIMENSIONS):
        figure = member.draw(scene(dimension, words))
        assert_apart(figure)


@pytest.mark.parametrize("count", [1, 2, 7, 25])
@pytest.mark.parametrize("name", ["forest", "shares", "duration", "published"])
def test_any_number_of_long_rows_never_overlap(name: str, count: int) -> None:
    assert_apart(FIGURES[name].draw(relabelled(count)))


def assert_apart(figure: Figure) -> None:
    wide, tall = mm(figure)
    found = boxes(figure)
    for words, left, top, right, bottom in found:
        assert left >= -0.3 and right <= wide + 0.3 and top >= -0.1 and bottom <= tall + 0.1, words
    for (one, *a), (other, *b) in combinations(found, 2):
        across, down = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
        assert across < 0.1 or down < 0.4, (one, other)  # letters' own boxes leave less than the line's height


@pytest.mark.parametrize("name", ["forest", "shares", "duration"])
def test_height_grows_by_the_same_for_each_row(name: str) -> None:
    heights = [mm(FIGURES[name].draw(relabelled(count)))[1] for count in (3, 4, 5)]
    assert heights[1] - heights[0] == pytest.approx(heights[2] - heights[1])
    assert heights[1] - heights[0] > 6


@pytest.mark.parametrize("member", MEMBERS)
def test_words_are_large_enough_and_of_one_font(member: ModuleType) -> None:
    figure = member.draw(scene())
    assert min(text.get_fontsize() for text in figure.texts) >= 7.2
    assert set(re.findall(r"font-family: ([^;\"]+)", svg(figure))) == {"'Inter'"}


@pytest.mark.parametrize("member", MEMBERS)
def test_same_input_same_bytes(member: ModuleType) -> None:
    first, second = member.draw(scene()), member.draw(scene())
    assert svg(first) == svg(second)
    assert png(first, 60) == png(second, 60)
    assert "<dc:date>" not in svg(first)
    assert "matplotlib" not in svg(first).lower().replace("matplotlib.org", "")


@pytest.mark.parametrize("member", MEMBERS)
def test_metadata_is_kept(member: ModuleType) -> None:
    figure = member.draw(scene("schooling"))
    assert "<dc:title>Essai &amp; co</dc:title>" in svg(figure, {"Title": "Essai & co"})
    assert b"Essai" in png(figure, 60, {"Title": "Essai"})


@pytest.mark.parametrize("member", MEMBERS)
@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_labels_stay_words(member: ModuleType, label: str) -> None:
    whole = scene("schooling")
    plain = whole.study.questionnaire
    indicators = tuple(one.model_copy(update={"label": label}) for one in plain.indicator)
    questions = tuple(one.model_copy(update={"text": label}) for one in plain.question)
    changed = plain.model_copy(update={"indicator": indicators, "question": questions})
    for cached in ("indicators", "questions"):
        changed.__dict__.pop(cached, None)
    study = replace(whole.study, questionnaire=changed)
    figure = member.draw(replace(whole, study=study))
    assert_apart(figure)
    assert "<b>" not in svg(figure)
    assert member.alt(replace(whole, study=study))


@pytest.mark.parametrize("member", MEMBERS)
def test_synthetic_and_internal_are_said_on_the_figure_and_in_words(member: ModuleType) -> None:
    whole = scene("schooling")
    about = whole.study.about
    cases = {
        "Données synthétiques": (about, "public"),
        "Usage interne": (about.model_copy(update={"synthetic": False}), "internal"),
        "Données synthétiques · Usage interne": (about, "internal"),
    }
    for badge, (described, audience) in cases.items():
        study = replace(whole.study, about=described, disclosure=Disclosure(audience=audience))
        assert badge in written(member.draw(replace(whole, study=study)))
        assert member.alt(replace(whole, study=study)).endswith(f"{badge}.")
    study = replace(whole.study, about=about.model_copy(update={"synthetic": False}))
    assert "synthétiques" not in " ".join(written(member.draw(replace(whole, study=study))))


@pytest.mark.parametrize("member", MEMBERS)
def test_the_alternative_speaks_the_language_of_its_texts(member: ModuleType) -> None:
    french, english = member.alt(scene()), member.alt(scene(words=EN))
    assert french != english
    assert "\u202f" in french
    assert "{" not in french + english
    assert "\u202f" not in english


# --- masked rows -----------------------------------------------------------------------------------------------------


def masked(results: model.Results, **tables: pd.DataFrame) -> model.Results:
    return replace(results, **tables)


def without(table: pd.DataFrame, rows: "pd.Series[bool]", kept: tuple[str, ...], status: str) -> pd.DataFrame:
    """The table with some rows reduced to their names, as `protect` leaves them."""
    blank = table.copy()
    for column in table.columns:
        if column not in kept:
            blank.loc[rows, column] = math.nan if pd.api.types.is_numeric_dtype(table[column]) else ""
    blank.loc[rows, "status"] = status
    return blank


def test_a_masked_row_has_a_sign_and_no_mark() -> None:
    """Schooling: four shares, of two groups but for one; one of these seven is masked, in one group alone."""
    figure = FIGURES["shares"].draw(scene("schooling"))
    assert written(figure).count("s") == 1
    inside = [x for mark in style.GROUP_MARKS.values() for x, _ in marks(figure, mark.shape, _inside(mark))]
    assert len({x for x in inside if GROUPS.start <= x <= GROUPS.end}) == 6
    assert any(words.startswith("s\u00a0: résultat masqué") for words in written(figure))


def _inside(mark: style.Mark) -> str:
    return mark.colour if mark.filled else style.WHITE


def test_a_row_that_is_masked_whole_is_counted_and_not_drawn() -> None:
    """Schooling: three differences, one of them masked."""
    figure = FIGURES["forest"].draw(scene("schooling"))
    assert "s" not in written(figure)
    assert not any("A renoncé" in words for words in written(figure))
    said = "1 ligne masquée dans tous les groupes, pour protéger les répondants, n’est pas dessinée."
    assert said in " ".join(written(figure))
    inside = [x for shape in "oDs" for colour in (style.BLUE, style.ORANGE, style.WHITE)
              for x, _ in marks(figure, shape, colour)]  # fmt: skip
    assert len([x for x in inside if FOREST.start <= x <= FOREST.end]) == 2


@pytest.mark.parametrize("name", ["forest", "shares", "duration"])
def test_all_rows_that_are_masked_whole_are_counted_once(name: str) -> None:
    """Fifteen questions, thirteen masked in every group: two are drawn, whatever the figure's parts."""
    whole = relabelled(15, "Question courte")
    masked = [f"i{place}" for place in range(2, 15)]
    tables = {key: (table := getattr(whole.results, key)).assign(
        status=table["status"].mask(table["indicator"].isin(masked), "suppressed"))
        for key in ("estimates", "comparisons")}  # fmt: skip
    few = replace(whole, results=replace(whole.results, **tables))
    member = FIGURES[name]
    figure = member.draw(few)
    assert " ".join(written(figure)).count("Question courte") == 2
    assert mm(figure)[1] < mm(member.draw(whole))[1] / 2
    assert "13 lignes masquées dans tous les groupes" in " ".join(written(figure))
    lanes = sum(member.alt(few).count(f"{count} lignes masquées") for count in (13, 26, 39))
    assert lanes == 1  # one a group that the figure draws
    cut = parts(member, few, room=mm(figure)[1] - 1)
    assert ["lignes masquées dans" in " ".join(written(member.draw(part))) for part in cut] == [False, True]


@pytest.mark.parametrize(("name", "groups"), [("shares", 1), ("duration", 2)])
@pytest.mark.parametrize("words", [FR, EN], ids=["fr", "en"])
def test_levels_that_cannot_be_compared_say_so(name: str, groups: int, words: texts.Texts) -> None:
    whole = scene("ambition", words)
    table = whole.results.comparisons
    rows = (table["indicator"] == "ambitieux") & (table["reference"] == "non_mentored")
    assert rows.sum() >= groups
    apart = replace(
        whole,
        results=replace(whole.results, comparisons=table.assign(status=table["status"].mask(rows, "not_comparable"))),
    )
    said, mark = words("figure.levels_not_comparable"), words("figure.said_not_comparable")
    assert sum(text.startswith("nc") for text in written(FIGURES[name].draw(apart))) == 1
    assert said.replace(" :", "\u00a0:") in " ".join(written(FIGURES[name].draw(apart)))
    label = words.label(whole.study.questionnaire.indicators["ambitieux"].label)
    assert f"{label} ({mark})" in FIGURES[name].alt(apart).replace("\u00a0", " ")
    assert f"({mark})" not in FIGURES[name].alt(whole)
    assert not any(text.startswith("nc") for text in written(FIGURES[name].draw(whole)))
    alone = apart.results.estimates[apart.results.estimates["group"] != "non_mentored"]
    assert not any(
        text.startswith("nc")
        for text in written(FIGURES[name].draw(replace(apart, results=replace(apart.results, estimates=alone))))
    )


@pytest.mark.parametrize(
    ("name", "hidden"),
    [("forest", 1), ("shares", 1), ("duration", 2), ("published", 0), ("likert", 0)],
)
def test_the_alternative_counts_the_masked_rows(name: str, hidden: int) -> None:
    said = FIGURES[name].alt(scene("schooling"))
    wanted = {0: "", 1: "1 ligne masquée", 2: "2 lignes masquées"}[hidden]
    assert wanted in said
    assert ("masquée" in said) == bool(hidden)


def test_a_masked_distribution_keeps_its_total() -> None:
    whole = scene("schooling")
    table = whole.results.distributions
    rows = (table["question"] == "absence_tres_souvent") & (table["group"] == "mentored")
    kept = ("question", "dimension", "group", "choice")
    results = replace(whole.results, distributions=without(table, rows, kept, "suppressed"))
    figure = FIGURES["likert"].draw(replace(whole, results=results))
    assert "s" in written(figure)
    assert "n\u00a0= 149" not in written(figure) and "n = 149" not in written(figure)
    assert "6\u202f%" in written(figure)  # 9 of 149, a row of its own in the estimates
    assert "1 ligne masquée" in FIGURES["likert"].alt(replace(whole, results=results))


def test_a_published_figure_stands_where_ours_is_masked() -> None:
    whole = scene("schooling")
    table = whole.results.published
    names = ("figure", "indicator", "dimension", "group", "reference", "published", "base", "published_low",
             "published_high", "unit")  # fmt: skip
    results = replace(
        whole.results, published=without(table, table["figure"] == "absence_mentores", names, "suppressed")
    )
    figure = FIGURES["published"].draw(replace(whole, results=results))
    assert written(figure).count("s") == 1
    assert "6\u202f%" in written(figure)
    assert "1 ligne masquée" in FIGURES["published"].alt(replace(whole, results=results))


@pytest.mark.parametrize(
    ("status", "sign", "words", "counted"),
    [
        ("suppressed", "s", "", True),
        ("suppressed_secondary", "s", "", True),  # one sign whatever the cause
        ("not_comparable", "nc", "non comparable", False),
        ("too_few", "–", "pas assez de réponses", False),
    ],
)
def test_each_status_has_its_sign_and_only_masked_rows_are_counted(
    status: str, sign: str, words: str, counted: bool
) -> None:
    whole = scene("schooling")
    table = whole.results.comparisons
    rows = table["indicator"] == "abandon_orientation"
    results = replace(whole.results, comparisons=table.assign(status=table["status"].mask(rows, status)))
    figure, said = (
        FIGURES["forest"].draw(replace(whole, results=results)),
        FIGURES["forest"].alt(replace(whole, results=results)),
    )
    drawn = not counted  # a row of this figure is one comparison: masked, it is masked whole
    assert written(figure).count(sign) == drawn
    assert sum(line.startswith(f"{sign}\u00a0:") for line in written(figure)) == drawn
    assert words in said
    assert ("masquée" in said) == counted


@pytest.mark.parametrize("language", texts.languages())
def test_every_status_and_verdict_has_its_words(language: str) -> None:
    words = texts.load(language)
    assert all(f"figure.{part}_{status}" in words for part in ("sign", "note", "said") for status in model.STATUSES[1:])
    assert all(f"figure.verdict_{verdict}" in words for verdict in model.VERDICTS)


# --- what stands where -----------------------------------------------------------------------------------------------


def test_a_share_stands_at_its_place_between_0_and_100() -> None:
    """9 of 149 answer so: 6.04 % of the way from the plot's start to its end."""
    figure = FIGURES["shares"].draw(scene("schooling"))
    xs = [x for x, _ in marks(figure, style.CIRCLE, style.BLUE) if GROUPS.start <= x <= GROUPS.end]
    assert xs[0] == pytest.approx(GROUPS.start + 9 / 149 * (GROUPS.end - GROUPS.start))


def test_values_and_limits_are_written_in_columns() -> None:
    """Wilson's interval of 9 of 149 is 3.2 to 11.1 %."""
    figure = FIGURES["shares"].draw(scene("schooling"))
    value, limits = (only(figure, words) for words in ("6\u202f%", "[3\u202f;\u00a011]"))
    level = value.get_position()[1]
    assert [text.get_text() for text in figure.texts if text.get_position()[1] == level] == [
        "6\u202f%", "[3\u202f;\u00a011]", "149",
    ]  # fmt: skip
    assert value.get_ha() == limits.get_ha() == "right"
    assert "mentorés 6\u202f%, de 3 à 11" in FIGURES["shares"].alt(scene("schooling"))


@pytest.mark.parametrize(
    ("dimension", "words", "sign", "colour"),
    [
        ("schooling", "−13", "▼", style.BLUE),  # fewer absences: lower is better
        ("daily_life", "−12", "▼", style.ORANGE),  # fewer who do paperwork alone: lower is worse
        ("ambition", "+13", "▲", style.BLUE),
        ("ambition", "0", "○", style.GREY),
        ("schooling", "+1", "≈", style.GREY),
    ],
)
def test_signs_tell_the_direction_and_colours_whether_it_is_good(
    dimension: str, words: str, sign: str, colour: str
) -> None:
    figure = FIGURES["forest"].draw(scene(dimension))
    found = next(text for text in figure.texts if text.get_text() == words and text.get_weight() == 600)
    assert found.get_color() == colour
    level = [text for text in figure.texts if text.get_position()[1] == found.get_position()[1]]
    assert sign in [text.get_text() for text in level]


def test_lower_is_better_is_written_where_it_holds() -> None:
    assert written(FIGURES["forest"].draw(scene("schooling"))).count("plus bas = mieux") == 1
    assert written(FIGURES["shares"].draw(scene("schooling"))).count("plus bas = mieux") == 2
    assert "plus bas = mieux" not in written(FIGURES["forest"].draw(scene("ambition")))


def test_an_established_gap_that_is_neither_better_nor_worse_has_its_own_mark() -> None:
    whole = scene("ambition")
    plain = whole.study.questionnaire
    indicators = tuple(one.model_copy(update={"better": "neutral"}) for one in plain.indicator)
    changed = plain.model_copy(update={"indicator": indicators})
    changed.__dict__.pop("indicators", None)
    figure = FIGURES["forest"].draw(replace(whole, study=replace(whole.study, questionnaire=changed)))
    assert marks(figure, style.APART.shape, style.INK)


def test_marks_differ_without_colour() -> None:
    verdicts = (style.BETTER, style.WORSE, style.APART, style.CLOSE, style.UNSURE)
    drawn_together = [verdicts, *([style.GROUP_MARKS[name] for name in names] for names in (
        model.SOURCE_GROUPS, ("mentored_over", "mentored_under", "mentored_unknown", "non_mentored"),
    )), (style.PUBLISHED, style.GROUP_MARKS["mentored"])]  # fmt: skip
    for family in drawn_together:
        assert len({(mark.shape, mark.filled) for mark in family}) == len(family)


def test_no_difference_stands_in_the_middle() -> None:
    scale = free_scale([-0.2, -0.05], "share", FR, "difference", neutral=0.0)
    assert (scale.low, scale.high) == (pytest.approx(-0.2), pytest.approx(0.2))
    assert ("0" in dict((name, tick) for tick, name in scale.ticks)) and len(scale.ticks) <= 9


@pytest.mark.parametrize("values", [[], [math.nan, math.inf], [0.5], [0.0, 0.0], [-1e6, 1e6], [0.001, 0.002]])
def test_a_scale_is_always_finite_and_holds_its_values(values: list[float]) -> None:
    scale = free_scale(values, "mean", FR)
    finite = [value for value in values if math.isfinite(value)]
    assert math.isfinite(scale.low) and scale.low < scale.high < math.inf
    assert all(scale.low - 1e-9 <= value <= scale.high + 1e-9 for value in finite)
    assert len({name for _, name in scale.ticks}) == len(scale.ticks)


def test_infinite_limits_reach_the_edge_and_end_in_an_arrow() -> None:
    whole = scene("ambition")
    changed = whole.results.comparisons.copy()
    changed.loc[changed["indicator"] == "ambitieux", "high"] = math.inf
    figure = FIGURES["forest"].draw(replace(whole, results=replace(whole.results, comparisons=changed)))
    ((x, _),) = marks(figure, ">", style.BLUE)
    assert x == pytest.approx(FOREST.end)
    assert any("∞" in words for words in written(figure))


def test_headings_part_the_dimensions_only_where_there_are_several() -> None:
    name = fake_study().questionnaire.dimension["schooling"].label["fr"]
    assert name in written(FIGURES["forest"].draw(scene()))
    assert name not in written(FIGURES["forest"].draw(scene("schooling")))


def test_few_answers_are_flagged() -> None:
    whole = scene("schooling")
    changed = whole.results.estimates.copy()
    changed.loc[changed["indicator"] == "absence_tres_souvent", "n"] = 29
    figure = FIGURES["shares"].draw(replace(whole, results=replace(whole.results, estimates=changed)))
    assert "6\u202f% †" in written(figure)
    assert any(words.startswith("†\u00a0: moins de 30 réponses") for words in written(figure))
    assert not any("†" in words for words in written(FIGURES["shares"].draw(scene("schooling"))))


def test_duration_shows_the_bands_and_not_the_whole() -> None:
    said = FIGURES["duration"].alt(scene("schooling"))
    assert "mentorés depuis 6 mois ou plus 5\u202f%" in said  # 5 of 91
    assert "mentorés 6\u202f%" not in said


# --- bars ------------------------------------------------------------------------------------------------------------


def bars(figure: Figure) -> list[tuple[float, float, float, str]]:
    """The rectangles of a figure: left, top, width in millimetres, colour."""
    return [(*box.get_xy(), box.get_width(), to_hex(box.get_facecolor()).upper()) for box in rectangles(figure)]


def rectangles(figure: Figure) -> list[Any]:
    return [
        drawn for drawn in figure.get_children() if type(drawn).__name__ == "Rectangle" and drawn is not figure.patch
    ]


def test_bars_fill_the_whole_and_turn_favourable_answers_blue() -> None:
    figure = FIGURES["likert"].draw(scene("schooling"))
    parts = bars(figure)
    first = [part for part in parts if part[1] == parts[0][1]]
    assert len(first) == 5
    assert first[0][0] == START
    assert first[-1][0] + first[-1][2] == pytest.approx(END, abs=0.5)
    assert (first[0][3], first[-1][3]) == (style.BLUE.upper(), style.ORANGE.upper())  # never absent is the good answer
    assert first[0][2] == pytest.approx(66 / 149 * (END - START), abs=0.4)  # 66 of 149 say never
    agreement = bars(FIGURES["likert"].draw(scene("ambition")))
    assert agreement[0][3] == style.ORANGE.upper()  # not at all agreeing stands first, and is not the good answer


def test_a_share_is_written_in_its_part_only_where_it_fits() -> None:
    whole = scene("schooling")
    changed = whole.results.distributions.copy()
    rows = (changed["question"] == "absence_tres_souvent") & (changed["group"] == "mentored")
    changed.loc[rows, "share"] = [0.97, 0.02, 0.004, 0.003, 0.003]
    figure = FIGURES["likert"].draw(replace(whole, results=replace(whole.results, distributions=changed)))
    assert "97" in written(figure)
    assert "0" not in written(figure)
    assert "Parfois 0\u202f%" in FIGURES["likert"].alt(
        replace(whole, results=replace(whole.results, distributions=changed))
    )


def test_bands_alone_are_drawn_as_they_are() -> None:
    whole = scene("ambition")
    table = whole.results.distributions
    alone = table[table["group"].isin(["mentored_over", "mentored_under", "non_mentored"])]
    said = FIGURES["likert"].alt(replace(whole, results=replace(whole.results, distributions=alone)))
    assert said.count("mentorés depuis") == 2
    assert "mentorés depuis" not in FIGURES["likert"].alt(whole)


def test_yes_or_no_is_no_ordered_answer() -> None:
    whole = scene("daily_life")
    rows = [
        ("arret_influences", "daily_life", "mentored", code, 150.0, count, count / 150, "shown")
        for code, count in (("oui", 55.0), ("non", 95.0))
    ]
    results = replace(whole.results, distributions=pd.DataFrame(rows, columns=list(model.DISTRIBUTIONS)))
    assert not FIGURES["likert"].shows(replace(whole, results=results))


@pytest.mark.parametrize("length", sorted(style.ORDERED))
def test_each_answer_of_a_scale_has_its_own_colour(length: int) -> None:
    assert len(set(style.ORDERED[length])) == length


# --- words and fonts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", model.GROUPS)
def test_every_group_has_a_name_and_a_mark(group: str) -> None:
    assert group in {*SIZES, *model.MERGED.values()}
    names = {group_name(group, fake_study(), words) for words in (FR, EN)}
    assert len(names) == 2 or group == "mentor"
    assert group in style.GROUP_MARKS


@pytest.mark.parametrize(
    ("months", "at", "over", "under"),
    [
        (6, "over", "mentorés depuis 6 mois ou plus", "mentorés depuis moins de 6 mois"),
        (6, "under", "mentorés depuis plus de 6 mois", "mentorés depuis 6 mois ou moins"),
        (4.5, "over", "mentorés depuis 4,5 mois ou plus", "mentorés depuis moins de 4,5 mois"),
    ],
)
def test_bands_are_named_by_the_studys_own_split(months: float, at: str, over: str, under: str) -> None:
    study = replace(fake_study(), duration=Duration(question="d", threshold_months=months, at_threshold=at))
    assert group_name("mentored_over", study, FR) == over
    assert group_name("mentored_under", study, FR) == under


def test_what_the_font_lacks_becomes_a_box_and_control_signs_go() -> None:
    assert readable("a\u0000b\u202e c\n漢 é") == "ab c □ é"


def test_wrapping_loses_no_word_and_cuts_what_has_no_end() -> None:
    lines = wrapped(LONG, style.BODY, 60)
    assert " ".join(lines) == LONG
    assert all(width_of(line, style.BODY) <= 60 for line in lines)
    endless = wrapped("mot " * 400, style.BODY, 60, most=5)
    assert len(endless) == 5 and endless[-1].endswith("…")
    assert "".join(wrapped("x" * 90, style.BODY, 60)) == "x" * 90
    assert wrapped("", style.BODY, 60) == []


def test_the_last_line_is_not_left_with_a_crumb() -> None:
    label = "Connaissance des étapes à suivre (de 1 à 4)"
    assert width_of(label.removesuffix(" 4)"), style.BODY) < 60 < width_of(label, style.BODY)
    first, last = wrapped(label, style.BODY, 60)
    assert f"{first} {last}" == label
    assert width_of(last, style.BODY) >= 60 / 4


@pytest.mark.parametrize("path", sorted(style.FONTS.glob("*.otf")), ids=lambda path: path.stem)
def test_fonts_hold_every_sign_of_the_texts(path: Any) -> None:
    font = TTFont(path)
    known = set(font.getBestCmap())
    used = "".join("".join(texts.load(language).entries.values()) for language in texts.languages())
    signs = "▲▼≈○●◆■←→−≤≥×·•«»’œŒ…–†‡²€\u202f\u00a0\u2011∞"
    assert not {sign for sign in used + signs if ord(sign) not in known and sign != "\n"}
    assert "tnum" in {record.FeatureTag for record in font["GSUB"].table.FeatureList.FeatureRecord}
    assert path.stat().st_size < 95_000
    assert "Open Font License" in (path.parent / "OFL.txt").read_text(encoding="utf-8")


def test_the_words_of_a_comparison_say_for_whom_it_is_favourable() -> None:
    whole = scene()
    clear = whole.results.comparisons.assign(verdict="higher")
    said = FIGURES["forest"].alt(replace(whole, results=replace(whole.results, comparisons=clear)))
    assert "plus élevé, favorable aux mentorés" in said  # has qualities: more is better
    assert "plus élevé, défavorable aux mentorés" in said  # felt alone: less is better


@pytest.mark.parametrize("name", ["forest", "shares", "duration"])
def test_a_row_where_less_is_better_says_so(name: str) -> None:
    assert "plus bas = mieux" in written(FIGURES[name].draw(scene("schooling")))
    assert "plus bas = mieux" not in written(FIGURES[name].draw(scene("ambition")))


@pytest.mark.parametrize("name", ["forest", "shares", "duration", "likert"])
def test_masked_rows_alone_are_no_figure(name: str) -> None:
    whole = scene()
    tables = {
        table: getattr(whole.results, table).assign(status="suppressed")
        for table in ("estimates", "comparisons", "distributions")
    }
    assert not FIGURES[name].shows(replace(whole, results=replace(whole.results, **tables)))


@pytest.mark.parametrize(("p_adjusted", "alone"), [(0.2, True), (0.01, False)])
def test_a_slope_that_the_number_of_slopes_takes_away_is_said_to_be_taken_alone(p_adjusted: float, alone: bool) -> None:
    results = fake_results()
    trend = results.trend.assign(
        verdict=results.trend["verdict"].mask(results.trend["measure"] == "slope", "higher"), p_adjusted=p_adjusted
    )
    told = FIGURES["trend"].alt(Scene(replace(results, trend=trend), fake_study(), FR))
    assert "plus élevé" in told
    assert ("pris seul" in told) == alone
