"""One publication as the registry holds it: who it is of, what it was computed by, which rows it shows."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

from impact import __version__, keys
from impact.analyse.respondents import WITHIN, digests
from impact.model import MERGED, Results, merged_in
from impact.study import Study
from impact.study.locking import as_asked, parts
from impact.study.plan import digest

KEY: Final = "publications"  # one for all studies of a person: a folder that is renamed keeps its registry
SHORT: Final = 16  # signs of a digest, 64 bits: no two of a million people have the same by chance
SPLIT: Final = "mentored_"
UNKNOWN: Final = f"{SPLIT}unknown"
_SAID: Final = {"better", "attribution", "mirrors"}  # of an indicator: how it is commented on, which counts nobody
_BETWEEN: Final = "\t"


@dataclass(frozen=True)
class Publication:
    """One version that left the room. `shown` is false where a person answers for it that nobody saw it."""

    number: int
    shown: bool
    impact: str
    minimum_base: int
    key: str  # which key made the digests, "" where there are none
    sizes: Mapping[str, int]  # by group and band and, within, by answer to each breakdown question
    respondents: Mapping[str, str]  # digests by the same, spaces between
    tables: Mapping[str, str]
    files: Mapping[str, str]
    exports: Mapping[str, str]
    merged: str = ""  # the band that took in those of unknown duration
    minimum_answer: int = 1
    questions: str = ""  # those that the digests are made of, spaces between
    definitions: Mapping[str, str] = field(
        default_factory=dict
    )  # digests by "indicator x", "question x", "breakdown x"
    rows: Mapping[str, str] = field(default_factory=dict)  # what each shown row prints that can be subtracted

    @property
    def union(self) -> tuple[str, ...]:
        """The bands that stand as one, none where each stands by itself."""
        return tuple(each for each in (*(band for band, one in MERGED.items() if one == self.merged), UNKNOWN)
                     if self.merged)  # fmt: skip

    def same(self, other: "Publication") -> bool:
        """Whether it says the same of the same people: it is then that very publication, made again."""
        told = [(one.key, one.merged, one.questions, one.definitions, one.rows) for one in (self, other)]
        people = [one.respondents if self.key else one.sizes for one in (self, other)]
        return told[0] == told[1] and people[0] == people[1]


class Row(NamedTuple):
    """What names a shown row: its table, the digest of what it is a figure of, its group with, after a stroke, the
    answer that it is broken down by, and the answer that it counts."""

    table: str
    subject: str
    group: str
    answer: str = ""

    @property
    def written(self) -> str:
        """As the registry has it, and orders it."""
        return _BETWEEN.join(part.replace(_BETWEEN, " ") for part in self)


def row(written: str) -> Row:
    """What `Row.written` gave."""
    return Row(*written.split(_BETWEEN))


# --- of results ------------------------------------------------------------------------------------------------------


def drawn_up(results: Results, study: Study, number: int) -> Publication:
    """These results as a publication, before the fingerprints of its files are known."""
    people, held = results.respondents, keys.key(KEY) if results.respondents else b""
    questions = sorted(people.cells) if people else []
    found = {part: len(places) for part, places in people.parts.items()} if people else _sizes(results)
    definitions = _definitions(results, study)
    return Publication(
        number=number,
        shown=True,
        impact=__version__,
        minimum_base=study.disclosure.minimum_base,
        key=_short(held, "which key") if held else "",
        sizes=in_order(found),
        respondents=_digests(results, questions, held),
        tables={},
        files={},
        exports={},
        merged=merged_in(results.sizes),
        minimum_answer=study.disclosure.minimum_answer,
        questions=" ".join(questions),
        definitions=definitions,
        rows=in_order({row.written: printed for row, printed in _rows(results, study, definitions)}),
    )


def known_to(one: Publication, new: Publication, results: Results) -> Publication:
    """A new publication whose people are told apart by the questions of an earlier one, where all of them are known:
    a question added since changes all digests, and must not hide that someone came."""
    asked = one.questions.split()
    if results.respondents is None or one.key != new.key or not set(asked) <= set(new.questions.split()):
        return new
    return replace(new, respondents=_digests(results, asked, keys.key(KEY)))


def _digests(results: Results, questions: Iterable[str], held: bytes) -> dict[str, str]:
    if results.respondents is None:
        return {}
    told = digests(results.respondents, questions)
    return in_order({part: " ".join(sorted(_keyed(held, part, each))) for part, each in told.items()})


def _keyed(held: bytes, part: str, told: Iterable[str]) -> list[str]:
    """What stands in the registry for the people of a part: by breakdown question and answer, so that nobody is found
    again under another, whatever the band, and by place among those who answered alike, so that nobody sees them."""
    met: Counter[str] = Counter()
    answered, written = part.partition(WITHIN)[2], []
    for one in told:
        met[one] += 1
        written.append(_short(held, f"{one} {met[one]} {answered}"))
    return written


def _short(held: bytes, text: str) -> str:
    return keys.exact(held, text)[:SHORT]


def _sizes(results: Results) -> dict[str, int]:
    """The sizes of the groups that share nobody."""
    split = any(group.startswith(SPLIT) and size for group, size in results.sizes.items())
    return {group: size for group, size in results.sizes.items() if size and not (split and group == "mentored")}


def in_order(by_name: Mapping[str, Any]) -> dict[str, Any]:
    """The same in one order, whatever came first."""
    return {name: by_name[name] for name in sorted(by_name)}


# --- what it was computed by, and shows ------------------------------------------------------------------------------


def _definitions(results: Results, study: Study) -> dict[str, str]:
    """What the figures are figures of, never its wording: what each indicator counts and of whom, the answers to each
    question that is published, and what the exports' answers to a breakdown question were read as."""
    found: dict[str, Any] = {
        f"indicator {name}": {key: told for key, told in part.items() if key not in _SAID}
        for (kind, name), part in parts(study).items()
        if kind == "indicator"
    }
    for name in dict.fromkeys(map(str, results.distributions["question"])):
        found[f"question {name}"] = [name, as_asked(study.question(name))]
    for name in study.analysis.breakdowns:
        read = [one.recode[name] for one in study.sources if one.recode.get(name)]
        found[f"breakdown {name}"] = [name, as_asked(study.question(name)), read]
    return in_order({name: digest(part)[:SHORT] for name, part in found.items()})


