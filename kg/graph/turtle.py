"""Sorted, prefixed Turtle, TriG and N-Quads without blank nodes, as fast as the machine sorts.

The files differ by line where the facts differ: one object a line, prefixes first, short
literals, a space before each full stop (interop traps: Virtuoso refuses ``1.``, QLever's
parallel parser splits long literals).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg.errors import KgError
from kg.graph.terms import PREFIXES

Description = tuple[str, Mapping[str, Iterable[str]]]
"""A subject with its objects by predicate; all are terms (see `kg.graph.terms`)."""

RDF_TYPE = f"<{PREFIXES['rdf']}type>"
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
INTEGER = re.compile(r'"(-?(?:0|[1-9][0-9]*))"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>')


class Triples:
    """A set of triples, held by subject and predicate; grows in any order, is read sorted."""

    def __init__(self, triples: Iterable[tuple[str, str, str]] = ()) -> None:
        self._subjects: dict[str, dict[str, set[str]]] = {}
        add = self.add
        for subject, predicate, obj in triples:
            add(subject, predicate, obj)

    def add(self, subject: str, predicate: str, obj: str) -> None:
        """Add one triple; again is no change."""
        predicates = self._subjects.get(subject)
        if predicates is None:
            predicates = self._subjects[subject] = {}
        objects = predicates.get(predicate)
        if objects is None:
            predicates[predicate] = {obj}
        else:
            objects.add(obj)

    def update(self, other: Triples) -> None:
        """Add all triples of another set."""
        for subject, predicate, obj in other:
            self.add(subject, predicate, obj)

    def descriptions(self) -> Iterator[Description]:
        """Give each subject, in order of IRI, with its predicates."""
        for subject in sorted(self._subjects):
            yield subject, self._subjects[subject]

    def objects(self, subject: str, predicate: str) -> list[str]:
        """Give the objects of a subject and predicate, sorted."""
        return sorted(self._subjects.get(subject, {}).get(predicate, ()))

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        for subject, predicates in self.descriptions():
            for predicate in sorted(predicates, key=type_first):
                for obj in sorted(predicates[predicate]):
                    yield subject, predicate, obj

    def __contains__(self, triple: tuple[str, str, str]) -> bool:
        subject, predicate, obj = triple
        return obj in self._subjects.get(subject, {}).get(predicate, ())

    def __len__(self) -> int:
        return sum(len(objects) for predicates in self._subjects.values() for objects in predicates.values())


def turtle(descriptions: Iterable[Description], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Give Turtle in pieces, a subject a piece; the descriptions must come sorted by subject.

    >>> triples = Triples([("<https://x.kr/a>", RDF_TYPE, "<https://x.kr/B>")])
    >>> print("".join(turtle(triples.descriptions(), {"x": "https://x.kr/"})))
    @prefix x: <https://x.kr/> .
    <BLANKLINE>
    x:a a x:B .
    <BLANKLINE>
    """
    yield head(prefixes)
    short = Short(prefixes)
    for subject, predicates in descriptions:
        yield f"\n{short[subject]} {_predicates(predicates, short, '    ')} .\n"


class Bodies:
    """Writes the predicates and objects of subjects as Turtle, to be kept until all subjects can be sorted."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes, self._short = prefixes, Short(prefixes)

    def of(self, predicates: Mapping[str, Iterable[str]]) -> str:
        """Give the body of one subject."""
        return _predicates(predicates, self._short, "    ")

    def turtle(self, described: Iterable[tuple[str, str]]) -> Iterator[str]:
        """Give Turtle in pieces from subjects with the body of each; they must come sorted by subject."""
        yield head(self._prefixes)
        for subject, body in described:
            yield f"\n{self._short[subject]} {body} .\n"


def trig(graphs: Iterable[tuple[str, Iterable[Description]]], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Give TriG in pieces; `graphs` are (name, descriptions) in the order to be written."""
    yield head(prefixes)
    short = Short(prefixes)
    for name, descriptions in graphs:
        yield f"\n{short[name]} {{\n"
        for subject, predicates in descriptions:
            yield f"    {short[subject]} {_predicates(predicates, short, '        ')} .\n"
        yield "}\n"


def nquads(descriptions: Iterable[Description], graph: str = "") -> Iterator[str]:
    """Give N-Quads in pieces (N-Triples if no graph is named)."""
    end = f" {graph} .\n" if graph else " .\n"
    for subject, predicates in descriptions:
        yield "".join(
            f"{subject} {predicate} {obj}{end}"
            for predicate in sorted(predicates, key=type_first)
            for obj in sorted(predicates[predicate])
        )


def write_pieces(path: Path, pieces: Iterable[str]) -> None:
    """Write text as UTF-8 without BOM, with ``\\n`` line ends, a piece at a time."""
    try:
        with path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as stream:
            stream.writelines(pieces)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: Path, error: Exception) -> KgError:
    """Give the error to raise for a file or folder that cannot be written."""
    reason = getattr(error, "strerror", None) or str(error)
    return KgError(f"{path} cannot be written: {reason}", code="KG625", mend="choose a folder that you may write to")


_REMEMBERED = 50_000  # terms whose short form is kept, so that memory does not grow with the graph


class Short(dict[str, str]):
    """Terms that end in an angle bracket (IRIs, typed literals) as Turtle writes them; the others stay as they are."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self._prefix = {namespace: prefix for prefix, namespace in sorted(prefixes.items(), reverse=True)}
        self._verbs: dict[tuple[str, ...], list[tuple[str, str]]] = {}

    def __missing__(self, term: str) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        self[term] = short = self._literal(term) if term[0] == '"' else self.iri(term[1:-1]) if term[0] == "<" else term
        return short

    def iri(self, iri: str) -> str:
        """Give an IRI, prefixed where the local name needs no escape."""
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix = self._prefix.get(iri[:cut])
        return f"{prefix}:{iri[cut:]}" if prefix is not None and _LOCAL.fullmatch(iri, cut) else f"<{iri}>"

    def _literal(self, term: str) -> str:
        if whole := INTEGER.fullmatch(term):
            return whole[1]
        text, _, datatype = term.rpartition("^^")
        return f"{text}^^{self[datatype]}"

    def verbs(self, predicates: Iterable[str]) -> list[tuple[str, str]]:
        """Give predicates in the order to be written, each with how: most subjects have the same as another."""
        shape = tuple(predicates)
        found = self._verbs.get(shape)
        if found is None:
            if len(self._verbs) >= _REMEMBERED:
                self._verbs.clear()
            ordered = sorted(shape, key=type_first)
            found = self._verbs[shape] = [(p, "a" if p == RDF_TYPE else self[p]) for p in ordered]
        return found


def _predicates(predicates: Mapping[str, Iterable[str]], short: Short, indent: str) -> str:
    lines = []
    for predicate, verb in short.verbs(predicates):
        objects = predicates[predicate]
        if len(objects) == 1:  # type: ignore[arg-type]
            for obj in objects:
                lines.append(f"{verb} {short[obj] if obj[-1] == '>' else obj}")
        else:
            found = [short[obj] if obj[-1] == ">" else obj for obj in sorted(objects)]
            lines.append(f"{verb} " + f" ,\n{indent}    ".join(found))
    return f" ;\n{indent}".join(lines)


def type_first(predicate: str) -> str:
    """Give what predicates are sorted by."""
    return "" if predicate == RDF_TYPE else predicate


def head(prefixes: Mapping[str, str]) -> str:
    """Give the lines that declare the prefixes."""
    return "".join(f"@prefix {prefix}: <{prefixes[prefix]}> .\n" for prefix in sorted(prefixes))
