"""The key of a study: secret, kept apart from its data, the same as long as it is not destroyed."""

import hashlib
import hmac
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from impact import keys
from impact.errors import ImpactError

POSIX = os.name != "nt"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("LOCALAPPDATA" if not POSIX else "XDG_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_a_key_is_drawn_once_and_kept(home):
    first = keys.key("koreis")
    assert len(first) == 32
    assert keys.key("koreis") == first
    assert keys.key("other") != first
    assert sorted(path.name for path in home.rglob("*") if path.is_file()) == ["koreis.key", "other.key"]


@pytest.mark.skipif(not POSIX, reason="Windows has no such rights")
def test_nobody_else_may_read_it_or_its_folder():
    keys.key("koreis")
    path = keys.place("koreis")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o644)
    keys.key("koreis")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_destroyed_key_is_another():
    first = keys.key("koreis")
    keys.place("koreis").unlink()
    assert keys.key("koreis") != first


def test_two_runs_that_make_it_at_once_hold_the_same():
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(keys.key, ["koreis"] * 32))) == 1


@pytest.mark.parametrize("held", [b"", b"0" * 31, b"0" * 33])
def test_a_key_cut_short_is_said_and_not_replaced(held):
    keys.key("koreis")
    keys.place("koreis").write_bytes(held)
    with pytest.raises(ImpactError, match=r"koreis\.key"):
        keys.key("koreis")
    assert keys.place("koreis").read_bytes() == held


@pytest.mark.parametrize("name", ["", "../koreis", "a/b", "a\\b", ".hidden", "Koreis", "a b", "é", "a" * 65, "a\n"])
def test_a_name_is_no_path(name):
    with pytest.raises(ImpactError):
        keys.key(name)


def test_a_relative_folder_is_not_taken(monkeypatch, tmp_path):
    monkeypatch.setenv("LOCALAPPDATA" if not POSIX else "XDG_DATA_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "me"))
    assert keys.place("koreis").is_relative_to(tmp_path / "me")


def test_a_digest_is_the_keyed_one_of_the_text_as_it_is_compared():
    held = bytes(range(32))
    assert keys.digest(held, "awa") == hmac.new(held, b"awa", hashlib.sha256).hexdigest()
    same = {
        keys.digest(held, text)
        for text in ("Chloé  Martin", " chloe martin", "CHLOE\u00a0MARTIN", "Chloe\u0301 Martin")
    }
    assert len(same) == 1
    assert keys.digest(held, "Chloé Martine") not in same
    assert keys.digest(bytes(32), "awa") != keys.digest(held, "awa")
