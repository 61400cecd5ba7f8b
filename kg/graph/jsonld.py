"""Sorted JSON-LD 1.1 with a context of prefixes, a subject a line.

https://www.w3.org/TR/json-ld11/. Serialisers of others give the expanded form, or an order that
changes with the hash seed; this one keeps the order of the Turtle, so that one changed fact is one
changed line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.graph.terms import PREFIXES, is_iri, parts, text_of
from kg.graph.turtle import RDF_TYPE, Description

_XSD = PREFIXES["xsd"]
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
"""Integers that every JSON parser keeps as they are; 15 digits are below 2 to the 53rd."""


def jsonld(descriptions: Iterable[Description], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Give JSON-LD in pieces, a subject a piece; the descriptions must come sorted by subject.

    The context binds the prefixes and nothing else. Numbers and truth values are JSON's own where they mean the same.

    >>> found = [("<https://x.kr/a>", {"<https://x.kr/name>": ['"가람"@ko'], "<https://x.kr/size>": ['"b"']})]
    >>> print("".join(jsonld(found, {"x": "https://x.kr/"})))
    {"@context": {"x": "https://x.kr/"},
     "@graph": [
      {"@id": "x:a", "x:name": {"@value": "가람", "@language": "ko"}, "x:size": "b"}
     ]}
    <BLANKLINE>
    """
    short = _Short(prefixes)
    yield f'{{"@context": {_dumped(dict(sorted(prefixes.items())))},\n "@graph": ['
    between = "\n  "
    for subject, predicates in descriptions:
        node: dict[str, Any] = {"@id": short[subject]}
        for predicate in sorted(predicates, key=lambda p: "" if p == RDF_TYPE else p):
            objects = sorted(predicates[predicate])
            values = [short[o] if predicate == RDF_TYPE else _value(o, short) for o in objects]
            name = "@type" if predicate == RDF_TYPE else short[predicate]
            node[name] = values[0] if len(values) == 1 else values
        yield between + _dumped(node)
        between = ",\n  "
    yield "\n ]}\n"


def _value(term: str, short: _Short) -> object:
    if is_iri(term) or term.startswith("_:"):
        return {"@id": short[term]}
    text, datatype, language = parts(term)
    if language:
        return {"@value": text, "@language": language}
    if datatype is None or datatype == _XSD + "string":
        return text
    if datatype == _XSD + "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if datatype == _XSD + "boolean" and text in ("true", "false"):
        return text == "true"
    return {"@value": text, "@type": short[f"<{datatype}>"]}


class _Short(dict[str, str]):
    """IRIs as compact IRIs, where the prefix is known and the rest is a plain name."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self._prefix = {namespace: prefix for prefix, namespace in sorted(prefixes.items(), reverse=True)}

    def __missing__(self, term: str) -> str:
        if term.startswith("_:"):
            return term
        iri = text_of(term)
        cut = max(iri.rfind("/"), iri.rfind("#")) + 1
        prefix, local = self._prefix.get(iri[:cut]), iri[cut:]
        self[term] = found = f"{prefix}:{local}" if prefix is not None and _LOCAL.fullmatch(local) else iri
        return found


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
