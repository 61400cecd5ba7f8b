"""Read curated YAML strictly: every value keeps its line and column, and nothing is ignored.

Curators write lexicon, rules and word lists by hand, so that a misspelt key must be an
error that names its place, never a key that quietly does nothing.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from kg.errors import KgError, Place, source_line
from kg.project import shipped

SHIPPED = "shipped/"
"""How the names of files of the shipped pack begin where a project extends it."""
_MAX_BYTES = 20_000_000
_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Item:
    """A YAML value and where it stands: a string, a list of items, or a mapping of items."""

    value: str | tuple[Item, ...] | Mapping[str, Item]
    place: Place
    keys: Mapping[str, Place]
    path: Path

    def error(self, what: str, mend: str, code: str, *, at: Place | None = None) -> KgError:
        """Make the error that points at this value (or at `at`)."""
        place = at or self.place
        return KgError(what, mend=mend, code=code, place=place, source=source_line(self.path, place.line))

    def text(self) -> str:
        """Give a string value; KgError KG003 if it is not one or is empty."""
        if isinstance(self.value, str) and self.value.strip():
            return self.value
        raise self.error("a piece of text is wanted here", "write a word or a quoted sentence", "KG003")

    def items(self, like: str = "[one, two] or one item a line after a dash") -> tuple[Item, ...]:
        """Give a list's items; a single value counts as a list of one. `like` shows what is wanted."""
        if isinstance(self.value, tuple):
            return self.value
        if isinstance(self.value, str):
            return (self,)
        raise self.error("a list is wanted here", f"write {like}", "KG003")

    def texts(self) -> tuple[str, ...]:
        """Give a list of strings; a single string counts as a list of one."""
        return tuple(item.text() for item in self.items())

    def mapping(
        self, known: Collection[str] | None = None, required: Collection[str] = (), like: str = "key: value"
    ) -> Mapping[str, Item]:
        """Give a mapping; KG001 for a key outside `known`, KG002 for a missing one. `like` shows what is wanted."""
        if not isinstance(self.value, Mapping):
            raise self.error("keys with values are wanted here", f"write {like}", "KG003")
        if known is not None:
            for key, place in self.keys.items():
                if key not in known:
                    near = difflib.get_close_matches(key, sorted(known), 1)
                    hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(sorted(known))}"
                    raise self.error(f"unknown key: {key}", hint, "KG001", at=place)
        for key in required:
            if key not in self.value:
                raise self.error(f"no {key} given", f"add {key}: …", "KG002")
        return self.value


def load(path: Path, name: str | None = None) -> Item | None:
    """Read a YAML file into items; None if it is empty. `name` is how messages call the file.

    KgError KG004 for what is no YAML, uses anchors or tags, or is not UTF-8; KG005 for a key
    given twice.
    """
    shown = name or path.name
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise KgError(
                f"{shown} is larger than {_MAX_BYTES} bytes", mend="split it", code="KG004", place=Place(shown)
            )
        text = path.read_text(encoding="utf-8-sig")
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as error:
        raise KgError(
            f"cannot read: {error.strerror}",
            mend="check the path and its permissions",
            code="KG004",
            place=Place(shown),
        ) from error
    except UnicodeDecodeError as error:
        raise KgError("not UTF-8", mend="save the file as UTF-8", code="KG004", place=Place(shown)) from error
    except yaml.MarkedYAMLError as error:
        open_quote = "quoted scalar" in (error.context or "") and "end of" in (error.problem or "")
        mark = (open_quote and error.context_mark) or error.problem_mark or error.context_mark
        place = Place(shown, mark.line + 1, mark.column + 1) if mark else Place(shown)
        what = "the quotation mark here is never closed" if open_quote else error.problem or error.context
        raise KgError(
            f"not valid YAML: {what}",
            mend="check indentation (spaces, no tabs) and quotes; "
            'a text with ": " or a leading quote mark needs quotes',
            code="KG004",
            place=place,
            source=source_line(path, place.line),
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise KgError(
            "not valid YAML", mend="check for control characters and deep nesting", code="KG004", place=Place(shown)
        ) from error
    return None if node is None else _item(node, path, shown, 0, set())


def _item(node: yaml.Node, path: Path, shown: str, depth: int, seen: set[int]) -> Item:
    place = Place(shown, node.start_mark.line + 1, node.start_mark.column + 1)

    def refuse(what: str, mend: str, code: str, at: Place = place) -> KgError:
        return KgError(what, mend=mend, code=code, place=at, source=source_line(path, at.line))

    if depth > _MAX_DEPTH or id(node) in seen:  # an alias is the same node again: a few could stand for billions
        raise refuse("nested too deeply, or an alias of a list or mapping", "write it out, without & and *", "KG004")
    if isinstance(node, yaml.ScalarNode):
        return Item(node.value, place, {}, path)
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return Item(tuple(_item(n, path, shown, depth + 1, seen) for n in node.value), place, {}, path)
    assert isinstance(node, yaml.MappingNode)
    values: dict[str, Item] = {}
    keys: dict[str, Place] = {}
    for key, value in node.value:
        at = Place(shown, key.start_mark.line + 1, key.start_mark.column + 1)
        if not isinstance(key, yaml.ScalarNode):
            raise refuse("a key must be a word", "write key: value", "KG003", at)
        if key.value in values:
            raise refuse(f"{key.value} is given twice", "keep one of them", "KG005", at)
        values[key.value] = _item(value, path, shown, depth + 1, seen)
        keys[key.value] = at
    return Item(values, place, keys, path)


def files(folders: Collection[Path], suffix: str = ".yaml") -> Iterator[tuple[Path, str]]:
    """Give each curated file below the folders, sorted, with the name that messages use.

    Beside folders of a project that extends the shipped pack, those of the pack are called ``shipped/…``.
    """
    pack = shipped().resolve() / "data"
    of_pack = {folder: folder.resolve().is_relative_to(pack) for folder in folders}
    for folder in folders:
        name = f"{SHIPPED}{folder.name}" if of_pack[folder] and not all(of_pack.values()) else folder.name
        for path in sorted(folder.rglob(f"*{suffix}")):
            yield path, f"{name}/{path.relative_to(folder).as_posix()}"
