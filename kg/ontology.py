"""The closed vocabulary: what classes and properties there are, and how they relate.

It is read from ``ontology/*.ttl`` (OWL in Turtle), where curators keep it. A project may
add a folder of its own; its terms join those of the shipped one. What is not declared is
an error, never a new term.

Of OWL, only what is written down is used: ``rdfs:subClassOf`` and ``rdfs:subPropertyOf`` between
declared terms, ``rdfs:domain`` and ``rdfs:range`` (for terms of other vocabularies
``schema:domainIncludes`` and ``schema:rangeIncludes``), ``owl:disjointWith``. Turtle is
parsed by pyoxigraph, which takes 3 ms for the shipped file and 30 ms to import, against
50 ms and several hundred for rdflib, and which knows the line and column of an error.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal as Choice

from kg.errors import KgError, Place, Problems, source_line

NK = "https://w3id.org/newskg/ontology#"
"""The namespace of the shipped ontology."""

ALIGNED: Mapping[str, str] = MappingProxyType(
    {
        "dcterms": "http://purl.org/dc/terms/",
        "edtf": "http://id.loc.gov/datatypes/edtf/",
        "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
        "org": "http://www.w3.org/ns/org#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "prov": "http://www.w3.org/ns/prov#",
        "qb": "http://purl.org/linked-data/cube#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "schema": "https://schema.org/",
        "sem": "http://semanticweb.cs.vu.nl/2009/11/sem/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }
)
"""The vocabularies that ours is aligned to; their terms may stand in a graph undeclared."""

_RDF, _RDFS, _OWL, _SKOS, _SCHEMA = (ALIGNED[p] for p in ("rdf", "rdfs", "owl", "skos", "schema"))
_CLASS_KINDS = frozenset({_OWL + "Class", _RDFS + "Class"})
_PROPERTY_KINDS: Mapping[str, Choice["object", "datatype"]] = MappingProxyType(
    {_OWL + "ObjectProperty": "object", _OWL + "DatatypeProperty": "datatype"}
)


@dataclass(frozen=True, slots=True)
class OntologyClass:
    """A class: local name (``City``), IRI, texts by language tag, and its place in the tree.

    `parents` and `disjoint` are local names of declared classes; `aligned` are CURIEs of the
    public terms that it is a subclass of.
    """

    name: str
    iri: str
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    parents: tuple[str, ...] = ()
    aligned: tuple[str, ...] = ()
    disjoint: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OntologyProperty:
    """A property: CURIE (``nk:announced``), IRI, what it joins, and how it relates to others.

    `domain` and `range` are local names where they are declared classes (``Agent``), else CURIEs
    (``xsd:date``, ``rdf:Statement``); None where nothing is said. `parents` are CURIEs of
    the properties that it specialises. `traits` holds ``transitive``, ``symmetric``,
    ``functional``.
    """

    curie: str
    iri: str
    kind: Choice["object", "datatype"]
    domain: str | None
    range: str | None
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    parents: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ontology:
    """The declared classes, properties and individuals, with the prefixes to name them.

    >>> ontology = Ontology.load(Path("ontology"))
    >>> ontology.is_a("PilotZone", "Policy"), ontology.is_a("City", "Policy")
    (True, False)
    >>> ontology.properties["nk:announced"].range
    'Matter'
    >>> ontology.suggest("Cty")
    'City'
    """

    classes: Mapping[str, OntologyClass]
    properties: Mapping[str, OntologyProperty]
    individuals: Mapping[str, str]
    prefixes: Mapping[str, str]
    version: str = ""
    _above: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, *folders: Path) -> Ontology:
        """Read every ``*.ttl`` of the folders except ``shapes.ttl``, in the order of their names.

        Raises `KgError` (KG60x) with file, line and column on a folder without an ontology,
        Turtle that does not parse, a parent, domain or range that is not declared, or two
        classes of one local name; `Problems` if there are several.
        """
        files = [file for folder in folders for file in _turtle_files(Path(folder))]
        return _Reader(files).ontology()

    def is_a(self, cls: str, other: str) -> bool:
        """Tell whether every `cls` is an `other` (local names; a class is one of itself)."""
        return cls == other or other in self._above.get(cls, ())

    def compatible(self, cls: str, other: str) -> bool:
        """Tell whether a thing can be both: one class is above the other, or they share a subclass.

        >>> ontology = Ontology.load(Path("ontology"))
        >>> ontology.compatible("Entity", "City"), ontology.compatible("Policy", "Place")
        (True, True)
        >>> ontology.compatible("Person", "Place")
        False
        """
        return not self._below.get(cls, frozenset({cls})).isdisjoint(self._below.get(other, frozenset({other})))

    def subclasses(self, cls: str) -> frozenset[str]:
        """Give all subclasses of a class, itself left out (local names); none if it is undeclared."""
        return self._below.get(cls, frozenset()) - {cls}

    def superclasses(self, cls: str) -> frozenset[str]:
        """Give all declared superclasses of a class, itself left out (local names)."""
        return self.above(cls) - {cls}

    def above(self, cls: str) -> frozenset[str]:
        """Give the class itself and all its declared superclasses (local names)."""
        return self._above.get(cls) or frozenset({cls})

    def disjoint(self, cls: str, other: str) -> bool:
        """Tell whether the ontology says that nothing is both."""
        ours, theirs = self.above(cls), self.above(other)
        return any(theirs & set(self.classes[a].disjoint) for a in ours if a in self.classes) or any(
            ours & set(self.classes[a].disjoint) for a in theirs if a in self.classes
        )

    def has_class(self, name: str) -> bool:
        """Tell whether the local name is a declared class."""
        return name in self.classes

    def has_property(self, curie: str) -> bool:
        """Tell whether the CURIE is a declared property."""
        return curie in self.properties

    def suggest(self, name: str) -> str | None:
        """Give the declared name closest to a mistyped one, in the form in which it was asked.

        A CURIE is answered by a CURIE, a bare name by a class's local name.
        """
        if ":" not in name:
            pool = sorted(self.classes)
        else:
            pool = sorted([*self.properties, *self.individuals, *(self.curie(c.iri) for c in self.classes.values())])
        folded = {candidate.casefold(): candidate for candidate in reversed(pool)}
        close = difflib.get_close_matches(name.casefold(), sorted(folded), n=1, cutoff=0.6)
        return folded[close[0]] if close else None

    def iri(self, curie: str) -> str:
        """Expand a CURIE; `KgError` (KG606) if the prefix is unknown.

        >>> Ontology.load(Path("ontology")).iri("org:postIn")
        'http://www.w3.org/ns/org#postIn'
        """
        prefix, colon, local = curie.partition(":")
        if not colon or prefix not in self.prefixes:
            known = ", ".join(sorted(self.prefixes))
            raise KgError(f"no such prefix: {curie}", mend=f"use one of {known}", code="KG606")
        return self.prefixes[prefix] + local

    def curie(self, iri: str) -> str:
        """Shorten an IRI by the longest prefix that fits; give it back unchanged if none does."""
        return _shorten(iri, self.prefixes)

    def allows(self, iri: str) -> bool:
        """Tell whether a graph may use the term: it is declared, or of an aligned vocabulary."""
        return iri in self._iris or any(iri.startswith(ns) for ns in ALIGNED.values())

    @cached_property
    def _iris(self) -> frozenset[str]:
        terms = [c.iri for c in self.classes.values()] + [p.iri for p in self.properties.values()]
        return frozenset([*terms, *(self.iri(i) for i in self.individuals)])

    @cached_property
    def _below(self) -> Mapping[str, frozenset[str]]:
        return {name: frozenset(c for c in self.classes if self.is_a(c, name)) for name in self.classes}


def _shorten(iri: str, prefixes: Mapping[str, str]) -> str:
    best = max(
        (p for p, namespace in prefixes.items() if iri.startswith(namespace) and iri != namespace),
        key=lambda p: (len(prefixes[p]), p),
        default=None,
    )
    return iri if best is None else f"{best}:{iri[len(prefixes[best]) :]}"


def _turtle_files(folder: Path) -> list[Path]:
    """Give a folder's ontology files, sorted; `KgError` if there are none."""
    files = sorted(f for f in folder.glob("*.ttl") if f.name != "shapes.ttl") if folder.is_dir() else []
    if not files:
        raise KgError(
            "no ontology here: the folder has no .ttl file",
            mend="name the folder that holds kg.ttl under [paths] in kg.toml",
            code="KG601",
            place=Place(str(folder)),
        )
    return files


