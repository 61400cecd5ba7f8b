"""Where ontology, lexicon, rules, grammar and corpus are: ``kg.toml``, or the shipped pack."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from kg.errors import KgError, Place, source_line

FILE = "kg.toml"
BASE = "https://w3id.org/newskg/id/"
_FOLDERS = ("ontology", "lexicon", "rules", "grammar", "authority", "corpus")
_KEYS = ("base", "extends", *_FOLDERS)


def shipped() -> Path:
    """Give the folder that holds the shipped ``ontology/`` and ``data/``.

    In an installed wheel that is ``kg/_pack``, in a checkout the repository.
    """
    package = Path(__file__).parent
    return pack if (pack := package / "_pack").is_dir() else package.parent


@dataclass(frozen=True, slots=True)
class Project:
    """A project's folders, those of the pack that it extends first.

    `root` is the folder of its ``kg.toml``; `base` begins the IRIs of its data.
    """

    root: Path
    base: str = BASE
    ontology: tuple[Path, ...] = ()
    lexicon: tuple[Path, ...] = ()
    rules: tuple[Path, ...] = ()
    grammar: tuple[Path, ...] = ()
    authority: tuple[Path, ...] = ()
    corpus: tuple[Path, ...] = ()

    @classmethod
    def find(cls, path: Path | str | None = None) -> Project:
        """Give the project of `path` (default: the working folder).

        `path` may be a ``kg.toml`` or a folder; the nearest ``kg.toml`` upward counts, and
        where there is none, the shipped pack is the project.

        Raises:
            KgError: no such file or folder (KG301), no TOML (KG302), an unknown key (KG303),
                a value of the wrong kind (KG304), a folder that is missing or outside (KG305).
        """
        start = Path.cwd() if path is None else Path(path)
        if not start.exists():
            raise KgError(
                "no such file or folder", mend="name a kg.toml or a folder", code="KG301", place=Place(str(path))
            )
        if start.is_file():
            return cls._read(start)
        start = start.resolve()
        for folder in (start, *start.parents):
            if (folder / FILE).is_file():
                return cls._read(folder / FILE)
        return cls.shipped()

    @classmethod
    def shipped(cls) -> Project:
        """Give the project that travels with the package."""
        return cls._read(shipped() / FILE)

    @classmethod
    def _read(cls, file: Path) -> Project:
        root = file.parent.resolve()
        _check_inside(file, root)
        settings = _toml(file)
        for key in settings:
            if key not in _KEYS:
                near = get_close_matches(key, _KEYS, 1)
                mend = f"did you mean {near[0]}?" if near else "use one of " + ", ".join(_KEYS)
                raise _fault(file, key, f"unknown key: {key}", mend, "KG303")
        own = {name: _folders(file, root, name, settings.get(name, [])) for name in _FOLDERS}
        extends = settings.get("extends")
        if extends not in (None, "shipped"):
            raise _fault(
                file, "extends", f"cannot extend {extends!r}", 'write extends = "shipped" or leave it out', "KG304"
            )
        base = settings.get("base", BASE)
        if not (isinstance(base, str) and re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+[/#]", base)):
            raise _fault(
                file, "base", f"no base for IRIs: {base!r}", "write an http(s) IRI that ends in / or #", "KG304"
            )
        if extends and root != shipped().resolve():
            pack = cls.shipped()
            for name in ("ontology", "lexicon", "rules", "grammar"):
                own[name] = (*getattr(pack, name), *own[name])
        return cls(root, base, **own)


def create(folder: Path) -> tuple[Path, ...]:
    """Start a project in a new or empty folder and give the files written.

    It extends the shipped pack and has a rule, two lexicon entries and a text of its own.

    Raises:
        KgError: the folder holds something (KG306) or cannot be written (KG307).
    """
    template = shipped() / "data" / "start"
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise KgError("this is not an empty folder", mend="name a new one", code="KG306", place=Place(str(folder)))
        made = []
        for file in sorted(path for path in template.rglob("*") if path.is_file()):
            target = folder / file.relative_to(template)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
            made.append(target)
    except OSError as error:
        raise KgError(
            f"the folder cannot be written: {error.strerror}",
            mend="choose another",
            code="KG307",
            place=Place(str(folder)),
        ) from None
    return tuple(made)


def _toml(file: Path) -> dict[str, Any]:
    place = Place(str(file))
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise KgError(f"cannot be read: {error.strerror}", mend="check the file", code="KG301", place=place) from None
    except UnicodeDecodeError:
        raise KgError("this is not UTF-8", mend="save the file as UTF-8", code="KG302", place=place) from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"at line (\d+), column (\d+)", str(error))
        lines = text.split("\n")
        line, column = (int(where[1]), int(where[2])) if where else (len(lines), len(lines[-1]) + 1)
        what = re.sub(r" \(at .*\)$", "", str(error))
        raise KgError(
            f"not TOML: {what}",
            mend="see https://toml.io",
            code="KG302",
            place=Place(str(file), line, column),
            source=source_line(file, line),
        ) from None


def _folders(file: Path, root: Path, name: str, value: object) -> tuple[Path, ...]:
    """Give the folders that a key names, each inside the project and there."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(item, str) for item in names):
        raise _fault(file, name, f"{name} is no folder", f'write {name} = "folder" or {name} = ["one", "two"]', "KG304")
    folders = []
    for item in names:
        folder = (root / item).resolve()
        if not folder.is_relative_to(root):
            raise _fault(file, name, f"{item} is outside the project", "move it below the folder of kg.toml", "KG305")
        if not folder.is_dir():
            raise _fault(file, name, f"no such folder: {item}", "make it, or mend the name", "KG305")
        for base, inner, files in os.walk(folder):
            for entry in (*inner, *files):
                _check_inside(Path(base, entry), root)
        folders.append(folder)
    return tuple(folders)


def _check_inside(file: Path, root: Path) -> None:
    """Refuse a link that leads out of the project, and what is no file, such as a pipe, which would never end."""
    kind = file.lstat().st_mode
    if stat.S_ISLNK(kind):
        target = file.resolve()
        if not target.is_relative_to(root):
            raise KgError(
                "a link that leads out of the project", mend="copy the file", code="KG305", place=Place(str(file))
            )
        kind = target.stat().st_mode if target.exists() else stat.S_IFREG
    if not stat.S_ISDIR(kind) and not stat.S_ISREG(kind):
        raise KgError("this is neither a file nor a folder", mend="take it away", code="KG305", place=Place(str(file)))


def _fault(file: Path, key: str, what: str, mend: str, code: str) -> KgError:
    """Give an error at the line of a key, which `tomllib` does not tell."""
    pattern = re.compile(rf"""^[ \t]*(?:\[+[ \t]*)?["']?({re.escape(key)})["']?[ \t]*(?:[=.\]]|$)""", re.MULTILINE)
    text = file.read_text(encoding="utf-8-sig")
    match = pattern.search(text)
    if match is None:
        return KgError(what, mend=mend, code=code, place=Place(str(file)))
    line = text.count("\n", 0, match.start(1)) + 1
    column = match.start(1) - (text.rfind("\n", 0, match.start(1)) + 1) + 1
    return KgError(what, mend=mend, code=code, place=Place(str(file), line, column), source=source_line(file, line))
