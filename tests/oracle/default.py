"""Writes default_frame.csv, the bundled synthetic study as its loaders read it, for default.R to compute on.

Run from the root, before default.R: python tests/oracle/default.py. The study's own design has clusters only; the
strata and the weights are made up here, so that one frame serves designs with either. A test holds the file to what
the loaders read today.
"""

from pathlib import Path

import pandas as pd

import impact

STUDY = Path("data/koreis2022/study.toml")
FRAME = Path("tests/oracle/default_frame.csv")
QUESTIONS = (
    "soutiens/personne", "seul", "adultes", "confiance", "regrets", "demarches", "rencontres", "ambition_declaree",
    "diplome_attendu", "renoncement", "recherche", "absence", "jours_manques", "resultats",
)  # fmt: skip


def frame(responses: impact.Responses) -> pd.DataFrame:
    """One row a respondent: group, band, made-up weight, stratum and cluster, and the codes answered, "" for none.

    The strata are the kinds of structures, parted by whether their number is even; the weights go from 0.75 to 3.75.
    """
    people, row = responses.people, pd.Series(range(len(responses.people)))
    odd = people["cluster"].str[1:].astype(int) % 2
    made = {"weight": 0.75 + (row * 5 % 7) / 2, "stratum": people["cluster"].str[0] + odd.astype(str)}
    answers = {
        name: responses.answers[name].where(responses.reasons[name.partition("/")[0]] == "", "") for name in QUESTIONS
    }
    return pd.DataFrame({**people[["group", "band"]], **made, "cluster": people["cluster"], **answers})


def main() -> None:
    study = impact.read_study(STUDY)
    table = frame(impact.normalise(impact.load(study), study))
    header = f"# default.py: {STUDY.parent}, made-up respondents, as impact reads them\n"
    FRAME.write_text(header + table.to_csv(index=False, lineterminator="\n"), encoding="utf-8")


if __name__ == "__main__":
    main()
