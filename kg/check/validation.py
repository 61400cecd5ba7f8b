"""Is a built graph sound? Shapes, conflicts, vocabulary, and evidence that still says what it said."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from kg.check.finding import (
    CONFLICT,
    EVIDENCE,
    SEVERITIES,
    SHACL,
    VOCABULARY,
    EvidenceIndex,
    Finding,
    Severity,
    Support,
    table,
)
from kg.check.shapes import messages, violations
from kg.errors import KgError, Place
from kg.graph.network import curie
from kg.graph.terms import PREFIXES, clean, is_iri, text_of
from kg.ontology import Ontology
from kg.store import Store, Table

__all__ = ["CONFLICT", "EVIDENCE", "SHACL", "VOCABULARY", "Finding", "Support", "validate"]

_SH_SEVERITY: Mapping[str, Severity] = {"Violation": "error", "Warning": "warning", "Info": "info"}
_HEADER = re.compile(r"#\s*(title \(\w+\)|problem|solution|severity)\s*:\s*(.+)")

_QUOTE = re.compile("quote$", re.IGNORECASE)  # columns of a check for stores that show no evidence

_MISSING = """SELECT ?statement WHERE {
    ?statement a rdf:Statement ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o .
    FILTER(?p != nk:status) FILTER NOT EXISTS { ?s ?p ?o } }"""
_SPANS = """SELECT ?match ?id ?quote ?begin ?end ?sentence ?sentenceBegin ?sentenceEnd WHERE {
    ?match a nk:Match ; nk:quote ?quote ; nk:inDocument/dcterms:identifier ?id ;
        nif:beginIndex ?begin ; nif:endIndex ?end .
    OPTIONAL { ?match nk:sentence ?sentence ; nk:sentenceBegin ?sentenceBegin ; nk:sentenceEnd ?sentenceEnd } }"""
_HASHES = "SELECT ?id ?hash WHERE { ?document a nk:Document ; dcterms:identifier ?id ; nk:sha256 ?hash }"


def validate(build: Path, *ontology: Path, texts: Mapping[str, str] | None = None) -> list[Finding]:
    """Check a build folder against ontology folders; give findings, the worst first, none if all is well.

    `texts` gives the text of documents by id, as it was read; with them, each document is compared by its
    SHA-256, and each quote and sentence is sliced anew. Raises `KgError` if the build, the ontology or a check
    cannot be read.
    """
    store = Store.open(build)
    index = EvidenceIndex(store)
    findings = [*vocabulary(store, Ontology.load(*ontology)), *evidence(store, index, texts)]
    store.include(*ontology)
    findings += [*shapes(build, ontology, index, store.prefixes), *conflicts(store, ontology, index)]
    return sorted(set(findings), key=lambda finding: finding.rank)


def shapes(
    build: Path, ontology: Sequence[Path], index: EvidenceIndex, prefixes: Mapping[str, str] = PREFIXES
) -> Iterator[Finding]:
    """Give what each ``shapes.ttl`` finds in facts and evidence (SHACL), with the evidence of the facts at fault."""
    files = [file for folder in ontology for file in sorted(folder.glob("*.ttl"))]
    data = [build / name for name in ("graph.ttl", "provenance.ttl") if (build / name).exists()]
    data += [file for file in files if file.name != "shapes.ttl"]
    for file in (file for file in files if file.name == "shapes.ttl"):
        told = messages(file)
        for found in violations(data, file):
            what = told.get(found.shape, "does not conform")
            shown = " ".join(_name(term, prefixes) for term in (found.path, found.value) if term)
            yield Finding(
                SHACL,
                _SH_SEVERITY.get(found.severity, "error"),
                f"{what} ({shown})" if shown else what,
                _name(found.node, prefixes),
                index.about(found.node, found.path, found.value),
                check=text_of(found.shape).rpartition("#")[2] if is_iri(found.shape) else "",
            )


def conflicts(store: Store, ontology: Sequence[Path], index: EvidenceIndex) -> Iterator[Finding]:
    """Give what the queries in ``checks/*.rq`` find: one finding a row, with the evidence behind it.

    A query's comment lines say what a row means (``# title (en): …``), what to do (``# solution: …``)
    and how bad it is (``# severity: warning``). The first column is where; columns that end in ``quote`` are
    left out, so that rows which differ in them alone are one finding.
    """
    for file in (file for folder in ontology for file in sorted((folder / "checks").glob("*.rq"))):
        text = file.read_text(encoding="utf-8")
        severity, message, mend = _header(text, file)
        answer = store.query(text, name=str(file))
        if not isinstance(answer, Table):
            raise KgError("a check is a SELECT", code="KG656", mend="select the nodes at fault", place=Place(str(file)))
        for row, shown in zip(answer.terms, answer.rows(), strict=True):
            cells = zip(answer.columns[1:], shown[1:], strict=True)
            rest = ", ".join(f"{column} {cell}" for column, cell in cells if cell and not _QUOTE.search(column))
            behind = index.behind(str(term) for term in row if term is not None)
            behind = behind or (index.about(str(row[0])) if row else ())
            what = f"{message} ({rest})" if rest else message
            yield Finding(CONFLICT, severity, what, shown[0] if shown else "", behind, mend, file.stem)


def vocabulary(store: Store, ontology: Ontology) -> Iterator[Finding]:
    """Give each predicate, class and datatype of a build that the ontology neither declares nor aligns to."""
    used = table(store, "SELECT DISTINCT ?term WHERE { { ?s ?term ?o } UNION { ?s a ?term } }").terms
    typed = table(store, "SELECT DISTINCT (datatype(?o) AS ?term) WHERE { ?s ?p ?o FILTER(isLiteral(?o)) }").terms
    for (term,) in sorted({*used, *typed}, key=str):
        iri = str(getattr(term, "value", ""))
        if not ontology.allows(iri):
            yield Finding(VOCABULARY, "error", "the ontology does not have this term", curie(f"<{iri}>"))


def evidence(store: Store, index: EvidenceIndex, texts: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Give statements whose fact is missing, and matches whose words do not stand where they say.

    With `texts` every match is sliced anew, and documents that changed, or have no text there, are named.
    """
    missing = table(store, _MISSING)
    for (statement,), (where,) in zip(missing.terms, missing.rows(), strict=True):
        what = "there is evidence for a fact that is not in the graph"
        yield Finding(EVIDENCE, "error", what, where, index.behind([str(statement)]))
    sound: dict[str, str] = {}
    if texts is not None:
        for document, sha256 in sorted(table(store, _HASHES).rows()):
            if document not in texts:
                what = "there is no text of this document; its evidence was not compared"
                yield Finding(EVIDENCE, "warning", what, document, mend="name the source that it was built from")
            elif hashlib.sha256(texts[document].encode("utf-8", "surrogatepass")).hexdigest() != sha256:
                what = "the document has changed since it was read"
                yield Finding(EVIDENCE, "error", what, document, mend="build again")
            else:
                sound[document] = texts[document]
    for match, *row in table(store, _SPANS).terms:
        document, quote, begin, end, sentence, first, last = (getattr(term, "value", "") for term in row)
        text = sound.get(document)
        what = _misplaced(quote, begin, end, text) or (_misplaced(sentence, first, last, text) if sentence else "")
        if what:
            where = _name(str(match), store.prefixes)
            yield Finding(EVIDENCE, "error", what, where, index.behind([str(match)]), "build again")


def _misplaced(words: str, begin: str, end: str, text: str | None) -> str:
    """Say what is wrong with words and their span, or nothing."""
    first, last = int(begin), int(end)
    if not 0 <= first < last:
        return "a match ends before it begins"
    if len(words) != last - first:
        return "a quote is not as long as its span"
    if text is not None and clean(text[first:last]) != words:
        return "the words at the span are not the quote"
    return ""


def _header(text: str, file: Path) -> tuple[Severity, str, str]:
    """Give a check's severity, title and solution."""
    said = {match[1]: match[2].strip() for line in text.splitlines() if (match := _HEADER.match(line))}
    title = said.get("title (en)") or said.get("title (ko)") or file.stem
    severity = said.get("severity", "warning")
    for known in SEVERITIES:
        if severity == known:
            return known, title, said.get("solution", "")
    what = f"no such severity: {severity}"
    raise KgError(what, code="KG656", mend="write error, warning or info", place=Place(str(file)))


def _name(term: str, prefixes: Mapping[str, str]) -> str:
    """Give a term as a person reads it: a CURIE, or the words of a literal."""
    if term.startswith("_:"):
        return term
    iri = text_of(term)
    if is_iri(term):
        for prefix, namespace in prefixes.items():
            if iri.startswith(namespace) and iri[len(namespace) :].replace("-", "").isalnum():
                return f"{prefix}:{iri[len(namespace) :]}"
    return iri
