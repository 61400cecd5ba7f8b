"""Is a built graph sound? Shapes, conflicts, vocabulary, and evidence that still says what it said."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from typing import Literal as Choice

from kg.errors import KgError, Place
from kg.graph.network import curie
from kg.graph.terms import PREFIXES, clean
from kg.ontology import Ontology
from kg.store import Store, Table

if TYPE_CHECKING:
    import rdflib

Severity = Choice["error", "warning", "info"]
_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
_SH_SEVERITY: Mapping[str, Severity] = {"Violation": "error", "Warning": "warning", "Info": "info"}
_HEADER = re.compile(r"#\s*(title \(\w+\)|problem|solution|severity)\s*:\s*(.+)")
_SHOWN = 4  # quotes a finding shows at most

_MISSING = """SELECT ?statement WHERE {
    ?statement a rdf:Statement ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
    FILTER(?p != nk:status) FILTER NOT EXISTS { ?s ?p ?o } }"""
_MATCHES = """SELECT ?match ?id ?hash ?quote ?begin ?end WHERE {
    ?match a nk:Match ; nk:quote ?quote ; nk:inDocument ?document ; nif:beginIndex ?begin ; nif:endIndex ?end .
    ?document dcterms:identifier ?id ; nk:sha256 ?hash }"""
_QUOTED = f"?m nk:quote ?quote ; nk:inDocument/dcterms:identifier ?id }} ORDER BY ?id ?quote LIMIT {_SHOWN}"
_BEHIND = (
    """SELECT DISTINCT ?quote ?id WHERE { VALUES ?x { %s }
    { ?x nk:evidence ?m } UNION { ?x a nk:Match . BIND(?x AS ?m) } """
    + _QUOTED
)
_JOINING = (
    """SELECT DISTINCT ?quote ?id WHERE { VALUES ?s { %s } VALUES ?o { %s }
    ?x rdf:subject ?s ; rdf:object ?o ; nk:evidence ?m . """
    + _QUOTED
)

SHACL, CONFLICT, VOCABULARY, EVIDENCE = "KG651", "KG652", "KG653", "KG654"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be looked at: code, how bad, what, at which node, the quotes that show it, and what to do."""

    code: str
    severity: Severity
    what: str
    where: str
    evidence: tuple[str, ...] = ()
    mend: str = ""

    def as_dict(self) -> dict[str, object]:
        """Give the finding as JSON can hold it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "what": self.what,
            "where": self.where,
            "evidence": list(self.evidence),
            "mend": self.mend,
        }

    @property
    def rank(self) -> tuple[int, str, str, str, tuple[str, ...]]:
        """Give what findings are sorted by: the worst first."""
        return _SEVERITIES.index(self.severity), self.code, self.where, self.what, self.evidence


def validate(build: Path, *ontology: Path, texts: Mapping[str, str] | None = None) -> list[Finding]:
    """Check a build folder against ontology folders; give findings, the worst first, none if all is well.

    `texts` gives the text of documents by id, as it was read; with them, each quote is sliced anew
    and compared. Raises `KgError` if the build, the ontology or a check cannot be read.
    """
    store = Store.open(build, *ontology)
    findings = [
        *shapes(build, ontology, store.prefixes),
        *conflicts(store, ontology),
        *vocabulary(Store.open(build), Ontology.load(*ontology)),
        *evidence(store, texts or {}),
    ]
    return sorted(set(findings), key=lambda finding: finding.rank)


def shapes(build: Path, ontology: Sequence[Path], prefixes: Mapping[str, str] = PREFIXES) -> Iterator[Finding]:
    """Give what ``shapes.ttl`` finds in facts and evidence (SHACL, by pySHACL)."""
    import pyshacl
    import rdflib

    shape_files = [file for folder in ontology if (file := folder / "shapes.ttl").is_file()]
    if not shape_files:
        return
    data = _loaded(build / name for name in ("graph.ttl", "provenance.ttl") if (build / name).exists())
    terms = _loaded(f for folder in ontology for f in sorted(folder.glob("*.ttl")) if f not in shape_files)
    report: object
    logging.getLogger("pyshacl-validate").disabled = True  # it prints what is raised, too
    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=_loaded(shape_files), ont_graph=terms, inference="none")
    except RuntimeError as error:  # of which all errors of pySHACL are; the first line says what
        report = str(error).partition("\n")[0]
    if not isinstance(report, rdflib.Graph):
        what = f"the shapes cannot be used: {report}"
        raise KgError(what, code="KG655", mend="mend the shapes", place=Place(str(shape_files[0])))
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    for result in report.subjects(rdflib.RDF.type, sh.ValidationResult):
        severity = str(report.value(result, sh.resultSeverity)).rpartition("#")[2]
        path, value = report.value(result, sh.resultPath), report.value(result, sh.value)
        what = _message(report.objects(result, sh.resultMessage))
        shown = " ".join(_name(term, prefixes) for term in (path, value) if term is not None)
        where = _name(report.value(result, sh.focusNode), prefixes)
        yield Finding(SHACL, _SH_SEVERITY.get(severity, "error"), f"{what} ({shown})" if shown else what, where)


def conflicts(store: Store, ontology: Sequence[Path]) -> Iterator[Finding]:
    """Give what the queries in ``checks/*.rq`` find: one finding a row, with the quotes behind it.

    A query's comment lines say what a row means (``# title (en): …``), what to do (``# solution: …``)
    and how bad it is (``# severity: warning``). The first column is where.
    """
    for file in (file for folder in ontology for file in sorted((folder / "checks").glob("*.rq"))):
        text = file.read_text(encoding="utf-8")
        severity, message, mend = _header(text, file)
        answer = store.query(text, name=str(file))
        if not isinstance(answer, Table):
            raise KgError("a check is a SELECT", code="KG656", mend="select the nodes at fault", place=Place(str(file)))
        for row, shown in zip(answer.terms, answer.rows(), strict=True):
            rest = ", ".join(
                f"{column} {cell}" for column, cell in zip(answer.columns[1:], shown[1:], strict=True) if cell
            )
            what = f"{message} ({rest})" if rest else message
            yield Finding(CONFLICT, severity, what, shown[0] if shown else "", _quotes(store, row), mend)


def vocabulary(store: Store, ontology: Ontology) -> Iterator[Finding]:
    """Give each predicate, class and datatype of a build that the ontology neither declares nor aligns to."""
    used = _table(store, "SELECT DISTINCT ?term WHERE { { ?s ?term ?o } UNION { ?s a ?term } }")
    for (term,) in used.terms:
        iri = str(getattr(term, "value", ""))
        if not ontology.allows(iri):
            yield Finding(VOCABULARY, "error", "the ontology does not have this term", curie(f"<{iri}>"))


def evidence(store: Store, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Give statements whose fact is missing, and matches whose words do not stand where they say."""
    missing = _table(store, _MISSING)
    for row, (where,) in zip(missing.terms, missing.rows(), strict=True):
        what = "there is evidence for a fact that is not in the graph"
        yield Finding(EVIDENCE, "error", what, where, _quotes(store, row))
    changed: set[str] = set()
    for where, document, sha256, quote, begin, end in _table(store, _MATCHES).rows():
        text = texts.get(document)
        if not 0 <= int(begin) < int(end):
            yield Finding(EVIDENCE, "error", "a match ends before it begins", where, (quote,))
        elif len(quote) != int(end) - int(begin):
            yield Finding(EVIDENCE, "error", "a quote is not as long as its span", where, (quote,))
        elif text is not None and hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest() != sha256:
            changed.add(document)
        elif text is not None and clean(text[int(begin) : int(end)]) != quote:
            yield Finding(EVIDENCE, "error", "the words at the span are not the quote", where, (quote,))
    for document in sorted(changed):
        yield Finding(EVIDENCE, "warning", "the document has changed since it was read; build again", document)


def _quotes(store: Store, row: Iterable[Any]) -> tuple[str, ...]:
    """Give the quotes behind the statements and matches of a row, or else behind facts that join its nodes."""
    nodes = [str(term) for term in row if term is not None]
    iris = " ".join(sorted({node for node in nodes if node.startswith("<")}))
    every = " ".join(sorted(set(nodes)))
    if not iris:
        return ()
    found = list(_table(store, _BEHIND % iris)) or list(_table(store, _JOINING % (iris, every)))
    return tuple(f"{document}: {quote}" for quote, document in found)


def _header(text: str, file: Path) -> tuple[Severity, str, str]:
    """Give a check's severity, title and solution."""
    said = {match[1]: match[2].strip() for line in text.splitlines() if (match := _HEADER.match(line))}
    title = said.get("title (en)") or said.get("title (ko)") or file.stem
    severity = said.get("severity", "warning")
    for known in _SEVERITIES:
        if severity == known:
            return known, title, said.get("solution", "")
    what = f"no such severity: {severity}"
    raise KgError(what, code="KG656", mend="write error, warning or info", place=Place(str(file)))


def _loaded(files: Iterable[Path]) -> rdflib.Graph:
    """Give files as one rdflib graph, parsed by Oxigraph, which is forty times as fast."""
    from kg.graph.reading import read_turtle, to_rdflib
    from kg.graph.turtle import Triples

    triples = Triples()
    for file in files:
        triples.update(read_turtle(file))
    return to_rdflib(triples)


def _table(store: Store, query: str) -> Table:
    answer = store.query(query)
    assert isinstance(answer, Table)
    return answer


def _message(messages: Iterable[Any]) -> str:
    by_language = {getattr(message, "language", None) or "": str(message) for message in messages}
    return by_language.get("en") or next((by_language[key] for key in sorted(by_language)), "does not conform")


def _name(term: object, prefixes: Mapping[str, str]) -> str:
    iri = str(term)
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and iri[len(namespace) :].replace("-", "").isalnum():
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri
