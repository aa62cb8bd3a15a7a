"""Files that the package writes: whole or not at all, by the rule of src/posix_file.cpp (OutputFile) for cubes."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
from typing import NoReturn

from . import _core
from ._core import KomhenError
from ._text import printable

# The sentences of the core, so that a cube and a report fail in the same words.
_WHY = {
    errno.ENOENT: "lies in a directory that does not exist",
    errno.EACCES: "may not be opened by this user",
    errno.EPERM: "may not be opened by this user",
    errno.EISDIR: "is a directory",
    errno.ENOTDIR: "lies below something that is not a directory",
    errno.EEXIST: "is there and is not a directory",
    errno.EROFS: "could not be written: the file system is read-only",
    errno.ENOSPC: "could not be written: the disk is full",
    errno.EDQUOT: "could not be written: the disk is full",
    errno.EFBIG: "could not be written: it would pass the size that the system allows",
}
_JOURNAL = b"SQLite format 3\0"
_BESIDE_JOURNAL = (b"-wal", b"-journal", b"-shm", b".lock")


def shown(path: bytes) -> str:
    """A path as people may see it: CPR-like digits masked, nothing in it that a terminal obeys."""
    return _core.masked(printable(path.decode("utf-8", "replace")))


def named(path: bytes) -> str:
    """The same in a sentence."""
    return f"'{shown(path)}'"


def write(path: bytes, content: bytes) -> None:
    """Put a whole file in the place of what has the name, or leave that as it is. Who could read it, still can; a link stays
    one, and what it leads to is written. Raises KomhenError."""
    if not path or b"\0" in path:
        raise KomhenError("a file name is empty" if not path else f"the file {named(path)} has a NUL byte in its name")
    place = os.path.realpath(path)
    beside = None
    try:
        try:
            there: os.stat_result | None = os.stat(place)
        except FileNotFoundError:
            there = None
        if there is not None and not stat.S_ISREG(there.st_mode):
            _refuse(path, "is a directory" if stat.S_ISDIR(there.st_mode) else "is not a regular file")
        if _belongs_to_journal(place):
            _refuse(path, "is a journal or a part of one, and no other file takes its place")
        descriptor, beside = _beside(place)
        with open(descriptor, "wb") as file:
            if there is not None:
                with contextlib.suppress(OSError):  # a file system without modes
                    os.fchmod(descriptor, stat.S_IMODE(there.st_mode))
            file.write(content)
            file.flush()
            _sync(descriptor)
        os.replace(beside, place)
        beside = None
    except OSError as error:
        _refuse(path, why(error))
    finally:
        if beside is not None:  # also after Ctrl-C
            with contextlib.suppress(OSError):
                os.unlink(beside)


def make_folder(path: bytes) -> None:
    """A folder, with those that it lies in. Raises KomhenError."""
    if not path:
        raise KomhenError("a folder's name is empty")
    try:
        os.makedirs(path, exist_ok=True)
    except (OSError, ValueError) as error:
        said = why(error) if isinstance(error, OSError) else "has a NUL byte in its name"
        raise KomhenError(f"the folder {named(path)} {said}") from None


def why(error: OSError) -> str:
    """What is wrong with a file, as the end of a sentence that names it."""
    number = error.errno or 0
    return _WHY.get(number) or f"could not be written: {os.strerror(number)}"


def _refuse(path: bytes, what: str) -> NoReturn:
    raise KomhenError(f"the file {named(path)} {what}") from None


def _beside(place: bytes) -> tuple[int, bytes]:
    """A new file of a name that nobody has: two that write the same file each write beside it."""
    for attempt in itertools.count():
        name = place + f".part{os.getpid()}-{attempt}".encode()
        with contextlib.suppress(FileExistsError):
            return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666), name
    raise AssertionError


def _sync(descriptor: int) -> None:
    """So that the new name never leads to bytes that power loss took."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # what has nothing to sync
            raise


def _belongs_to_journal(place: bytes) -> bool:
    stems = [place[: -len(end)] for end in _BESIDE_JOURNAL if place.endswith(end)]
    return any(_is_journal(stem) for stem in (place, *stems))


def _is_journal(path: bytes) -> bool:
    # A lock lies beside each. No other file is opened: closing what SQLite has open in this process would free its hold.
    if not os.path.isfile(path + b".lock") or not os.path.isfile(path):
        return False
    with open(path, "rb") as file:
        return file.read(len(_JOURNAL)) == _JOURNAL
