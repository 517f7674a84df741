"""The table of the keys of `[analysis]` in both READMEs, from the code: `python -m tests.readme` writes it again."""

from collections.abc import Iterator
from pathlib import Path

from impact import texts
from impact.choices import AUTO, CHOICES
from impact.study.schema import Analysis

ROOT = Path(__file__).parents[1]
READMES = {"README.md": "en", "LISEZMOI.md": "fr"}
OPENS, CLOSES = "<!-- [analysis]: make readme -->\n", "<!-- [analysis] -->\n"


def table(language: str) -> str:
    """One row a key: its name, its default, what it does and who argues for it."""
    return "\n".join(_rows(texts.load(language))) + "\n"


def _rows(words: texts.Texts) -> Iterator[str]:
    yield _row(words(f"analysis.{name}") for name in ("key", "default", "does", "source"))
    yield _row(["---"] * 4).replace(" ", "")
    for key, field in Analysis.model_fields.items():
        names = ", ".join(f"`{name}`" for name in CHOICES.get(key, ()) if name != AUTO)
        said = words(f"analysis.{key}", choices=names)
        yield _row([f"`{key}`", _default(field.default, words), said, _spaced(str(field.description), words)])


def _row(cells: Iterator[str] | list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _default(value: object, words: texts.Texts) -> str:
    if isinstance(value, tuple) and value:
        return ", ".join(f"`{one}`" for one in value)
    return f"`{value}`" if value not in ((), None) else words("analysis.none")


def _spaced(source: str, words: texts.Texts) -> str:
    """Sources one after the other, as the language sets a semicolon."""
    return source.replace("; ", " ; ") if words.language == "fr" else source


def parts(text: str) -> tuple[str, str, str]:
    """A README before its table, the table, and the rest."""
    before, rest = text.split(OPENS)
    inside, after = rest.split(CLOSES)
    return before + OPENS, inside, CLOSES + after


def main() -> None:
    for name, language in READMES.items():
        before, _, after = parts((ROOT / name).read_text(encoding="utf-8"))
        (ROOT / name).write_text(before + table(language) + after, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
