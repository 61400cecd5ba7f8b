"""Graphs to test and measure the page with: seeded, in the shape that a build writes, of made-up places and firms."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

PREFIXES = """@prefix nk: <https://w3id.org/newskg/ontology#> .
@prefix id: <https://w3id.org/newskg/id/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
FIRST = "가람 나루 다온 라온 마루 바다 사랑 아라 자람 차오름 큰별 타래 푸른 하늘 한빛 새봄 온누리 이음 은하 별빛 솔내 달빛 여울 미르 두레".split()
SECOND = "강 들 샘 터 재 골 내 섬 벌 누리".split()
KINDS = {
    "City": ["시"],
    "Region": ["도", "권역"],
    "Company": ["전자", "중공업", "바이오", "자동차", "물산"],
    "GovernmentBody": ["청", "위원회"],
    "Organization": ["협회", "연구소"],
    "Policy": [" 정책", " 지원책"],
    "Declaration": [" 선언"],
    "Plan": [" 기본계획"],
    "PilotZone": [" 시범구"],
    "Conference": [" 회의", " 포럼"],
    "Announcement": [" 발표"],
    "Agreement": [" 협약"],
    "Investment": [" 투자"],
    "Construction": [" 건설"],
    "Topic": [" 산업", " 기술"],
}
EVENTS = ("Conference", "Announcement", "Agreement", "Investment", "Construction")
SHARE = {
    "City": 14,
    "Region": 4,
    "Company": 22,
    "GovernmentBody": 8,
    "Organization": 7,
    "Policy": 6,
    "Declaration": 3,
    "Plan": 4,
    "PilotZone": 3,
}
SHARE |= {"Conference": 9, "Announcement": 7, "Agreement": 5, "Investment": 4, "Construction": 3, "Topic": 6}
LINKS = {
    "City": [("locatedIn", "Region")],
    "Company": [("basedIn", "City"), ("announced", "Plan"), ("participatesIn", "Conference"), ("investsIn", "City")],
    "GovernmentBody": [
        ("announced", "Policy"),
        ("organizes", "Conference"),
        ("locatedIn", "City"),
        ("supports", "Company"),
    ],
    "Organization": [("participatesIn", "Conference"), ("proposed", "Policy"), ("locatedIn", "City")],
    "Policy": [("theme", "Topic")],
    "Declaration": [("theme", "Topic"), ("follows", "Declaration")],
    "Plan": [("theme", "Topic"), ("follows", "Plan")],
    "PilotZone": [("locatedIn", "City")],
    "Conference": [("takesPlaceIn", "City"), ("theme", "Topic")],
    "Announcement": [("agent", "GovernmentBody"), ("theme", "Declaration")],
    "Agreement": [("participant", "Company"), ("takesPlaceIn", "City")],
    "Investment": [("agent", "Company"), ("takesPlaceIn", "City")],
    "Construction": [("agent", "Company"), ("takesPlaceIn", "City")],
    "Region": [("cooperatesWith", "Region")],
    "Topic": [],
}
STATUSES = ["Happened"] * 7 + ["Planned", "Planned", "Possible", "Claimed"]


