"""SHACL: what a graph's shapes find in it.

The engine is `shacl` (P. Winstanley's SHACL_Engine, in Rust), ten times as fast as pySHACL, which serves where
there is no wheel of the other; both give the same findings. Shapes are checked before they are used, against
the W3C's own shapes for shapes, since an engine may pass over what it does not understand.
"""

from __future__ import annotations

import importlib.util
import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import KgError, Place
from kg.graph.terms import string

_SH = "http://www.w3.org/ns/shacl#"
_LANGUAGES = ("en", "", "ko")


@dataclass(frozen=True, slots=True, order=True)
class Violation:
    """A result of validation; `node`, `path`, `value` and `shape` are terms as N-Triples write them, or empty."""

    node: str
    path: str
    value: str
    component: str
    shape: str
    severity: str


Engine = Callable[[str, str], "list[Violation]"]
"""Takes data and shapes in Turtle, gives results; ValueError for shapes that it cannot use."""


def violations(data: Iterable[Path], shapes: Path, engine: Engine | None = None) -> list[Violation]:
    """Give what shapes find in files of Turtle taken together, sorted.

    Raises `KgError` KG655 if the shapes are not sound SHACL.
    """
    wanted = shapes.read_text(encoding="utf-8")
    try:
        unsound = next(iter(_by_available(wanted, _shapes_of_shapes())), None)
        if unsound is None:
            text = "\n".join(file.read_text(encoding="utf-8") for file in data)
            return sorted(set((engine or _by_available)(text, wanted)))
        reason = f"{_short(unsound.node)}: {_short(unsound.path) or 'it'} is not as SHACL has it ({unsound.component})"
    except ValueError as error:
        reason = " ".join(str(error).split())
    raise KgError(
        f"the shapes cannot be used: {reason}", code="KG655", mend="mend the shapes", place=Place(str(shapes))
    )


def messages(shapes: Path) -> dict[str, str]:
    """Give the message of each shape in a file, in English if it has one."""
    from kg.graph.reading import parse

    found: dict[str, tuple[int, str]] = {}
    for quad in parse(shapes):
        if quad.predicate.value == f"{_SH}message":
            said: Any = quad.object
            rank = _LANGUAGES.index(said.language or "") if (said.language or "") in _LANGUAGES else len(_LANGUAGES)
            found[str(quad.subject)] = min(found.get(str(quad.subject), (rank, said.value)), (rank, said.value))
    return {shape: text for shape, (_, text) in found.items()}


def by_shacl(data: str, shapes: str) -> list[Violation]:
    """Validate with `shacl`."""
    import shacl

    report = shacl.Shapes.from_turtle(shapes).validate_turtle(data)
    return [
        Violation(r.focus_node, r.path or "", r.value or "", r.component, r.source_shape or "", r.severity)
        for r in report.results
    ]


def by_pyshacl(data: str, shapes: str) -> list[Violation]:
    """Validate with pySHACL."""
    import pyshacl
    import rdflib

    sh = rdflib.Namespace(_SH)
    graph, wanted = rdflib.Graph(), rdflib.Graph().parse(data=shapes)
    normalise, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    logging.getLogger("pyshacl-validate").disabled = True  # it prints what is raised, too
    try:
        graph.parse(data=data)
        _, report, _ = pyshacl.validate(graph, shacl_graph=wanted, inference="none")
    except RuntimeError as error:  # of which all errors of pySHACL are; the first line says what
        raise ValueError(str(error).partition("\n")[0]) from error
    finally:
        rdflib.NORMALIZE_LITERALS = normalise
    if not isinstance(report, rdflib.Graph):
        raise ValueError(str(report).partition("\n")[0])

    def said(result: Any, predicate: Any) -> str:
        term = report.value(result, predicate)
        if not isinstance(term, rdflib.Literal):
            return "" if term is None else str(term.n3())
        typed = f"^^<{term.datatype}>" if term.datatype else ""
        return string(str(term), term.language) + typed

    return [
        Violation(
            said(result, sh.focusNode),
            said(result, sh.resultPath),
            said(result, sh.value),
            _short(said(result, sh.sourceConstraintComponent)),
            said(result, sh.sourceShape),
            _short(said(result, sh.resultSeverity)),
        )
        for result in report.subjects(rdflib.RDF.type, sh.ValidationResult)
    ]


def _by_available(data: str, shapes: str) -> list[Violation]:
    return (by_shacl if importlib.util.find_spec("shacl") else by_pyshacl)(data, shapes)


def _shapes_of_shapes() -> str:
    """Give SHACL-SHACL (Shapes Constraint Language, appendix C), which pySHACL carries."""
    found = importlib.util.find_spec("pyshacl")
    assert found is not None and found.origin is not None
    return (Path(found.origin).parent / "assets" / "shacl-shacl.ttl").read_text(encoding="utf-8")


def _short(term: str) -> str:
    return re.split("[#/]", term.strip("<>"))[-1]
