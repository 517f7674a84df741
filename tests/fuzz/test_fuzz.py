"""The first mutants of each kind, the same at every run; `make fuzz` tries thousands."""

import pytest

from tests.fuzz import fuzz, mutations

FIRST = 600  # of each kind: two minutes in all on two cores


@pytest.mark.slow
@pytest.mark.parametrize("kind", fuzz.OFTEN)
def test_a_damaged_file_gives_a_result_or_the_program_s_own_error(kind):
    finds: list[str] = []
    outcomes, count = fuzz.tried(kind, range(FIRST), finds.append)
    assert (count, finds) == (0, [])
    assert outcomes.total() == FIRST
    assert outcomes["read"] and len(outcomes) > 3  # some damage is survived, and some is told apart


@pytest.mark.parametrize("kind", fuzz.WAYS)
def test_every_seed_is_read(kind, tmp_path, monkeypatch):
    """Damage is tried on files that are whole: where one fails by itself, its mutants try nothing."""
    herd = fuzz.Herd(kind, tmp_path)
    for place in range(len(herd.seeds)):
        monkeypatch.setattr(mutations, "mutant", lambda _, seeds, *__, place=place: seeds[place])
        assert herd.tried(0) == ("read", "")


@pytest.mark.parametrize("kind", fuzz.WAYS)
def test_a_mutant_is_told_by_its_number(kind, tmp_path):
    one, other = fuzz.Herd(kind, tmp_path / "one"), fuzz.Herd(kind, tmp_path / "other")
    assert [one.mutant(number) for number in range(20)] == [other.mutant(number) for number in range(20)]
    assert len({one.mutant(number) for number in range(20)}) > 15


@pytest.mark.parametrize(
    "fault",
    [ValueError("x"), MemoryError(), RecursionError(), UnicodeDecodeError("utf-8", b"", 0, 1, "x")],
)
def test_what_is_no_own_error_is_a_find(tmp_path, monkeypatch, fault):
    def broken(_):
        raise fault

    monkeypatch.setattr(fuzz, "load", broken)
    found = fuzz.Herd("csv", tmp_path).tried(0)
    assert (found.outcome, "Traceback" in found.find) == (type(fault).__name__, True)


def test_a_lost_row_is_a_find(tmp_path, monkeypatch):
    whole = fuzz.normalise

    def losing(exports, study):
        found = whole(exports, study)
        found.flow.loc[found.flow["stage"] == "kept", "count"] -= 1
        return found

    monkeypatch.setattr(fuzz, "normalise", losing)
    monkeypatch.setattr(mutations, "mutant", lambda _, seeds, place, __: seeds[place])
    assert "rows are lost" in fuzz.Herd("csv", tmp_path).tried(1).find
