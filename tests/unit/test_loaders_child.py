"""Files that crash the library that reads them, or take too much: a sentence, and the next file is read as before."""

import contextlib
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pyreadstat
import pytest

from impact import apart, loaders
from impact.apart import _reader
from impact.errors import ImpactError
from impact.study.schema import Source
from tests.unit._loaders import TABLE, read, refused, rows_of, save
from tests.unit.test_loaders_workbook import rewritten, workbook

ROOT = Path(__file__).parents[2]
N_MISSING = 188  # where a system file says how many codes its first variable declares missing
CASES = 80  # where it says how many respondents it holds


def spss(folder: Path, name: str = "a.sav") -> Path:
    path = folder / name
    pyreadstat.write_sav(pd.DataFrame({"q1": [1.0, 2.0, 9.0]}), path, missing_ranges={"q1": [9]})
    return path


def patched(path: Path, place: int, value: int) -> Path:
    data = bytearray(path.read_bytes())
    data[place : place + 4] = value.to_bytes(4, "little", signed=True)
    path.write_bytes(data)
    return path


@pytest.fixture
def other_program(monkeypatch, tmp_path):
    """A function that puts another program in the child's place; the children that wait are sent home before."""

    def put(code: str) -> None:
        apart._close_all()
        monkeypatch.setattr(_reader, "__file__", str(save(tmp_path, code, "program.py")))

    yield put
    apart._close_all()


def test_a_crash_is_a_sentence_and_the_next_file_is_read(tmp_path, other_program):
    good = spss(tmp_path)
    before = rows_of(read(good))
    other_program("import os, sys; sys.stdin.readline(); os.abort()")
    assert refused(good).key == "loader_unreadable"
    other_program(Path(_reader.__spec__.origin).read_text(encoding="utf-8"))
    assert rows_of(read(good)) == before == [("q1",), ("1",), ("2",), ("9",)]


def test_every_byte_of_a_header_may_be_wrong(tmp_path):
    """A result or a sentence that names the file, never a signal: some of these crash the library."""
    whole, outcomes = spss(tmp_path).read_bytes(), set()
    for place in range(N_MISSING - 16, N_MISSING + 40):
        for value in (0x7F, 0xFF):
            data = bytearray(whole)
            data[place] = value
            path = save(tmp_path, bytes(data), "broken.sav")
            try:
                read(path)
                outcomes.add("read")
            except ImpactError as fault:
                assert "broken.sav" in str(fault)
                outcomes.add(fault.key)
    assert "loader_unreadable" in outcomes
    assert outcomes <= {"read", "loader_unreadable", "loader_no_answer", "loader_announces", "loader_too_heavy"}


def test_a_header_that_announces_two_thousand_million_answers(tmp_path):
    fault = refused(patched(spss(tmp_path), CASES, 2**31 - 1))
    assert (fault.key, fault.facts["cases"]) == ("loader_announces", 2**31 - 1)


def test_a_stata_header_that_announces_more_than_the_file_holds(tmp_path):
    path = tmp_path / "a.dta"
    pyreadstat.write_dta(pd.DataFrame({"q1": [1.0, 2.0]}), path, version=15)
    data = path.read_bytes()
    path.write_bytes(re.sub(rb"<N>.{8}", b"<N>" + (10**12).to_bytes(8, "little"), data, flags=re.DOTALL))
    assert refused(path).key == "loader_announces"


def test_a_sheet_laid_out_beyond_the_memory(tmp_path):
    """Both cells within the limits of a sheet, and what lies between them beyond those of a child."""
    path = workbook(tmp_path / "a.xlsx", {"Sheet1": TABLE})
    far = (b"</sheetData>", b'<row r="199999"><c r="GJH199999"><v>1</v></c></row></sheetData>')
    assert refused(rewritten(path, "xl/worksheets/sheet1.xml", far)).key == "loader_too_heavy"
    assert len(rows_of(read(workbook(tmp_path / "b.xlsx", {"Sheet1": TABLE})))) == len(TABLE)


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("import time; time.sleep(60)", "loader_too_slow"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", "loader_too_slow"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "loader_too_heavy"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "loader_unreadable"),
        ("raise SystemExit('a cell')", "loader_unreadable"),
        ("say(b'not JSON')", "loader_unreadable"),
        ("say(b'[' * 10000)", "loader_unreadable"),
        ("say(b'null')", "loader_unreadable"),
        ("say(b'{}')", "loader_unreadable"),
        ('say(b\'{"rows": 9, "sets": [], "variables": [{"name": "q"}]}\')', "loader_unreadable"),
        ('say(VARIABLE % b\'"B", "AAE="\')', "loader_unreadable"),  # two rows, and one value
        ('say(VARIABLE % b\'"B", "AA=="\')', "loader_unreadable"),  # one row of two
        ('say(VARIABLE % b\'"d", "AAA="\')', "loader_unreadable"),
        ('say(b\'{"fault": "memory"}\')', "loader_too_heavy"),
        ("sys.stdout.buffer.write((10**12).to_bytes(8, 'big'))", "loader_unreadable"),
        ("sys.stdout.buffer.write((9).to_bytes(8, 'big') + b'half')", "loader_unreadable"),
    ],
)
def test_whatever_a_child_does_is_a_sentence(tmp_path, other_program, monkeypatch, capfd, code, key):
    monkeypatch.setattr(apart, "PATIENCE", 2)
    path = spss(tmp_path)
    other_program(
        "import sys\n"
        'VARIABLE = b\'{"rows": 2, "sets": [], "variables": [{"name": "q", "label": "", "format": "", '
        '"type": "", "labels": [], "ranges": [], "missing": [], "values": [1.0], "codes": [%s]}]}\'\n'
        "def say(data):\n"
        "    sys.stdout.buffer.write(len(data).to_bytes(8, 'big') + data)\n"
        "    sys.stdout.buffer.flush()\n"
        f"sys.stdin.readline()\n{code}\n"
    )
    fault = refused(path)
    assert (fault.key, "a.sav" in str(fault)) == (key, True)
    assert capfd.readouterr() == ("", "")


