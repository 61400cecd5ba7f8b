"""RDF terms as N-Triples text: the form in which the graph is held, sorted and hashed.

A term is ``<https://…>`` or ``"…"``, ``"…"@ko``, ``"…"^^<…>``; as text it needs no object
of its own, compares by code point, and is written to N-Quads as it stands.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from kg.errors import KgError
from kg.graph.iris import checked
from kg.model import Literal

NK = "https://w3id.org/newskg/ontology#"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
PREFIXES: dict[str, str] = {
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "nif": NIF,
    "nk": NK,
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "wd": "http://www.wikidata.org/entity/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes of every file that is written, so that one more fact changes no other line."""

_XSD = PREFIXES["xsd"]
_UNSAFE = re.compile('["\\\\\x00-\x1f\ud800-\udfff\ufffe\uffff]')
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
_UNESCAPE = re.compile(r"\\(.)")
_RAW = {"n": "\n", "r": "\r", "t": "\t"}
_LANGUAGE = re.compile(r"[a-z]{2,8}(?:-[a-z0-9]{1,8})*")
_DATATYPES: dict[str, re.Pattern[str]] = {
    "integer": re.compile(r"[+-]?\d+"),
    "nonNegativeInteger": re.compile(r"\d+"),
    "decimal": re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"),
    "boolean": re.compile(r"true|false|0|1"),
}


def named(iri: str) -> str:
    """Give the term of an IRI; `KgError` if no store would take it."""
    return f"<{checked(iri)}>"


@lru_cache(maxsize=4_096)
def expand(curie: str) -> str:
    """Give the term of a CURIE.

    >>> expand("nk:announced")
    '<https://w3id.org/newskg/ontology#announced>'
    """
    prefix, colon, local = curie.partition(":")
    if not colon or prefix not in PREFIXES:
        raise KgError(
            f"{curie!r} has no known prefix", code="KG623", mend=f"use one of {', '.join(p + ':' for p in PREFIXES)}"
        )
    return named(PREFIXES[prefix] + local)


def clean(text: str) -> str:
    """Give text with U+FFFD for each character that XML or UTF-8 cannot carry.

    One for one, so that offsets hold: control characters, lone surrogates, U+FFFE, U+FFFF.
    """
    return _ILLEGAL.sub("\ufffd", text)


def string(text: str, language: str | None = None) -> str:
    """Give a string as a term, with a lower-case language tag if one is given.

    >>> print(string('그는 "예"라고', "KO"))
    "그는 \\"예\\"라고"@ko
    """
    # most texts are seen to need no escape at the first half, which takes half of the time
    if not (text.isprintable() and '"' not in text and "\\" not in text) and _UNSAFE.search(text):
        text = clean(text).translate(_ESCAPES)
    return f'"{text}"@{tag(language)}' if language else f'"{text}"'


@lru_cache(maxsize=1_024)
def tag(language: str) -> str:
    """Give a language tag as all stores keep it: lower case, hyphens (``ko_KR`` is ``ko-kr``)."""
    lower = language.lower().replace("_", "-")
    if not _LANGUAGE.fullmatch(lower):
        raise KgError(f"{language!r} is no language tag", code="KG624", mend="use ko, en, zh-hans, zh-hant …")
    return lower


def typed(value: str, datatype: str) -> str:
    """Give a value with its datatype (CURIE); what the datatype does not allow becomes a string.

    Stores turn ``"2019-09"^^xsd:date`` into a day that nobody named, so a value outside the
    lexical space is never typed. Numbers and dates are written in canonical form, since stores
    rewrite the others.

    >>> print(typed("2019-11-29", "xsd:date"), typed("007", "xsd:integer"), typed("2019-09", "xsd:date"))
    "2019-11-29"^^<http://www.w3.org/2001/XMLSchema#date> "7"^^<http://www.w3.org/2001/XMLSchema#integer> "2019-09"
    """
    prefix, _, local = datatype.partition(":")
    if datatype in ("", "xsd:string"):
        return string(value)
    if prefix == "xsd":
        canonical = _canonical(value, local)
        return string(value) if canonical is None else f'"{canonical}"^^{expand(datatype)}'
    return f"{string(value)}^^{expand(datatype)}"


def _canonical(value: str, local: str) -> str | None:
    """Give the canonical lexical form, or None if the value is not of the datatype."""
    if local == "date":
        try:
            return value if len(value) == 10 and value == date.fromisoformat(value).isoformat() else None
        except ValueError:
            return None
    pattern = _DATATYPES.get(local)
    if pattern is None:  # durations and partial dates: stores disagree, so they stay strings
        return None
    if not value.isascii() or not pattern.fullmatch(value):
        return None
    if local in ("integer", "nonNegativeInteger"):
        return str(int(value))
    if local == "boolean":
        return "true" if value in ("true", "1") else "false"
    sign, digits = ("-", value[1:]) if value[0] == "-" else ("", value.lstrip("+"))
    whole, _, part = digits.partition(".")
    whole, part = whole.lstrip("0") or "0", part.rstrip("0") or "0"
    return f"{'' if whole == part == '0' else sign}{whole}.{part}"


def of_literal(literal: Literal) -> str:
    """Give a model literal as a term; of datatype ``rdfs:Class`` it names a class, so an IRI."""
    if literal.datatype == "rdfs:Class":
        return expand(literal.value)
    if literal.language:
        return string(literal.value, literal.language)
    return typed(literal.value, literal.datatype)


def is_iri(term: str) -> bool:
    """Tell an IRI from a literal."""
    return term.startswith("<")


def text_of(term: str) -> str:
    """Give what a term says: the IRI without brackets, or the unescaped text of a literal."""
    if is_iri(term):
        return term[1:-1]
    text = term[1 : term.rindex('"')]
    return _UNESCAPE.sub(lambda m: _RAW.get(m[1], m[1]), text) if "\\" in text else text


def parts(term: str) -> tuple[str, str | None, str | None]:
    """Give a literal's text, datatype IRI and language tag."""
    end = term.rindex('"') + 1
    rest = term[end:]
    if rest.startswith("@"):
        return text_of(term), None, rest[1:]
    return text_of(term), (rest[3:-1] or None) if rest else None, None
