"""Study files: what was asked, what a cohort decides, what was published elsewhere."""

from impact.study._toml import language_of
from impact.study.published import Figure, Published
from impact.study.questionnaire import Choice, Indicator, Question, Questionnaire
from impact.study.questionnaires import bundled, questionnaire_in
from impact.study.reading import read_study
from impact.study.schema import Source, Study

__all__ = [
    "Choice", "Figure", "Indicator", "Published", "Question", "Questionnaire", "Source", "Study", "bundled",
    "language_of", "questionnaire_in", "read_study",
]  # fmt: skip