class _Reader:
    """Collects the triples of all files by subject, then makes and checks the terms."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.prefixes: dict[str, str] = dict(ALIGNED) | {"nk": NK}
        self.facts: dict[str, dict[str, list[tuple[str, str]]]] = {}
        self.home: dict[str, Path] = {}
        self.problems: list[KgError] = []
        self.files = tuple(files)
        for file in self.files:
            self._parse(file)

    def _parse(self, file: Path) -> None:
        import pyoxigraph as ox

        try:
            reader = ox.parse(input=file.read_bytes(), format=ox.RdfFormat.TURTLE)
            for quad in reader:
                subject, value = quad.subject, quad.object
                if not isinstance(subject, ox.NamedNode) or isinstance(value, ox.BlankNode):
                    raise KgError(
                        "an ontology holds no blank nodes",
                        mend="give the node a name: diffs and merges break on blank ones",
                        code="KG603",
                        place=Place(str(file)),
                    )
                language = (value.language or "") if isinstance(value, ox.Literal) else ""
                text = value.value if isinstance(value, ox.NamedNode | ox.Literal) else str(value)
                facts = self.facts.setdefault(subject.value, {})
                facts.setdefault(quad.predicate.value, []).append((text, language))
                self.home.setdefault(subject.value, file)
        except OSError as error:
            raise KgError(f"cannot be read: {error.strerror}", code="KG601", place=Place(str(file))) from error
        except SyntaxError as error:
            place = Place(str(file), error.lineno or 0, error.offset or 0)
            why = re.sub(r"^Parser error at .*?: ", "", str(error.msg))
            raise KgError(
                f"not Turtle: {why}",
                mend="a statement ends with ' .', and every prefix is declared first",
                code="KG602",
                place=place,
                source=source_line(file, place.line) if place.line else None,
            ) from error
        for prefix, iri in sorted(reader.prefixes.items()):
            if prefix in self.prefixes and self.prefixes[prefix] != iri:
                self._fault(
                    file,
                    f"{prefix}:",
                    f"the prefix {prefix}: stands for <{self.prefixes[prefix]}> elsewhere",
                    "choose another prefix",
                    "KG603",
                )
            self.prefixes.setdefault(prefix, iri)

    def ontology(self) -> Ontology:
        """Make the terms; raise what is wrong with them, all at once."""
        iris = {"class": self._of_kind(_CLASS_KINDS), "property": self._of_kind(frozenset(_PROPERTY_KINDS))}
        self.names = {iri: self._local(iri) for iri in iris["class"]}
        self.property_iris = frozenset(iris["property"])
        classes: dict[str, OntologyClass] = {}
        for iri in iris["class"]:
            made = self._class(iri)
            if made.name in classes:
                later = max(iri, classes[made.name].iri, key=lambda i: self.files.index(self.home[i]))
                self._fault(
                    self.home[later],
                    made.name,
                    f"two classes are named {made.name}",
                    "rename one: rules and the lexicon know classes by their local name",
                    "KG604",
                )
            classes[made.name] = made
        properties = {p.curie: p for p in map(self._property, iris["property"])}
        individuals = {
            self._curie(iri): self._local(iri) for iri in self._of_kind(frozenset({_OWL + "NamedIndividual"}))
        }
        if self.problems:
            raise self.problems[0] if len(self.problems) == 1 else Problems(self.problems)
        versions = [v for facts in self.facts.values() for v, _ in facts.get(_OWL + "versionInfo", [])]
        return Ontology(
            classes=MappingProxyType(classes),
            properties=MappingProxyType(properties),
            individuals=MappingProxyType(individuals),
            prefixes=MappingProxyType(dict(sorted(self.prefixes.items()))),
            version=" + ".join(versions),
            _above=_closure({name: made.parents for name, made in classes.items()}),
        )

    def _class(self, iri: str) -> OntologyClass:
        parents = self._objects(iri, _RDFS + "subClassOf")
        return OntologyClass(
            name=self.names[iri],
            iri=iri,
            labels=self._texts(iri, _RDFS + "label"),
            definitions=self._texts(iri, _SKOS + "definition"),
            parents=tuple(self._known(iri, p) for p in parents if self._ours(p)),
            aligned=tuple(self._curie(p) for p in parents if not self._ours(p)),
            disjoint=tuple(self._known(iri, p) for p in self._objects(iri, _OWL + "disjointWith") if self._ours(p)),
        )

    def _property(self, iri: str) -> OntologyProperty:
        kinds = self._objects(iri, _RDF + "type")
        traits = {"transitive", "symmetric", "functional"}
        for parent in self._objects(iri, _RDFS + "subPropertyOf"):
            if self._ours(parent) and parent not in self.property_iris:
                self._undeclared(iri, parent)
        return OntologyProperty(
            curie=self._curie(iri),
            iri=iri,
            kind=next(_PROPERTY_KINDS[k] for k in kinds if k in _PROPERTY_KINDS),
            domain=self._end(iri, _RDFS + "domain", _SCHEMA + "domainIncludes"),
            range=self._end(iri, _RDFS + "range", _SCHEMA + "rangeIncludes"),
            labels=self._texts(iri, _RDFS + "label"),
            definitions=self._texts(iri, _SKOS + "definition"),
            parents=tuple(self._curie(p) for p in self._objects(iri, _RDFS + "subPropertyOf")),
            related=tuple(self._curie(p) for p in self._objects(iri, _RDFS + "seeAlso")),
            traits=frozenset(t for t in traits if _OWL + t.capitalize() + "Property" in kinds),
        )

    def _end(self, iri: str, *predicates: str) -> str | None:
        """Give a property's domain or range as a local name or CURIE; several are a fault."""
        ends = [end for predicate in predicates for end in self._objects(iri, predicate)]
        if len(ends) > 1:
            self._fault(
                self.home[iri],
                self._curie(iri),
                f"{self._curie(iri)} has {len(ends)} domains or ranges",
                "name one class that is above them all",
                "KG605",
            )
        if not ends:
            return None
        return self._known(iri, ends[0]) if self._ours(ends[0]) else self._curie(ends[0])

    def _known(self, iri: str, cls: str) -> str:
        if cls not in self.names:
            self._undeclared(iri, cls)
        return self.names.get(cls, self._local(cls))

    def _undeclared(self, iri: str, term: str) -> None:
        near = difflib.get_close_matches(self._local(term), sorted(self.names.values()), n=1)
        self._fault(
            self.home[iri],
            self._curie(term),
            f"no such term: {self._curie(term)}",
            f"did you mean {near[0]}?" if near else "declare it, or correct its name",
            "KG604",
        )

    def _fault(self, file: Path, words: str, what: str, mend: str, code: str) -> None:
        place, source = _find(file, words)
        self.problems.append(KgError(what, mend=mend, code=code, place=place, source=source))

    def _of_kind(self, kinds: frozenset[str]) -> list[str]:
        return sorted(i for i, f in self.facts.items() if any(k in kinds for k, _ in f.get(_RDF + "type", [])))

    def _objects(self, iri: str, predicate: str) -> list[str]:
        return sorted(value for value, _ in self.facts[iri].get(predicate, []))

    def _texts(self, iri: str, predicate: str) -> Mapping[str, str]:
        pairs = sorted(((tag, text) for text, tag in self.facts[iri].get(predicate, [])), reverse=True)
        return MappingProxyType(dict(sorted(dict(pairs).items())))

    def _ours(self, iri: str) -> bool:
        """Tell whether a term must be declared: it is of no aligned vocabulary."""
        return iri in self.names or not any(iri.startswith(ns) for ns in ALIGNED.values())

    def _curie(self, iri: str) -> str:
        return _shorten(iri, self.prefixes)

    @staticmethod
    def _local(iri: str) -> str:
        return re.split(r"[#/]", iri)[-1]


def _find(file: Path, words: str) -> tuple[Place, str | None]:
    """Give the place in a file where words first stand, and that line; the file if nowhere."""
    pattern = re.compile(r"(?<![\w-])" + re.escape(words) + r"(?![\w-])" if words[-1] != ":" else re.escape(words))
    for number, line in enumerate(_lines(file), 1):
        if hit := pattern.search(line):
            return Place(str(file), number, hit.start() + 1), line
    return Place(str(file)), None


def _lines(file: Path) -> Iterator[str]:
    yield from file.read_text(encoding="utf-8", errors="replace").splitlines()


def _closure(parents: Mapping[str, tuple[str, ...]]) -> Mapping[str, frozenset[str]]:
    """Give, for each class, itself and all classes above it; a circle makes its members equal."""
    above: dict[str, frozenset[str]] = {}
    for name in parents:
        seen = {name}
        todo = list(parents[name])
        while todo:
            parent = todo.pop()
            if parent not in seen:
                seen.add(parent)
                todo += parents.get(parent, ())
        above[name] = frozenset(seen)
    return MappingProxyType(above)
