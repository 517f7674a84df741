"""What can be at fault in a study or its data, said to the person who can mend it.

An error carries a key and the facts; the sentence (what, where, what to do) stands in `texts/`, section `error`.
"""

from impact import texts
from impact.texts.signs import inert


class ImpactError(Exception):
    """A fault of the study files or of the data, never of the program. The message is a whole sentence for the user.

    `key` names the sentence in `texts/<language>.toml`, section `error`; `facts` fill it (file, sheet, row, column,
    value, what to do). A fact may be a list of errors, each a line of its own, or a tuple of them, in one line. A sign
    of a file that would act on a terminal stands in no message.
    """

    def __init__(self, key: str, /, **facts: object) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def say(self, language: str = "") -> str:
        """The sentence in a language, without one in that which is spoken."""
        facts = {name: _said(fact, language) for name, fact in self.facts.items()}
        return texts.load(language)(f"error.{self.key}", **facts)

    def __str__(self) -> str:
        return self.say()


def _said(fact: object, language: str) -> object:
    if isinstance(fact, list) and all(isinstance(one, ImpactError) for one in fact):
        return "".join(f"\n  - {error.say(language)}" for error in fact)
    if isinstance(fact, tuple) and all(isinstance(one, ImpactError) for one in fact):
        return ", ".join(error.say(language) for error in fact)
    return inert(fact) if isinstance(fact, str) else fact
