"""An output folder that appears whole or not at all."""

from __future__ import annotations

import ctypes
import errno
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from pathlib import Path

from kg.errors import KgError, Place

FILES = (
    "graph.ttl",
    "provenance.ttl",
    "graph.trig",
    "links.ttl",
    "void.ttl",
    "graph.html",
    "graph.graphml",
    "build.json",
)
"""What a build writes."""

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


def check_target(target: Path) -> None:
    """Refuse, before any work, a target that cannot become a build."""
    place = Place(str(target))
    if target.exists() and not target.is_dir():
        raise KgError("the output is a file", mend="name a folder with -o", code="KG403", place=place)
    if target.is_dir() and any(target.iterdir()) and not (target / "build.json").is_file():
        raise KgError(
            "the output folder holds something that is no build",
            mend="name a new or empty folder with -o",
            code="KG404",
            place=place,
        )
    parent = target.absolute().parent
    while not parent.exists():
        parent = parent.parent
    if not _takes_files(parent) or (target.is_dir() and not os.access(target, os.W_OK)):
        raise KgError(
            "the output folder cannot be written",
            mend="choose a folder that you may write to, or change its permissions",
            code="KG405",
            place=place,
        )


def _takes_files(folder: Path) -> bool:
    """Tell by trying, since rights alone do not tell it (/proc)."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError as error:
        return error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)  # that may change while a build runs


class Replacement:
    """A new folder beside `target` that takes its place when the block ends without an error.

    What builds of `target` left that were killed is swept first. No other build of it may run: the caller holds
    the lock of its readings (see `kg.readings.Readings`).
    """

    def __init__(self, target: Path) -> None:
        self.target = target.absolute()

    def __enter__(self) -> Path:
        try:
            self._sweep()
            self.new = Path(tempfile.mkdtemp(prefix=f".{self.target.name}.{os.getpid()}-", dir=self.target.parent))
            self.new.chmod(0o755)
        except OSError as error:
            raise self._refusal(error) from error
        return self.new

    def _sweep(self) -> None:
        """Remove the folders of killed builds; the last build comes back, should one of them have set it aside."""
        stray = re.compile(rf"\.{re.escape(self.target.name)}\.\d+-\w+(\.old)?")
        for entry in sorted(self.target.parent.iterdir()):
            if (found := stray.fullmatch(entry.name)) and entry.is_dir() and not entry.is_symlink():
                if found[1] and not self.target.exists():
                    os.rename(entry, self.target)
                else:
                    shutil.rmtree(entry, ignore_errors=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                self._replace()
            elif isinstance(error, OSError | sqlite3.Error):
                raise self._refusal(error) from error
        finally:
            shutil.rmtree(self.new, ignore_errors=True)

    def _replace(self) -> None:
        try:
            for file in self.new.iterdir():
                _flush(file)
            if not self.target.exists() or not any(self.target.iterdir()):
                os.rename(self.new, self.target)
                return
            for entry in self.target.iterdir():
                if entry.name not in FILES:  # what a user put beside our files stands in both until one is gone
                    _link(entry, self.new / entry.name)
            if not _exchange(self.new, self.target):
                aside = self.new.with_name(self.new.name + ".old")
                os.rename(self.target, aside)
                os.rename(self.new, self.target)
                os.rename(aside, self.new)
        except OSError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: OSError | sqlite3.Error) -> KgError:
        return KgError(
            f"the output folder cannot be written: {getattr(error, 'strerror', None) or error}",
            mend="free space, or choose another folder with -o",
            code="KG405",
            place=Place(str(self.target)),
        )


def _link(entry: Path, copy: Path) -> None:
    """Let `copy` be the same file, link or folder of files; a copy where the file system has no hard links."""
    if entry.is_dir() and not entry.is_symlink():
        shutil.copytree(entry, copy, symlinks=True, copy_function=_link_file)
    else:
        _link_file(str(entry), str(copy))


def _link_file(file: str, copy: str) -> None:
    try:
        os.link(file, copy, follow_symlinks=False)
    except OSError:
        shutil.copy2(file, copy, follow_symlinks=False)


def _flush(file: Path) -> None:
    """Make sure that a file is on the disk before its folder takes the place of the last build."""
    with open(file, "rb") as stream:
        os.fsync(stream.fileno())


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step, so that there is never none; False where the system cannot (not Linux)."""
    if not sys.platform.startswith("linux"):
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return (
        rename is not None and rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0
    )