def _rows(results: Results, study: Study, definitions: Mapping[str, str]) -> Iterator[tuple[Row, str]]:
    """The rows that are shown, each with its base and, where it counts people, how many it counts."""
    counted = not study.design.weight
    for table in ("estimates", "breakdowns"):
        for line in _shown(results, table):
            within = [line["by"], line["choice"]] if table == "breakdowns" else []
            number = round(line["n"] * line["estimate"]) if counted and line["unit"] == "share" else None
            subject = definitions[f"indicator {line['indicator']}"]
            yield Row(table, subject, WITHIN.join([line["group"], *within])), _printed(line["n"], number)
    for line in _shown(results, "distributions"):
        of = Row("distributions", definitions[f"question {line['question']}"], line["group"], line["choice"])
        yield of, _printed(line["n"], line["count"] if counted else None)
    for line in _shown(results, "balance"):
        yield Row("balance", line["covariate"], f"{line['group']}+{line['reference']}", line["category"]), ""


def _shown(results: Results, table: str) -> Iterator[dict[str, Any]]:
    frame = getattr(results, table)
    for line in frame[frame["status"] == "shown"].to_dict("records"):
        yield {str(name): "" if isinstance(value, float) and math.isnan(value) else value
               for name, value in line.items()}  # fmt: skip


def _printed(base: float, count: float | None) -> str:
    return f"{int(base)}" if count is None else f"{int(base)} {int(count)}"