def graph_turtle(count: int, seed: int = 7, isolated: float = 0.03) -> tuple[str, str]:
    """Give ``graph.ttl`` and ``provenance.ttl`` of about `count` nodes."""
    rng = random.Random(seed)
    kinds = list(SHARE)
    weights = [SHARE[k] for k in kinds]
    things: dict[str, list[str]] = {k: [] for k in KINDS}
    facts, sources, used = [PREFIXES], [PREFIXES], set()
    documents = max(3, count // 25)
    for d in range(documents):
        day = date(2019, 1, 1) + timedelta(days=rng.randrange(900))
        sources.append(
            f'id:doc-{d} a nk:Document ; dcterms:title "보도 자료 {d + 1}호"@ko ; dcterms:issued "{day}"^^xsd:date ; dcterms:source "https://example.org/{d}" .'
        )
    for rule, about in (("test.link", "누가 무엇과 이어져 있다"), ("test.event", "어떤 일이 어디에서 있었다")):
        sources.append(f'id:rule-{rule} a nk:Rule ; dcterms:identifier "{rule}" ; rdfs:comment "{about}"@ko .')
    nodes = []
    for number in range(count):
        kind = kinds[number % len(kinds)] if number < len(kinds) else rng.choices(kinds, weights)[0]
        for _ in range(6):
            name = (
                rng.choice(FIRST)
                + rng.choice(SECOND + [""])
                + (rng.choice(SECOND) if count > 500 else "")
                + rng.choice(KINDS[kind])
            )
            if name not in used:
                break
        else:
            name = f"{name} {number}"
        used.add(name)
        node = f"id:{kind.lower()}-{number}"
        things[kind].append(node)
        nodes.append((node, kind, name))
    links = 0
    for number, (node, kind, name) in enumerate(nodes):
        status = rng.choice(STATUSES)
        lines = [f'{node} a nk:{kind} ; rdfs:label "{name}"@ko ; skos:prefLabel "{name}"@ko']
        if number % 3 == 0:
            lines.append(f'rdfs:label "{kind} {number}"@en ; skos:altLabel "{name[:2]}-{number}"@ko')
        if kind in EVENTS:
            day = date(2019, 6, 1) + timedelta(days=rng.randrange(1500))
            lines.append(
                f'nk:status nk:{status} ; nk:edtf "{day}" ; nk:earliest "{day}"^^xsd:date ; nk:latest "{day + timedelta(days=rng.choice([0, 0, 2, 30]))}"^^xsd:date'
            )
        facts.append(" ;\n    ".join(lines) + " .")
        if rng.random() < isolated:
            continue
        for predicate, wanted in LINKS[kind]:
            pool = things[wanted]
            for _ in range(1 if predicate in ("locatedIn", "basedIn") else rng.choice([0, 1, 1, 2])):
                # Squared, so that a few things have many relations, as in the news.
                other = pool[int(len(pool) * rng.random() ** 2)] if pool else node
                if other == node:
                    continue
                facts.append(f"{node} nk:{predicate} {other} .")
                other_name = next_name(nodes, other)
                quote = f"{name}, {other_name}"
                sentence = f"이날 {quote} 소식이 함께 전해졌다."
                document = rng.randrange(documents)
                said = status if kind in EVENTS else rng.choice(STATUSES)
                sources.append(
                    f"id:statement-{links} a rdf:Statement ; rdf:subject {node} ; rdf:predicate nk:{predicate} ; rdf:object {other} ; nk:evidence id:match-{links} .\n"
                    f'id:match-{links} a nk:Match ; nk:document id:doc-{document} ; nif:anchorOf "{quote}" ; nk:sentence "{sentence}"@ko ; nif:beginIndex 103 ; '
                    f'nif:endIndex {103 + len(quote)} ; nk:sentenceBegin 100 ; nk:rule id:rule-test.{"event" if kind in EVENTS else "link"} ; nk:turn "active" ; nk:status nk:{said} .\n'
                    f"id:doc-{document} nk:mentions {node}, {other} ."
                )
                links += 1
    return "\n".join(facts) + "\n", "\n".join(sources) + "\n"


def next_name(nodes: list[tuple[str, str, str]], node: str) -> str:
    """Give the label of a node by its local name, which ends in its number."""
    return nodes[int(node.rsplit("-", 1)[1])][2]


def write_build(folder: Path, count: int, seed: int = 7) -> Path:
    """Write a build folder of about `count` nodes and give it back."""
    folder.mkdir(parents=True, exist_ok=True)
    graph, provenance = graph_turtle(count, seed)
    (folder / "graph.ttl").write_text(graph, encoding="utf-8")
    (folder / "provenance.ttl").write_text(provenance, encoding="utf-8")
    return folder
