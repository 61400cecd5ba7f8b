"""An output folder that appears whole or not at all."""

from __future__ import annotations

import ctypes
import os
import shutil
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
    if not parent.is_dir() or not os.access(parent, os.W_OK) or (target.is_dir() and not os.access(target, os.W_OK)):
        raise KgError(
            "the output folder cannot be written",
            mend="choose a folder that you may write to, or change its permissions",
            code="KG405",
            place=place,
        )


class Replacement:
    """A new folder beside `target` that takes its place when the block ends without an error."""

    def __init__(self, target: Path) -> None:
        self.target = target.absolute()

    def __enter__(self) -> Path:
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            self._sweep()
            prefix = f".{self.target.name}.{os.getpid()}-"
            self.new = Path(tempfile.mkdtemp(prefix=prefix, dir=self.target.parent))
            self.new.chmod(0o755)
        except OSError as error:
            raise self._refusal(error) from error
        return self.new

    def _sweep(self) -> None:
        """Remove what builds of this folder left that were killed: their process is no more."""
        for stray in self.target.parent.glob(f".{self.target.name}.*-*"):
            process = stray.name.removeprefix(f".{self.target.name}.").partition("-")[0]
            if process.isdigit() and stray.is_dir() and not _alive(int(process)):
                shutil.rmtree(stray, ignore_errors=True)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if kind is None:
                for file in self.new.iterdir():
                    _flush(file)
                self._swap()
            elif isinstance(error, OSError):
                raise self._refusal(error) from error
        finally:
            shutil.rmtree(self.new, ignore_errors=True)

    def _swap(self) -> None:
        try:
            if not self.target.exists():
                os.rename(self.new, self.target)
            elif not any(self.target.iterdir()):
                os.rename(self.new, self.target)
            elif not _exchange(self.new, self.target):
                aside = self.new.with_name(self.new.name + ".old")
                os.rename(self.target, aside)
                os.rename(self.new, self.target)
                os.rename(aside, self.new)
        except OSError as error:
            raise self._refusal(error) from error
        if self.new.exists():  # it now holds the last build: keep what a user put beside our files
            for entry in self.new.iterdir():
                if entry.name not in FILES and not (self.target / entry.name).exists():
                    os.rename(entry, self.target / entry.name)

    def _refusal(self, error: OSError) -> KgError:
        return KgError(
            f"the output folder cannot be written: {error.strerror or error}",
            mend="free space, or choose another folder with -o",
            code="KG405",
            place=Place(str(self.target)),
        )


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there, and another user's
        return True
    return True


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
