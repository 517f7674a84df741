"""The language of a run chooses words, never a value: what is read of an export is the same in each."""

from dataclasses import fields

import pytest

from impact import texts
from impact.loaders import read
from impact.study import Source
from tests.dialects._cohort import cohorts
from tests.dialects.test_dialects import WRITERS

WORDS = ("notes", "signs")


@pytest.fixture
def in_language():
    def said(language, path, source):
        texts.speak(language)
        return read(path, source)

    yield said
    texts.speak(texts.DEFAULT)


@pytest.mark.parametrize("name", WRITERS)
def test_an_export_is_read_alike_in_every_language(name, tmp_path, in_language):
    written = WRITERS[name](next(iter(cohorts())), tmp_path)
    source = Source(file=written["file"], group="mentored")
    first, *others = (in_language(language, tmp_path / written["file"], source) for language in texts.languages())
    for other in others:
        assert first.cells.equals(other.cells)
        for field in fields(first):
            if field.name not in (*WORDS, "cells"):
                assert getattr(first, field.name) == getattr(other, field.name), field.name
        assert len(first.notes) == len(other.notes)
