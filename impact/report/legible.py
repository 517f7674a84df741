"""Users' words as the page can set them: PDF/UA refuses a page with a sign that no font has."""

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from impact.figures import readable
from impact.texts import Texts, cut
from impact.texts.typography import spaces

_AS_THEY_ARE: Final = frozenset({"svg", "content"})  # drawn already, or a file of its own


def legible(node: Any, texts: Texts) -> Any:  # noqa: ANN401 – any JSON value
    """A JSON value whose every text can be set: composed, without control signs, a box for what the font lacks, cut
    where it has no end, and with the spaces of its language."""
    if isinstance(node, str):
        return readable(spaces(unicodedata.normalize("NFC", cut(node)), texts))
    if isinstance(node, Mapping):
        return {key: value if key in _AS_THEY_ARE else legible(value, texts) for key, value in node.items()}
    return [legible(value, texts) for value in node] if isinstance(node, (list, tuple)) else node
