"""Colours, sizes, marks and fonts of every figure: the one place where a figure's look is decided.

Contrast on white: ink 15.7, grey 6.4, blue 8.5, orange 5.4. No meaning rests on colour alone: each mark has its own
shape, and the sign or the name stands beside it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

WIDTH: Final = 174.0  # mm: the text's full width on an A4 page with sides of 18 mm
POINT: Final = 25.4 / 72  # mm

INK: Final = "#1B2430"
GREY: Final = "#566070"
BLUE: Final = "#14536B"
ORANGE: Final = "#B5470F"
RULE: Final = "#D3D7DD"
PALE: Final = "#E8EBEE"
LINK: Final = "#9AA5B1"
WHITE: Final = "#FFFFFF"

BLUE_TINT: Final = "#BFD9E3"
ORANGE_TINT: Final = "#F7D3B2"
GREY_TINT: Final = "#DDE1E6"

FONTS: Final = Path(__file__).parents[1] / "report" / "fonts"
FAMILY: Final = "Inter"
FILES: Final = {400: FONTS / "Inter-Regular.otf", 600: FONTS / "Inter-SemiBold.otf"}


@dataclass(frozen=True, slots=True)
class Look:
    """How words look: size in points, weight (400 or 600), colour."""

    size: float = 8.2
    weight: int = 400
    colour: str = INK

    def coloured(self, colour: str) -> "Look":
        """The same in another colour."""
        return Look(self.size, self.weight, colour)


BODY: Final = Look()
STRONG: Final = Look(weight=600)
HEADING: Final = Look(weight=600, colour=BLUE)
QUIET: Final = Look(colour=GREY)
SMALL: Final = Look(size=7.2, colour=GREY)
SMALL_STRONG: Final = Look(size=7.2, weight=600, colour=GREY)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point and its interval: the shape's name, its size in points, its colours, filled or hollow."""

    shape: str
    colour: str
    tint: str
    filled: bool = True
    size: float = 5.0


CIRCLE, DIAMOND, SQUARE = "o", "D", "s"

# What a comparison found, for the group: better, worse, established where neither is better, small, or not established.
BETTER: Final = Mark(CIRCLE, BLUE, BLUE_TINT, size=5.4)
WORSE: Final = Mark(DIAMOND, ORANGE, ORANGE_TINT, size=4.9)
APART: Final = Mark(SQUARE, INK, GREY_TINT, size=4.6)
CLOSE: Final = Mark(SQUARE, GREY, GREY_TINT, filled=False, size=4.4)
UNSURE: Final = Mark(CIRCLE, GREY, GREY_TINT, filled=False, size=4.8)

GROUP_MARKS: Final = {
    "mentored": Mark(CIRCLE, BLUE, BLUE_TINT, size=5.4),
    "mentored_over": Mark(CIRCLE, BLUE, BLUE_TINT, size=5.4),
    "mentored_over_unknown": Mark(CIRCLE, BLUE, BLUE_TINT, size=5.4),
    "mentored_under": Mark(CIRCLE, BLUE, BLUE_TINT, filled=False, size=5.0),
    "mentored_under_unknown": Mark(CIRCLE, BLUE, BLUE_TINT, filled=False, size=5.0),
    "mentored_unknown": Mark(SQUARE, BLUE, BLUE_TINT, filled=False, size=4.4),
    "non_mentored": Mark(DIAMOND, GREY, GREY_TINT, size=4.6),
    "mentor": Mark(SQUARE, INK, GREY_TINT, size=4.6),
}
# A comparison as it is, and by each way of adjusting it.
ADJUSTMENT_MARKS: Final = {
    "none": Mark(DIAMOND, GREY, GREY_TINT, filled=False, size=4.6),
    "overlap": Mark(CIRCLE, BLUE, BLUE_TINT, size=5.4),
    "att": Mark(SQUARE, BLUE, BLUE_TINT, size=4.6),
    "ate": Mark(DIAMOND, BLUE, BLUE_TINT, size=4.9),
    "entropy": Mark(SQUARE, BLUE, BLUE_TINT, filled=False, size=4.4),
    "doubly_robust": Mark(CIRCLE, BLUE, BLUE_TINT, filled=False, size=5.0),
}
PUBLISHED: Final = Mark(DIAMOND, ORANGE, ORANGE_TINT, filled=False, size=5.0)

# From least to most favourable; neighbours differ by at least 35 (ΔE) under three simulations of colour blindness
# in the scale of four, which the others extend with a neutral middle and two steps between.
_SEVEN: Final = ("#B5470F", "#DD8B55", "#F7D3B2", "#E6E2DA", "#AFD0DB", "#6FAEC3", "#14536B")
ORDERED: Final = {
    length: tuple(_SEVEN[place] for place in places)
    for length, places in {
        2: (0, 6), 3: (0, 3, 6), 4: (0, 2, 5, 6), 5: (0, 2, 3, 5, 6), 6: (0, 1, 2, 4, 5, 6), 7: (0, 1, 2, 3, 4, 5, 6),
    }.items()
}  # fmt: skip
DARK: Final = frozenset({"#B5470F", "#14536B"})  # those that take white words
