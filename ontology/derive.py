"""Write what follows from kg.ttl: the second part of shapes.ttl, and docs/ontology.md.

    python ontology/derive.py            write both
    python ontology/derive.py --check    exit 1 if either is stale

What kg.ttl declares of a property (domain, range, functionality) becomes a shape, so that a
graph is checked against the whole vocabulary and nothing is said twice by hand. Disjoint classes
are left to checks/disjoint-classes.rq: sh:not costs SHACL engines a quarter of their time.

The page is ours since no tool gives it: pyLODE 3.4 runs both languages of a label together (도시City), draws no
diagram and cannot say which queries and checks there are; WIDOCO has no Korean. LODE's order of things is kept.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from kg.ontology import NK, Ontology, OntologyClass, OntologyProperty  # noqa: E402

MARKER = "# ======== derived from kg.ttl by ontology/derive.py; do not edit below this line ========\n"
SHAPES, PAGE = HERE / "shapes.ttl", HERE.parent / "docs" / "ontology.md"

ADDING = """\
## Adding terms · 낱말 더하기

A project keeps terms of its own in a Turtle file in its ontology folder (`kg.toml`); they join the shipped
ones. Give each a label and a definition in both languages, and a class above it; no blank nodes.

```turtle
@prefix my: <https://example.org/my#> .
@prefix nk: <https://w3id.org/newskg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

my:Port a owl:Class ;
    rdfs:subClassOf nk:Facility ;
    rdfs:label "항만"@ko, "Port"@en ;
    skos:definition "배가 닿는 시설."@ko, "A facility where ships land."@en .
```

