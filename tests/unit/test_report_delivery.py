"""How a report gets into its place, and how its PDF is saved."""

import json
import zlib
from pathlib import Path

import pikepdf
import pytest

from impact.report.delivery import staged
from impact.report.pdf import AMBIGUOUS, end_streams_plainly, saved


def test_a_stream_written_in_letters_stays_so_in_the_file() -> None:
    odd = zlib.compress(b"\x0c")  # its last byte is the low one of Adler-32: 1 + 12, a carriage return
    assert odd.endswith(b"\r")
    with pikepdf.new() as pdf:
        pdf.Root.Odd = pdf.make_stream(b"")
        pdf.Root.Odd.write(odd, filter=pikepdf.Name.FlateDecode)
        end_streams_plainly(pdf)
        content = saved(pdf, packed=False)
    assert b"ASCII85Decode" in content
    assert AMBIGUOUS not in content


def old_report(folder: Path) -> None:
    (folder / "figures").mkdir(parents=True)
    for name in ("manifest.json", "estimates.csv", "figures/forest.svg", "figures/shares_gone.png"):
        (folder / name).write_text("old", encoding="utf-8")
    outputs = {"estimates.csv": "", "figures/forest.svg": "", "figures/shares_gone.png": ""}
    text = json.dumps({"versions": {"impact": "1"}, "outputs": outputs})
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def test_what_a_person_put_in_the_old_report_stays_at_any_depth(tmp_path: Path) -> None:
    folder = tmp_path / "essai"
    old_report(folder)
    mine = ("mine.docx", "figures/mine.pptx", "figures/shares_mine.png", "figures/notes/mine.txt")
    (folder / "figures" / "notes").mkdir()
    for name in mine:
        (folder / name).write_text("mine", encoding="utf-8")
    with staged(folder) as draft:
        (draft / "figures").mkdir()
        (draft / "figures" / "forest.svg").write_text("new", encoding="utf-8")
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {*mine, "figures/forest.svg"}
    assert (folder / "figures" / "forest.svg").read_text(encoding="utf-8") == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["essai"]


@pytest.mark.parametrize("fault", [RuntimeError, KeyboardInterrupt])
def test_a_run_that_fails_leaves_the_old_report_and_nothing_else(tmp_path: Path, fault: type[BaseException]) -> None:
    folder = tmp_path / "essai"
    old_report(folder)
    with pytest.raises(fault), staged(folder) as draft:
        (draft / "estimates.csv").write_text("half", encoding="utf-8")
        raise fault
    assert [path.name for path in tmp_path.iterdir()] == ["essai"]
    assert (folder / "estimates.csv").read_text(encoding="utf-8") == "old"


def test_a_killed_runs_leftover_goes_at_the_next(tmp_path: Path) -> None:
    (tmp_path / ".essai.partial").mkdir()
    (tmp_path / ".essai.partial" / "estimates.csv").write_text("half", encoding="utf-8")
    with staged(tmp_path / "essai") as draft:
        assert not list(draft.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["essai"]
