"""How numbers and French spaces are written; every expected text is written by hand from the value."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact import texts
from impact.texts import typography
from impact.texts.typography import MINUS, NO_BREAK, THIN

FR, EN = texts.load("fr"), texts.load("en")
INF = math.inf


def plain(text: str) -> str:
    """Ordinary spaces, to read the rest."""
    return text.replace(THIN, " ").replace(NO_BREAK, " ")


@pytest.mark.parametrize(
    ("written", "french"),
    [
        ("Quoi ?", "Quoi\u202f?"),
        ("Quoi?", "Quoi\u202f?"),
        ("Quoi ?!", "Quoi\u202f?!"),
        ("un ; deux", "un\u202f; deux"),
        ("Note : a", "Note\u00a0: a"),
        ("6 % ou 7%", "6\u202f% ou 7\u202f%"),
        ("**Lecture** : 6 %", "**Lecture**\u00a0: 6\u202f%"),
        ("**6** %", "**6**\u202f%"),
        ("« mot »", "«\u00a0mot\u00a0»"),
        ("«mot»", "«\u00a0mot\u00a0»"),
        ("« Quoi ? »", "«\u00a0Quoi\u202f?\u00a0»"),
        ("1 180 personnes", "1\u202f180 personnes"),
        ("1 234 567,5 €", "1\u202f234\u202f567,5 €"),
        ("en 2022 163 jeunes", "en 2022 163 jeunes"),
        ("06 12 34 56 78", "06 12 34 56 78"),
        ("à 12:30 précises", "à 12:30 précises"),
        ("https://a.fr/x?y=1 ; puis", "https://a.fr/x?y=1\u202f; puis"),
        ("voir www.a.fr/?b : oui", "voir www.a.fr/?b\u00a0: oui"),
        ("a.b@c.fr : oui", "a.b@c.fr\u00a0: oui"),
        ("(?) ou [!]", "(?) ou [!]"),
        ("C:\\dossier", "C:\\dossier"),
        ("a &nbsp; b", "a &nbsp; b"),
        ("[38 ; 62]", "[38\u202f; 62]"),
        ("l'école d'« ici »", "l’école d’«\u00a0ici\u00a0»"),
        ("key = 'x'", "key = 'x'"),
        ("", ""),
    ],
)
def test_french_spaces(written: str, french: str) -> None:
    assert typography.fr_spaces(written) == french


@given(st.text(alphabet=st.sampled_from("a1 0:;!?%«».*([)]@/&h-\u202f\u00a0"), max_size=24))
def test_french_spaces_settle_at_once_and_lose_nothing(text: str) -> None:
    once = typography.fr_spaces(text)
    assert typography.fr_spaces(once) == once
    assert [c for c in once if not c.isspace()] == [c for c in text if not c.isspace()]


def test_only_french_gets_french_spaces() -> None:
    assert typography.spaces("Why? 6%: yes", EN) == "Why? 6%: yes"
    assert typography.spaces("Quoi? 6 % : oui", FR) == "Quoi\u202f? 6\u202f%\u00a0: oui"
    assert typography.sentence(FR, "number.plain", value="a : b") == "a\u00a0: b"


@pytest.mark.parametrize(
    ("x", "digits", "french", "english"),
    [
        (1180, 0, "1\u202f180", "1,180"),
        (-12.345, 2, "\u221212,35", "\u221212.35"),
        (0.5, 0, "1", "1"),
        (2.5, 0, "3", "3"),  # half up, not to even
        (-2.5, 0, "\u22123", "\u22123"),
        (-0.4, 0, "0", "0"),  # no minus before nothing
        (2, 2, "2,00", "2.00"),
        (INF, 2, "∞", "∞"),
        (-INF, 0, "\u2212∞", "\u2212∞"),
        (math.nan, 1, "–", "–"),
    ],
)
def test_numbers(x: float, digits: int, french: str, english: str) -> None:
    assert typography.number(x, FR, digits) == french
    assert typography.number(x, EN, digits) == english


@pytest.mark.parametrize(
    ("share", "french"),
    [(0.064, "6 %"), (0.145, "15 %"), (0.285, "29 %"), (0.115, "12 %"), (1, "100 %"), (0, "0 %"), (9 / 149, "6 %")],
)
def test_a_share_is_a_whole_percentage_halves_up(share: float, french: str) -> None:
    assert plain(typography.percent(share, FR)) == french
    assert typography.percent(share, EN) == french.replace(" ", "")


@pytest.mark.parametrize(
    ("gap", "french", "english"),
    [
        (-0.128, "−13 points", "−13 points"),
        (0.08, "+8 points", "+8 points"),
        (0.01, "+1 point", "+1 point"),
        (-0.01, "−1 point", "−1 point"),
        (0.004, "0 point", "0 points"),  # French writes nought in the singular
        (-0.004, "0 point", "0 points"),
    ],
)
def test_a_difference_of_shares_is_in_points_with_its_sign(gap: float, french: str, english: str) -> None:
    assert plain(typography.points(gap, FR)) == french
    assert plain(typography.points(gap, EN)) == english


@pytest.mark.parametrize(
    ("x", "unit", "measure", "french"),
    [
        (0.064, "share", "", "6 %"),
        (-0.128, "share", "difference", "−13 points"),
        (0.317, "share", "ratio", "0,32"),
        (1.838, "mean", "", "1,84"),
        (0.21, "mean", "difference", "+0,21"),
        (-0.05, "index", "difference", "−0,05"),
        (163, "size", "", "163"),
        (3.149, "ratio", "", "3,15"),
        (2.5, "share", "odds_ratio", "2,50"),  # a measure nobody has named here
        (math.nan, "share", "", "–"),
    ],
)
def test_unit_and_measure_say_how_a_number_is_written(x: float, unit: str, measure: str, french: str) -> None:
    assert plain(typography.value(x, unit, FR, measure)) == french


@pytest.mark.parametrize(
    ("low", "high", "unit", "measure", "french", "english"),
    [
        (0.38, 0.62, "share", "", "[38 ; 62]", "[38, 62]"),
        (-0.199, -0.058, "share", "difference", "[−20 ; −6]", "[−20, −6]"),
        (0.02, 0.15, "share", "difference", "[+2 ; +15]", "[+2, +15]"),
        (0.004, 0.3, "share", "difference", "[+0,4 ; +30]", "[+0.4, +30]"),  # clear: not written as nought
        (-0.3, -0.0004, "share", "difference", "[−30 ; −0,04]", "[−30, −0.04]"),
        (-0.004, 0.3, "share", "difference", "[0 ; +30]", "[0, +30]"),  # inconclusive: nought is inside
        (0.0, 0.3, "share", "difference", "[0 ; +30]", "[0, +30]"),
        (1.003, 2.0, "share", "ratio", "[1,003 ; 2,00]", "[1.003, 2.00]"),
        (0.16, 0.63, "share", "ratio", "[0,16 ; 0,63]", "[0.16, 0.63]"),
        (1.4, INF, "share", "ratio", "[1,40 ; ∞]", "[1.40, ∞]"),
        (-INF, INF, "mean", "difference", "[−∞ ; +∞]", "[−∞, +∞]"),
        (math.nan, math.nan, "size", "", "–", "–"),
    ],
)
def test_intervals(low: float, high: float, unit: str, measure: str, french: str, english: str) -> None:
    written = typography.interval(low, high, unit, FR, measure)
    assert plain(written) == french
    assert " " not in written  # nothing that a line could break at
    assert plain(typography.interval(low, high, unit, EN, measure)) == english


@pytest.mark.parametrize(
    ("p", "french"),
    [
        (0.0004, "p < 0,001"),
        (0.0031, "p = 0,003"),
        (0.0312, "p = 0,03"),
        (0.0496, "p = 0,0496"),  # two or three decimals would say 0,05
        (0.05, "p = 0,05"),
        (0.052, "p = 0,052"),
        (0.63, "p = 0,63"),
        (0.996, "p > 0,99"),
        (1.0, "p > 0,99"),
    ],
)
def test_p_values_never_cross_five_percent_by_rounding(p: float, french: str) -> None:
    assert plain(typography.p_value(p, FR)) == french


@pytest.mark.parametrize("language", texts.languages())
def test_every_language_names_every_unit(language: str) -> None:
    words = texts.load(language)
    pairs = [("share", ""), ("mean", ""), ("index", ""), ("size", "")]
    pairs += [("share", "difference"), ("mean", "difference"), ("index", "difference"), ("mean", "ratio")]
    names = [typography.unit_name(unit, words, measure) for unit, measure in pairs]
    assert len(set(names)) == len(names)
    assert typography.unit_name("share", words, "odds_ratio") == words("number.unit_other")


def test_minus_is_a_minus() -> None:
    assert typography.signed(-8, FR) == f"{MINUS}8"


@pytest.mark.parametrize(
    ("values", "unit", "measure", "french"),
    [
        ((-0.2, -0.1, 0.0, 0.1), "share", "difference", ("−20", "−10", "0", "+10")),
        ((0.0, 5.0, 10.0), "mean", "", ("0", "5", "10")),
        ((0.0, 0.5, 1.0), "mean", "difference", ("0,0", "+0,5", "+1,0")),
        ((0.0, 0.1, 0.1 + 0.2), "index", "", ("0,0", "0,1", "0,3")),
    ],
)
def test_an_axis_has_as_many_decimals_as_it_needs(
    values: tuple[float, ...], unit: str, measure: str, french: tuple[str, ...]
) -> None:
    assert typography.ticks(values, unit, FR, measure) == french


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fr", "Avez-vous un mentor ?", "« Avez-vous un mentor ? »"),
        ("fr", "« Je me considère » et «toi»", "« “Je me considère” et “toi” »"),
        ("fr", 'De 1 "pas du tout" à 5 "très"', "« De 1 “pas du tout” à 5 “très” »"),
        ("fr", "Vous êtes : ", "« Vous êtes »"),
        ("en", "Is it “true”?", "“Is it ‘true’?”"),
        ("en", 'From 1 "never" on', "“From 1 ‘never’ on”"),
        ("fr", '12" de plus', '« 12" de plus »'),
    ],
)
def test_words_are_quoted_with_the_marks_of_their_language(language: str, text: str, said: str) -> None:
    assert typography.quoted(text, texts.load(language)) == said
