"""What a dataset holds, in the terms by which catalogues find data: VoID, DCAT and Dublin Core.

https://www.w3.org/TR/void/ and https://www.w3.org/TR/vocab-dcat-3/. All of it is counted in the
graph or said by the caller; no clock is asked, so the same graph has the same description.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.graph.iris import digest
from kg.graph.terms import NK, PREFIXES, named, parts, string, text_of, typed
from kg.graph.turtle import RDF_TYPE, Triples

NAMESPACES: dict[str, str] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
}
"""Prefixes of a description beside those of every file."""
MEDIA: dict[str, str] = {
    "ttl": "text/turtle",
    "trig": "application/trig",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "html": "text/html",
    "graphml": "application/xml",
    "json": "application/json",
}
"""Media types by the ending of a file's name."""

_DAYS = tuple(f"<{PREFIXES['dcterms']}{name}>" for name in ("modified", "issued"))
_DOCUMENT = f"<{NK}Document>"
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class About:
    """What a description cannot count.

    `base` begins the IRIs of the data; `titles` and `descriptions` are by language tag; `licence` is an IRI;
    `version` is that of the rules; `files` are the names of the build's files; `published` is the address
    (ending in ``/``) where these can be had, if they can; `links` is the number of ``owl:sameAs`` in links.ttl.
    """

    base: str
    titles: Mapping[str, str] = field(default_factory=lambda: {"en": "Knowledge graph", "ko": "지식 그래프"})
    descriptions: Mapping[str, str] = field(default_factory=dict)
    licence: str | None = None
    version: str = ""
    files: tuple[str, ...] = ()
    published: str | None = None
    links: int = 0


class Inventory:
    """Counts a graph as its subjects go by, in memory that grows with the vocabulary and not with the graph.

    >>> inventory = Inventory()
    >>> inventory.see("<https://x.kr/a>", {RDF_TYPE: ["<https://w3id.org/newskg/ontology#City>"]})
    >>> about = About("https://x.kr/")
    >>> ("<https://x.kr/dataset>", "<http://rdfs.org/ns/void#triples>",
    ...  '"1"^^<http://www.w3.org/2001/XMLSchema#integer>') in inventory.described(about)
    True
    """

    def __init__(self) -> None:
        self._triples = self._subjects = 0
        self._classes: Counter[str] = Counter()
        self._properties: Counter[str] = Counter()
        self._days: set[str] = set()
        self._example = ""

    def see(self, subject: str, predicates: Mapping[str, Iterable[str]]) -> None:
        """Take in a subject with its objects by predicate; each subject once."""
        self._subjects += 1
        for predicate, objects in predicates.items():
            values = list(objects)
            self._triples += len(values)
            self._properties[predicate] += len(values)
            if predicate == RDF_TYPE:
                self._classes.update(values)
                if _DOCUMENT not in values and not self._example:
                    self._example = subject
        if _DOCUMENT in set(predicates.get(RDF_TYPE, ())):
            self._days.update(parts(day)[0] for name in _DAYS for day in predicates.get(name, ()))

    def described(self, about: About) -> Triples:
        """Give the description: the dataset, its parts by class and by property, its links and its files.

        The dataset is ``<base>dataset``. Its `dcterms:modified` is the last day on which a document was issued or
        modified; a graph without dated documents has none. Raises `KgError` (KG622) if `about` holds no IRI where
        it should.
        """
        found = Triples()
        dataset = named(about.base + "dataset")
        void, dcat, dcterms = NAMESPACES["void"], NAMESPACES["dcat"], PREFIXES["dcterms"]

        def say(subject: str, predicate: str, *objects: str) -> None:
            for obj in objects:
                found.add(subject, f"<{predicate}>", obj)

        say(dataset, PREFIXES["rdf"] + "type", f"<{void}Dataset>", f"<{dcat}Dataset>")
        for language, text in about.titles.items():
            say(dataset, dcterms + "title", string(text, language))
        for language, text in about.descriptions.items():
            say(dataset, dcterms + "description", string(text, language))
        if about.licence:
            say(dataset, dcterms + "license", named(about.licence))
        if self._days:
            say(dataset, dcterms + "modified", typed(max(self._days), "xsd:date"))
        if about.version:
            say(dataset, PREFIXES["owl"] + "versionInfo", string(about.version))
        say(dataset, dcterms + "conformsTo", f"<{NK.rstrip('#')}>")
        say(dataset, void + "uriSpace", string(about.base))
        for name, number in (
            ("triples", self._triples),
            ("distinctSubjects", self._subjects),
            ("classes", len(self._classes)),
            ("properties", len(self._properties)),
            ("documents", self._classes[_DOCUMENT]),
        ):
            say(dataset, void + name, _count(number))
        if self._example:
            say(dataset, void + "exampleResource", self._example)
        say(dataset, void + "vocabulary", *(f"<{n}>" for n in self._vocabularies()))
        for kind, counts, number_of in (
            ("class", self._classes, "entities"),
            ("property", self._properties, "triples"),
        ):
            for term, number in counts.items():
                part = named(f"{about.base}dataset/{kind}/{_local(term)}")
                say(dataset, f"{void}{kind}Partition", part)
                say(part, PREFIXES["rdf"] + "type", f"<{void}Dataset>")
                say(part, void + kind, term)
                say(part, void + number_of, _count(number))
        if about.links:
            links = named(about.base + "dataset/links")
            say(dataset, void + "subset", links)
            say(links, PREFIXES["rdf"] + "type", f"<{void}Linkset>")
            say(links, void + "subjectsTarget", dataset)
            say(links, void + "linkPredicate", f"<{PREFIXES['owl']}sameAs>")
            say(links, void + "triples", _count(about.links))
        for name in about.files:
            file = named(f"{about.base}dataset/file/{name}")
            media = MEDIA.get(name.rpartition(".")[2])
            say(dataset, dcat + "distribution", file)
            say(file, PREFIXES["rdf"] + "type", f"<{dcat}Distribution>")
            say(file, dcterms + "title", string(name))
            if media:
                say(file, dcat + "mediaType", f"<{_MEDIA_TYPES}{media}>")
            if about.published:
                address = named(about.published + name)
                say(file, dcat + "downloadURL", address)
                if name.endswith((".ttl", ".trig", ".nt", ".nq", ".jsonld")):
                    say(dataset, void + "dataDump", address)
        return found

    def _vocabularies(self) -> list[str]:
        """Give the namespaces of the terms in use."""
        spaces = {_space(term) for term in (*self._classes, *self._properties)}
        return sorted(space for space in spaces if space)


def _space(term: str) -> str:
    iri = text_of(term)
    return iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]


def _local(term: str) -> str:
    """Give a name for the part of a term: ``nk-City`` if its prefix is known."""
    space = _space(term)
    local = text_of(term)[len(space) :]
    prefix = next((prefix for prefix, namespace in PREFIXES.items() if namespace == space), digest(space))
    return f"{prefix}-{local}"


def _count(number: int) -> str:
    return f'"{number}"^^<{PREFIXES["xsd"]}integer>'
