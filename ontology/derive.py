"""Write what follows from kg.ttl: the second part of shapes.ttl, and docs/ontology.md.

    python ontology/derive.py            write both
    python ontology/derive.py --check    exit 1 if either is stale

Everything that kg.ttl declares (a class's disjointness, a property's domain, range and
functionality) becomes a shape, so that a graph is checked against the whole vocabulary and
nothing is said twice by hand.
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


def shapes(ontology: Ontology) -> str:
    """Give the derived part of shapes.ttl: a node shape a class, a subject and a value shape a property."""
    barred = sorted({other for cls in ontology.classes.values() for other in cls.disjoint})
    parts = ["\n# Classes\n"]
    parts += [f"\nnks:is-{name} a sh:NodeShape ; sh:class nk:{name} .\n" for name in barred]
    parts += [_class_shape(cls, ontology) for _, cls in sorted(ontology.classes.items())]
    parts.append("\n# Properties: who may have it, and what its value is\n")
    parts += [_property_shapes(prop, ontology) for _, prop in sorted(ontology.properties.items())]
    return "".join(parts)


def _class_shape(cls: OntologyClass, ontology: Ontology) -> str:
    lines = [f"nks:{cls.name} a sh:NodeShape", f"sh:targetClass {ontology.curie(cls.iri)}", "sh:nodeKind sh:IRI"]
    lines += [f"sh:not nks:is-{other}" for other in cls.disjoint]
    if cls.disjoint:
        korean = ", ".join(ontology.classes[name].labels["ko"] for name in cls.disjoint)
        english = ", ".join(ontology.classes[name].labels["en"] for name in cls.disjoint)
        lines.append(
            f'sh:message "{cls.labels["ko"]}: 다음일 수 없다: {korean}."@ko,'
            f' "{cls.labels["en"]}: cannot also be any of: {english}."@en'
        )
    return "\n" + " ;\n    ".join(lines) + " .\n"


def _property_shapes(prop: OntologyProperty, ontology: Ontology) -> str:
    name = prop.curie.removeprefix("nk:").replace(":", "-")
    value = [f"nks:{name} a sh:PropertyShape", f"sh:path {prop.curie}", *_value(prop, ontology)]
    value.append(
        f'sh:message "{prop.labels["ko"]}: 값은 {_named(prop.range, "ko", ontology)}이어야 한다."@ko,'
        f' "{prop.labels["en"]}: the value must be: {_named(prop.range, "en", ontology)}."@en'
    )
    subject = [f"nks:{name}-subject a sh:NodeShape", f"sh:targetSubjectsOf {prop.curie}"]
    if prop.domain is not None and not prop.curie.startswith("dcterms:"):  # these serve several classes
        subject.append(f"sh:class {_term(prop.domain, ontology)}")
        subject.append(
            f'sh:message "{prop.labels["ko"]}: 주어는 {_named(prop.domain, "ko", ontology)}이어야 한다."@ko,'
            f' "{prop.labels["en"]}: the subject must be: {_named(prop.domain, "en", ontology)}."@en'
        )
    subject.append(f"sh:property nks:{name}")
    return "".join("\n" + " ;\n    ".join(lines) + " .\n" for lines in (subject, value))


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
    if name in ontology.classes:
        return ontology.classes[name].labels[language]
    return name or "-"


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
        lines.append(
            f"| `{ontology.curie(cls.iri)}` | {cls.labels['ko']} | {text} | {_code(cls.aligned)} | {_code(cls.disjoint)} |"
        )
    for title, kind in (("Links between things · 관계", "object"), ("Values · 값", "datatype")):
        lines += ["", f"## {title}", "", "| property | 이름 | from → to | definition · 풀이 | is a | see |", "|---|---|---|---|---|---|"]
        for _, prop in sorted(ontology.properties.items()):
            if prop.kind == kind:
                traits = f" ({', '.join(sorted(prop.traits))})" if prop.traits else ""
                text = f"{prop.definitions['en']}<br>{prop.definitions['ko']}"
                lines.append(
                    f"| `{prop.curie}`{traits} | {prop.labels['ko']} | {prop.domain or ''} → {prop.range or ''}"
                    f" | {text} | {_code(prop.parents)} | {_code(prop.related)} |"
                )
    lines += ["", "## Factuality · 사실성", "", *(f"- `{curie}`" for curie in sorted(ontology.individuals))]
    return "\n".join(lines) + "\n"


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
        print(f"{'stale' if '--check' in sys.argv else 'written'}: {file.relative_to(HERE.parent)}")
        if "--check" not in sys.argv:
            file.parent.mkdir(exist_ok=True)
            file.write_text(wanted[file], encoding="utf-8")
    return int(bool(stale) and "--check" in sys.argv)


if __name__ == "__main__":
    raise SystemExit(main())