Rules and the lexicon then know the class as `Port`. What is not declared is an error with file, line and column.
The way to grow: the event first (`nk:Construction`), a direct link (`nk:builds`) where a plain question needs it.
""".splitlines()


def shapes(ontology: Ontology) -> str:
    """Give the derived part of shapes.ttl: a node shape a class, a subject and a value shape a property."""
    parts = ["\n# Classes\n\n"]
    parts += [_class_shape(cls, ontology) for _, cls in sorted(ontology.classes.items())]
    parts.append("\n# Properties: who may have it, and what its value is\n")
    parts += [_property_shapes(prop, ontology) for _, prop in sorted(ontology.properties.items())]
    return "".join(parts)


def _class_shape(cls: OntologyClass, ontology: Ontology) -> str:
    return f"nks:{cls.name} a sh:NodeShape ; sh:targetClass {ontology.curie(cls.iri)} ; sh:nodeKind sh:IRI .\n"


def _property_shapes(prop: OntologyProperty, ontology: Ontology) -> str:
    name = prop.curie.removeprefix("nk:").replace(":", "-")
    value = [f"nks:{name} a sh:PropertyShape", f"sh:targetSubjectsOf {prop.curie}", f"sh:path {prop.curie}"]
    value += _value(prop, ontology)
    value.append(
        f'sh:message "{prop.labels["ko"]}: 값은 {_named(prop.range, "ko", ontology)}이어야 한다."@ko,'
        f' "{prop.labels["en"]}: the value must be: {_named(prop.range, "en", ontology)}."@en'
    )
    shapes = [value]
    if prop.domain is not None and not prop.curie.startswith("dcterms:"):  # these serve several classes
        subject = [f"nks:{name}-subject a sh:NodeShape", f"sh:targetSubjectsOf {prop.curie}"]
        subject.append(f"sh:class {_term(prop.domain, ontology)}")
        subject.append(
            f'sh:message "{prop.labels["ko"]}: 주어는 {_named(prop.domain, "ko", ontology)}이어야 한다."@ko,'
            f' "{prop.labels["en"]}: the subject must be: {_named(prop.domain, "en", ontology)}."@en'
        )
        shapes.insert(0, subject)
    return "".join("\n" + " ;\n    ".join(lines) + " .\n" for lines in shapes)


def _value(prop: OntologyProperty, ontology: Ontology) -> Iterator[str]:
    if prop.kind == "object":
        yield "sh:nodeKind sh:IRI"
        if prop.range is not None:
            yield f"sh:class {_term(prop.range, ontology)}"
    elif prop.range == "rdf:langString":
        yield "sh:nodeKind sh:Literal"
    elif prop.range is not None:
        yield f"sh:datatype {prop.range}"
    if "functional" in prop.traits:
        yield "sh:maxCount 1"


def _term(name: str, ontology: Ontology) -> str:
    return ontology.curie(ontology.classes[name].iri) if name in ontology.classes else name


def _named(name: str | None, language: str, ontology: Ontology) -> str:
    cls = ontology.classes.get(name or "")
    return cls.labels[language] if cls else name or "-"


def page(ontology: Ontology) -> str:
    """Give docs/ontology.md: the tree, a diagram, and every term in Korean and English."""
    lines = [
        "# The ontology · 온톨로지",
        "",
        f"Version {ontology.version}. Namespace `nk: <{NK}>`. Made from `ontology/kg.ttl` by",
        "`python ontology/derive.py`; edit that file, not this page.",
        "",
        "A fact is told twice where a plain question needs it: as an event with roles, time, place and",
        "status, and as one direct link between named things. What is only planned, possible or claimed",
        "has an event of that status, and of the direct links only those that say so (`nk:plans`).",
        "",
        "## Diagram · 그림",
        "",
        "```mermaid",
        *_diagram(ontology),
        "```",
        "",
        "## Class tree · 클래스",
        "",
        *_tree(ontology, None, 0),
        "",
        "## Classes · 클래스 풀이",
        "",
        "| class | 이름 | definition · 풀이 | aligned to | never also |",
        "|---|---|---|---|---|",
    ]
    for _, cls in sorted(ontology.classes.items()):
        text = f"{cls.definitions['en']}<br>{cls.definitions['ko']}"
        related = f"{_code(cls.aligned)} | {_code(cls.disjoint)}"
        lines.append(f"| `{ontology.curie(cls.iri)}` | {cls.labels['ko']} | {text} | {related} |")
    for title, kind in (("Links between things · 관계", "object"), ("Values · 값", "datatype")):
        lines += [
            "",
            f"## {title}",
            "",
            "| property | 이름 | from → to | definition · 풀이 | is a | see |",
            "|---|---|---|---|---|---|",
        ]
        for _, prop in sorted(ontology.properties.items()):
            if prop.kind == kind:
                traits = f" ({', '.join(sorted(prop.traits))})" if prop.traits else ""
                text = f"{prop.definitions['en']}<br>{prop.definitions['ko']}"
                lines.append(
                    f"| `{prop.curie}`{traits} | {prop.labels['ko']} | {prop.domain or ''} → {prop.range or ''}"
                    f" | {text} | {_code(prop.parents)} | {_code(prop.related)} |"
                )
    lines += ["", "## Factuality · 사실성", "", *(f"- `{curie}`" for curie in sorted(ontology.individuals))]
    lines += [
        "",
        *ADDING,
        "",
        "## Questions · 물음",
        "",
        "| query | 물음 | question | parameters |",
        "|---|---|---|---|",
    ]
    for file, told in _headers("queries"):
        lines.append(f"| `{file.name}` | {told['title (ko)']} | {told['title (en)']} | {told['params']} |")
    lines += [
        "",
        'A parameter stands in a line of its own with a default (`VALUES ?place { "칭다오" }`); any known name of',
    ]
    lines += ["the thing will do.", "", "## Checks · 점검", "", "| check | severity | 문제 | problem | solution |"]
    lines += ["|---|---|---|---|---|"]
    for file, told in _headers("checks"):
        texts = f"{told['title (ko)']} | {told['problem']} | {told['solution']}"
        lines.append(f"| `{file.name}` | {told['severity']} | {texts} |")
    return "\n".join(lines) + "\n"


def _headers(folder: str) -> Iterator[tuple[Path, dict[str, str]]]:
    for file in sorted((HERE / folder).glob("*.rq")):
        lines = file.read_text(encoding="utf-8").splitlines()
        pairs = (line[1:].partition(":") for line in lines if line.startswith("#"))
        yield file, {key.strip(): value.strip() for key, colon, value in pairs if colon}


def _code(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _tree(ontology: Ontology, parent: str | None, depth: int) -> Iterator[str]:
    for name, cls in sorted(ontology.classes.items()):
        if (parent in cls.parents) if parent else not cls.parents:
            yield f"{'  ' * depth}- `{name}` {cls.labels['ko']}"
            yield from _tree(ontology, name, depth + 1)


def _diagram(ontology: Ontology) -> Iterator[str]:
    """Draw the upper classes and the links between them; the tree below lists the rest."""
    upper = {"Agent", "Place", "Institution", "Person", "Post", "Policy", "Event", "Topic", "Group", "Amount", "Status"}
    upper |= {"Matter", "Entity", "Document", "Match", "Rule", "Agreement"}
    yield "classDiagram"
    yield "  direction LR"
    for name in sorted(upper):
        for parent in sorted(upper.intersection(ontology.classes[name].parents)):
            yield f"  {parent} <|-- {name}"
    for curie in (
        "nk:locatedIn nk:takesPlaceIn nk:organizes nk:announced nk:plans nk:supports nk:signed nk:holdsPost org:postIn "
        "nk:theme nk:follows nk:agent nk:status nk:amount nk:mentions nk:inDocument nk:rule"
    ).split():
        prop = ontology.properties[curie]
        if prop.domain in upper and prop.range in upper:
            yield f"  {prop.domain} --> {prop.range} : {curie.partition(':')[2]}"


def main() -> int:
    """Write the two files, or with ``--check`` tell whether they are fresh."""
    ontology = Ontology.load(HERE)
    by_hand = SHAPES.read_text(encoding="utf-8").partition(MARKER)[0]
    wanted = {SHAPES: by_hand + MARKER + shapes(ontology), PAGE: page(ontology)}
    stale = [file for file, text in wanted.items() if not file.exists() or file.read_text(encoding="utf-8") != text]
    for file in stale:
        sys.stdout.write(f"{'stale' if '--check' in sys.argv else 'written'}: {file.relative_to(HERE.parent)}\n")
        if "--check" not in sys.argv:
            file.parent.mkdir(exist_ok=True)
            file.write_text(wanted[file], encoding="utf-8")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    raise SystemExit(main())
