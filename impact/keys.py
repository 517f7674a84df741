"""The secret key of a study, kept where its data are not.

A digest without a key is no protection: the names and birth dates of a whole country are tried in hours. With a key
that stands elsewhere, whoever finds the outputs finds nothing, and destroying the key cuts the link for good.
"""

import hmac
import os
import re
import secrets
import sys
from pathlib import Path
from typing import Final

from impact.errors import ImpactError
from impact.matching import fold

LENGTH: Final = 32  # bytes, the whole strength of SHA-256
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_OTHERS: Final = 0o077  # what a group or anyone else may do with a file


def key(name: str) -> bytes:
    """The key of that name, 32 bytes; at first use it is drawn from the system's own source of chance and kept.

    It stands in the user's own folder (`place`), which nobody else may enter. Raises ImpactError where the name is not
    one of lower-case letters, digits, - and _, and where the file of the key does not hold 32 bytes: a key that
    changed would take the same person for two.
    """
    path = place(name)
    if not path.exists():
        _make(path)
    if os.name != "nt" and path.stat().st_mode & _OTHERS:
        path.chmod(0o600)
    held = path.read_bytes()
    if len(held) != LENGTH:
        raise ImpactError("key_broken", file=path)
    return held


def place(name: str) -> Path:
    """Where the key of that name is kept, whether or not it was made: XDG_DATA_HOME/impact/keys/NAME.key, or what
    stands for that folder on this system."""
    if not _NAME.fullmatch(name):
        raise ImpactError("key_name", name=name)
    return _home() / "impact" / "keys" / f"{name}.key"


def shown(name: str) -> str:
    """The same place as a person may be told it: from their own folder on, so that it names nobody's machine."""
    path, home = place(name), Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else path.as_posix()


def digest(held: bytes, text: str) -> str:
    """HMAC-SHA256 (RFC 2104) of a text as it is compared, 64 hexadecimal signs: case, accents and spaces no longer
    count, for the same person does not write them alike every year."""
    return exact(held, fold(text))


def exact(held: bytes, text: str) -> str:
    """HMAC-SHA256 (RFC 2104) of a text as it stands, 64 hexadecimal signs."""
    return hmac.digest(held, text.encode("utf-8", errors="surrogatepass"), "sha256").hex()


def _home() -> Path:
    """The folder of the user's own data. A relative path is not taken, as the XDG rules ask: it may be the study's."""
    asked = Path(os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_DATA_HOME", ""))
    return asked if asked.is_absolute() else Path.home() / ".local" / "share"


def _make(path: Path) -> None:
    """A key under its final name, whole or not at all, and the first one where two runs make it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secrets.token_bytes(LENGTH))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    except OSError:  # a disk without links
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
