"""SPARQL over a built graph, in memory, with no network.

Oxigraph answers; what is ours is the opening of a build, errors with line and column, and
results that can be put into a terminal, a spreadsheet or another program.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import Variable

from kg.errors import KgError, Place
from kg.graph.reading import broken, declared
from kg.graph.terms import PREFIXES
from kg.store.answers import Facts, Table, Term

Results = pyoxigraph.QuerySolutions | pyoxigraph.QueryTriples | pyoxigraph.QueryBoolean

BUILD_FILES = ("graph.ttl", "provenance.ttl", "links.ttl")
"""What of a build is loaded, the first of them in any case."""

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset("INSERT DELETE LOAD CLEAR CREATE DROP COPY MOVE ADD WITH".split())
_FIRST = re.compile(r"(?:\s|#[^\n]*\n|BASE\s*<[^>]*>|PREFIX\s[^:<]*:\s*<[^>]*>)*(\w+)", re.IGNORECASE)
"""What a query begins with, after its prologue."""
_ERROR_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_TOKEN = re.compile(
    r"""#[^\n]*|<[^<>"{}|^`\\\s]*>|\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}"""
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[?$]\w+|[\w.-]*:[\w.-]*|\w+|.""",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_PARAMETER = r"""VALUES\s+[?$]%s\s*\{(?:[^{}"'#]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')*\}"""


class Store:
    """A build, or any RDF file, ready to be asked."""

    def __init__(self, store: pyoxigraph.Store, prefixes: Mapping[str, str]) -> None:
        self._store, self._prefixes = store, prefixes

    @classmethod
    def open(cls, path: Path, *ontology: Path, into: Path | None = None) -> Store:
        """Load a build folder or one RDF file, and with it the Turtle of `ontology` folders or files.

        The store is in memory, or in the new folder `into`, from where `shared` opens it.
        Raises `KgError` (KG631, KG632, with line and column) if a file is missing or broken.
        """
        path = Path(path)
        files = [path]
        if path.is_dir():
            files = [path / name for name in BUILD_FILES if name == BUILD_FILES[0] or (path / name).exists()]
        store = pyoxigraph.Store(str(into)) if into else pyoxigraph.Store()
        for file in files:
            _load(store, file)
        opened = cls(store, {**PREFIXES, **declared(files[0])})
        opened.include(*ontology)
        if into:
            store.optimize()
        return opened

    def include(self, *ontology: Path) -> None:
        """Load the Turtle of folders or files beside what is there; raises as `open` does."""
        for place in ontology:
            for file in sorted(Path(place).glob("*.ttl")) if Path(place).is_dir() else [Path(place)]:
                _load(self._store, file)

    @classmethod
    def shared(cls, folder: Path, prefixes: Mapping[str, str]) -> Store:
        """Open what `open` loaded into a folder, to be read by any number of processes at once."""
        return cls(pyoxigraph.Store.read_only(str(folder)), prefixes)

    def __len__(self) -> int:
        return len(self._store)

    @property
    def prefixes(self) -> Mapping[str, str]:
        """Give the prefixes that a query may use without declaring them."""
        return self._prefixes

    def query(
        self, sparql: str, *, substitutions: Mapping[str, Term | str] | None = None, name: str = "query"
    ) -> Table | bool | Facts:
        """Answer a query: SELECT with a `Table`, ASK with a bool, CONSTRUCT and DESCRIBE with `Facts`.

        `substitutions` gives parameters (variables without ``?``) a value; a string is a plain literal. Where a
        line ``VALUES ?city { "칭다오" }`` gives a default, the value takes its place; any other variable
        must stand in the SELECT. Rows come in the query's order, or sorted if it asks for none. `name` is the file that
        an error names. Raises `KgError`: KG641 syntax, with line and column; KG642 for SERVICE, which
        would send the question over a network; KG643 if a query fails as it runs.
        """
        with self.results(sparql, substitutions=substitutions, name=name) as (result, ordered):
            return self._answer(result, ordered)

    @contextmanager
    def results(
        self,
        sparql: str,
        *,
        substitutions: Mapping[str, Term | str] | None = None,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
        name: str = "query",
    ) -> Iterator[tuple[Results, bool]]:
        """Give what Oxigraph finds, to be read once within the ``with``, and whether the query orders its rows.

        `default_graphs` and `named_graphs` are IRIs of graphs in the store, as in FROM and FROM NAMED, whose
        place they take; without either, all graphs are asked together. Otherwise as `query`.
        """
        sparql, values = _bound(sparql, substitutions or {}, name)
        ordered, chosen = _inspected(sparql, name)
        try:
            default, named = ([pyoxigraph.NamedNode(iri) for iri in iris] for iris in (default_graphs, named_graphs))
            dataset = bool(default or named)
            yield (
                self._store.query(
                    sparql,
                    prefixes=dict(self._prefixes),
                    use_default_graph_as_union=not (dataset or chosen),
                    default_graph=list(default) if dataset else None,
                    named_graphs=list(named) if dataset else None,
                    substitutions=values or None,
                ),
                ordered,
            )
        except SyntaxError as error:
            raise _syntax(error, sparql, name, self._prefixes) from error
        except (ValueError, OSError, RuntimeError) as error:
            what = f"the query failed: {error}"
            raise KgError(what, code="KG643", mend="mend what the message names", place=Place(name)) from error

    def _answer(self, result: object, ordered: bool) -> Table | bool | Facts:
        if isinstance(result, pyoxigraph.QuerySolutions):
            columns = tuple(variable.value for variable in result.variables)
            rows = [tuple(solution[column] for column in columns) for solution in result]
            if not ordered:
                rows.sort(key=lambda row: tuple("" if term is None else str(term) for term in row))
            return Table(columns, tuple(rows), self._prefixes)
        if isinstance(result, pyoxigraph.QueryTriples):
            found = {(str(t.subject), str(t.predicate), str(t.object)) for t in result}
            return Facts(tuple(sorted(found)), self._prefixes)
        return bool(result)


def _load(store: pyoxigraph.Store, file: Path) -> None:
    form = pyoxigraph.RdfFormat.from_extension(file.suffix.lstrip(".")) or pyoxigraph.RdfFormat.TURTLE
    try:
        store.bulk_load(path=str(file), format=form)
    except (OSError, SyntaxError) as error:
        raise broken(file, error) from error


def _inspected(sparql: str, name: str) -> tuple[bool, bool]:
    """Refuse SERVICE; tell whether the query orders its rows, and whether it says FROM which graphs.

    The parser wants no space around the keyword (``SERVICE:x``, ``1SERVICE``) and reads ``\\u`` escapes, so a
    query is refused if any bare word or prefix, escaped or not, holds it.
    """
    ordered = chosen = False
    for text in dict.fromkeys((sparql, _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16) % 0x110000), sparql))):
        before = ""
        for match in _TOKEN.finditer(text):
            token = match[0]
            word = token.partition(":")[0].upper()
            if "SERVICE" in word and token[0] not in "?$#<\"'":
                line = text.count("\n", 0, match.start()) + 1
                column = match.start() - text.rfind("\n", 0, match.start())
                raise KgError(
                    "SERVICE would send the question to another server",
                    code="KG642",
                    mend="load what you need beside the graph, and ask without SERVICE",
                    place=Place(name, line, column),
                    source=text.split("\n")[line - 1],
                )
            ordered |= word == "BY" and before == "ORDER"
            chosen |= word == "FROM"
            before = before if word.isspace() else word
    return ordered, chosen


