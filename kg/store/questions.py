"""Named questions: the ``*.rq`` files of an ontology, with titles in two languages and parameters.

The head of a file says what it asks, and a ``VALUES`` line gives each parameter's default, so
that the file is also a whole query for any other SPARQL processor::

    # title (ko): 한 개체의 모든 이름
    # title (en): All names of one thing
    # params: name
    #   name: 알고 있는 이름 하나 · any name of it
    SELECT ?form WHERE { VALUES ?name { "칭다오" } … }
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from kg.errors import KgError, Place

_TITLE = re.compile(r"^# title \((ko|en)\): *(\S.*)$", re.MULTILINE)
_PARAMETERS = re.compile(r"^# params: *(.+)$", re.MULTILINE)
_ABOUT = r"^# +%s: *(\S.*)$"
_DEFAULT = r"""VALUES\s+[?$]%s\s*\{\s*(?:"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')\s*\}"""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question may be asked of: a name, what it means in Korean and English, and its default."""

    name: str
    korean: str
    english: str
    default: str

    def checked(self, value: str) -> str:
        """Give a value back, or `KgError` (KG646) if the default is a day and the value is none."""
        if _DAY.fullmatch(self.default):
            try:
                date.fromisoformat(value if _DAY.fullmatch(value) else "")
            except ValueError:
                raise KgError(
                    f"{self.name} is no day: {value!r}", code="KG646", mend=f"write it as {self.default}"
                ) from None
        return value


@dataclass(frozen=True, slots=True)
class Question:
    """A named question: `sparql` with the titles and parameters of its head."""

    name: str
    file: Path
    korean: str
    english: str
    parameters: tuple[Parameter, ...]
    sparql: str

    @classmethod
    def read(cls, file: Path) -> Question:
        """Read a query file; what the head does not tell is empty, or the name of the file.

        Raises `KgError`: KG411 if it cannot be read, KG647 if a parameter of the head has no default.
        """
        text = _text(file)
        titles: dict[str, str] = dict(_TITLE.findall(text))
        asked = _PARAMETERS.search(text)
        names = [name for name in re.findall(r"\w+", asked[1]) if name != "none"] if asked else []
        english = titles.get("en", titles.get("ko", file.stem))
        parameters = tuple(_parameter(name, text, file) for name in names)
        return cls(file.stem, file, titles.get("ko", english), english, parameters, text)

    def values(self, given: Mapping[str, str]) -> dict[str, str]:
        """Give the values to put into the query: those given, checked; `KgError` (KG644) if there is no such one."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                raise KgError(
                    f"the query has no parameter {name}",
                    code="KG644",
                    mend=f"it has {', '.join(known)}" if known else "it has none",
                    place=Place(str(self.file)),
                )
        return {name: known[name].checked(value) for name, value in given.items()}

    def as_dict(self) -> dict[str, object]:
        """Give name, titles and parameters as JSON can hold them."""
        return {
            "name": self.name,
            "ko": self.korean,
            "en": self.english,
            "parameters": [
                {"name": p.name, "ko": p.korean, "en": p.english, "default": p.default} for p in self.parameters
            ],
        }


def questions(folders: Iterable[Path]) -> dict[str, Question]:
    """Give the questions in ``queries/*.rq`` of ontology folders by name, sorted; a later folder's take precedence."""
    found: dict[str, Question] = {}
    for folder in folders:
        for file in sorted((folder / "queries").glob("*.rq")):
            question = Question.read(file)
            found[question.name] = question
    return dict(sorted(found.items()))


def named(name: str, folders: Iterable[Path]) -> Question:
    """Give the question of a name; `KgError` (KG645) with the closest names if there is none."""
    known = questions(folders)
    if name in known:
        return known[name]
    near = get_close_matches(name, known, 3, 0.5) or [other for other in known if name in other][:3]
    mend = f"did you mean {' or '.join(near)}?" if near else "see kg query --list"
    raise KgError(f"no such question: {name}", code="KG645", mend=mend)


def _parameter(name: str, text: str, file: Path) -> Parameter:
    default = re.search(_DEFAULT % re.escape(name), text, re.IGNORECASE)
    if default is None:
        raise KgError(
            f"the parameter {name} has no default",
            code="KG647",
            mend=f'write VALUES ?{name} {{ "…" }} in the query',
            place=Place(str(file)),
        )
    about = re.search(_ABOUT % re.escape(name), text, re.MULTILINE)
    korean, _, english = about[1].partition(" · ") if about else (name, "", name)
    value = re.sub(r"\\(.)", r"\1", default[1] if default[1] is not None else default[2])
    return Parameter(name, korean.strip(), english.strip() or korean.strip(), value)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise KgError(
            f"cannot be read: {error.strerror}", mend="check the name", code="KG411", place=Place(str(file))
        ) from None
    except UnicodeDecodeError:
        raise KgError(
            "this is not UTF-8", mend="save the query as UTF-8", code="KG411", place=Place(str(file))
        ) from None
