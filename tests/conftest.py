"""What every test may ask for. No file is read here."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REAL_DATA = Path(__file__).parents[2] / "shared" / "realdata"

# On CI the same examples every time, so that a change fails by its own fault; elsewhere new ones at each run.
settings.register_profile(
    "impact",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],  # a busy machine is no fault of the code
)
settings.load_profile("impact")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real exports, which stands beside the repository and never in it; skips where it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip("no real exports: the folder ../shared/realdata is not beside the repository")
    return REAL_DATA


@pytest.fixture(scope="session", autouse=True)
def _home_of_keys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The keys that a run makes stand in the user's own folder: not in that of who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "LOCALAPPDATA"):
            patch.setenv(name, str(tmp_path_factory.mktemp("home")))
        yield


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Leave the skips, each with its reason, and the count where .ci/run finds them to print last of all."""
    cache = getattr(config, "cache", None)
    if cache is None:  # switched off on the command line
        return
    lines = sorted(_skips(terminalreporter))
    count = {outcome: len(terminalreporter.getreports(outcome)) for outcome in ("passed", "failed", "error", "skipped")}
    lines.append(f"{count['passed']} passed, {count['failed'] + count['error']} failed, {count['skipped']} skipped")
    (cache.mkdir("closing") / "lines.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _skips(reporter: pytest.TerminalReporter) -> Iterator[str]:
    for report in reporter.getreports("skipped"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "")
        yield f"skipped: {report.nodeid}: {reason.removeprefix('Skipped: ')}"