def test_a_worn_child_that_crashes_is_no_fault_of_the_file(tmp_path):
    path = spss(tmp_path)
    read(path)
    for child in apart._IDLE:
        os.kill(child.process.pid, signal.SIGSTOP)  # alive to who looks, and gone by the time it is asked
        os.kill(child.process.pid, signal.SIGKILL)
    assert rows_of(read(path)) == [("q1",), ("1",), ("2",), ("9",)]


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="the limits of a process are told by Linux alone")
def test_a_child_has_limits(tmp_path):
    read(spss(tmp_path))
    process = apart._IDLE[-1].process.pid
    limits = {
        name: resource.prlimit(process, getattr(resource, name))[0]
        for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_CORE", "RLIMIT_FSIZE")
    }
    assert (limits["RLIMIT_AS"], limits["RLIMIT_CORE"], limits["RLIMIT_FSIZE"]) == (apart.MEMORY, 0, 0)
    assert apart.PROCESSOR < limits["RLIMIT_CPU"] < 2 * apart.PROCESSOR


def test_no_library_of_these_is_opened_here_and_no_child_is_left_behind(tmp_path):
    path = spss(tmp_path)
    program = (
        "import sys; from pathlib import Path; from impact import apart, loaders\n"
        "from impact.study.schema import Source\n"
        f"loaders.read(Path({str(path)!r}), Source(file='a.sav', group='mentored'))\n"
        "print(apart._IDLE[0].process.pid, *{'pyreadstat', 'python_calamine'}.intersection(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    process, *loaded = run.stdout.split()
    assert (loaded, run.stderr) == ([], "")
    for _ in range(50):
        if not Path(f"/proc/{process}").exists():
            return
        time.sleep(0.1)
    pytest.fail("the child outlives its parent")


ASKING = """
import sys
from impact import apart
apart._reader.__file__ = sys.argv[1]
apart.said(apart.Request("sav", sys.argv[2], "", 9, 9))
"""
# A library that waits for ever, and lets no other thread of its process have a turn.
C = "ctypes.PyDLL(None)"
AT_WORK = f'import ctypes\nREADERS["sav"] = lambda asked: ({C}.open(asked.path.encode(), 0), {C}.pause())\n'
LAST = 'if __name__ == "__main__":'


def opened(pipe: Path) -> int:
    """A pipe to write to, once a child reads it."""
    for _ in range(1_000):
        with contextlib.suppress(OSError):
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        time.sleep(0.02)
    raise AssertionError("no child came")


def is_read(pipe: int) -> bool:
    try:
        return os.write(pipe, b"$") > 0
    except BrokenPipeError:
        return False


def test_a_child_at_work_ends_with_a_parent_that_is_killed(tmp_path):
    path = tmp_path / "a.sav"
    os.mkfifo(path)
    source = Path(_reader.__spec__.origin).read_text(encoding="utf-8")
    program = save(tmp_path, source.replace(LAST, AT_WORK + LAST), "program.py")
    with subprocess.Popen([sys.executable, "-c", ASKING, str(program), str(path)], cwd=ROOT) as parent:
        pipe = opened(path)
        parent.kill()
    gone = any(not is_read(pipe) or time.sleep(0.02) for _ in range(250))
    os.close(pipe)
    assert gone


def test_children_are_started_ahead_for_what_is_no_text():
    apart._close_all()
    apart.expect(["a.csv", "b.SAV", "c.xlsx", "d.dta"])
    assert [child.library for child in apart._IDLE] == ["pyreadstat", "python_calamine"]
    apart.expect(["e.por"])
    assert len(apart._IDLE) == apart.AT_ONCE


def test_two_exports_are_read_at_once(tmp_path, other_program):
    """Each child waits for the other before it answers; one alone would end as one that took too long."""
    other_program(
        "import os, pathlib, signal, sys, time\n"
        f"met = pathlib.Path({str(tmp_path)!r}) / 'met'\n"
        "met.mkdir(exist_ok=True)\n"
        "sys.stdin.readline()\n"
        "(met / str(os.getpid())).touch()\n"
        "start = time.monotonic()\n"
        "while len(list(met.iterdir())) < 2:\n"
        "    time.sleep(0.02)\n"
        "    if time.monotonic() - start > 30:\n"
        "        os.kill(os.getpid(), signal.SIGXCPU)\n"
        'said = b\'{"fault": "protected"}\'\n'
        "sys.stdout.buffer.write(len(said).to_bytes(8, 'big') + said)\n"
    )
    sources = [Source(file=spss(tmp_path, name).name, group="mentored") for name in ("a.sav", "b.sav")]
    study = SimpleNamespace(folder=tmp_path, file=tmp_path / "study.toml", sources=sources)
    with pytest.raises(ImpactError) as fault:
        loaders._whole(study)
    assert (fault.value.key, fault.value.facts["file"]) == ("loader_protected", "a.sav")