def _bound(sparql: str, values: Mapping[str, Term | str], name: str) -> tuple[str, dict[Variable, Term]]:
    """Put values into the ``VALUES ?name { … }`` line that declares a parameter, else into the variable itself."""
    rest: dict[Variable, Term] = {}
    for variable, value in values.items():
        variable = variable.lstrip("?$")
        term = RdfLiteral(value) if isinstance(value, str) else value
        line = f"VALUES ?{variable} {{ {term} }}"
        pattern = re.compile(_PARAMETER % re.escape(variable), re.IGNORECASE)
        sparql, times = pattern.subn(lambda _, line=line: line, sparql)  # type: ignore[misc]
        if not times:
            if not re.search(rf"[?$]{re.escape(variable)}\b", sparql):
                what = f"the query has no parameter {variable}"
                raise KgError(
                    what, code="KG644", mend="see the head of the query for its parameters", place=Place(name)
                )
            rest[Variable(variable)] = term
    return sparql, rest


def _syntax(error: SyntaxError, sparql: str, name: str, prefixes: Mapping[str, str]) -> KgError:
    first = _FIRST.match(sparql)
    if first is None or first[1].upper() not in _FORMS:
        return _no_question(first, sparql, name)
    what = str(error.msg)
    place, source = Place(name), None
    if at := _ERROR_AT.match(what):
        line, column = int(at[1]), int(at[2])
        lines = sparql.splitlines()
        place, what = Place(name, line, column), at[3]
        source = lines[line - 1] if line <= len(lines) else None
        used = re.search(r"([\w.-]*):[\w.-]*$", source[: column - 1]) if source and "Prefix not found" in what else None
        if used:
            near = get_close_matches(used[1], prefixes, 1)
            return KgError(
                f"not valid SPARQL: no prefix {used[1]}: is known",
                code="KG641",
                mend=f"{f'did you mean {near[0]}:? ' if near else ''}known are {', '.join(sorted(prefixes))}; "
                f"or begin with PREFIX {used[1]}: <…>",
                place=Place(name, line, used.start() + 1),
                source=source,
            )
    expected = re.findall(r'"([A-Za-z][A-Za-z ]*|[{}()?.;])"', what)
    if what.startswith("expected") and expected:
        what = "expected " + ", ".join(dict.fromkeys(expected[:8]))
    return KgError(
        f"not valid SPARQL: {' '.join(what.split())[:300]}",
        code="KG641",
        mend="mend the query where the mark stands, or just before it",
        place=place,
        source=source,
    )


def _no_question(first: re.Match[str] | None, sparql: str, name: str) -> KgError:
    """Say of what does not begin as a query what it is instead."""
    if first is None:
        return KgError("the query is empty", code="KG641", mend=f"begin with {', '.join(_FORMS)}", place=Place(name))
    line = sparql.count("\n", 0, first.start(1)) + 1
    update = first[1].upper() in _UPDATES
    return KgError(
        f"{first[1].upper()} would change the graph" if update else f"a query does not begin with {first[1]}",
        code="KG641",
        mend="kg query only reads: ask with SELECT, or mend the rules and build again"
        if update
        else f"begin with {', '.join(_FORMS)}",
        place=Place(name, line, first.start(1) - sparql.rfind("\n", 0, first.start(1))),
        source=sparql.split("\n")[line - 1],
    )
