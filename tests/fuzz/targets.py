"""What is fuzzed. Each target takes bytes, of which it makes its input, and raises `AssertionError` or worse on a fault.

A `KgError` is a fault told to the user, and so none here.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.model import Document, Span
from kg.text import from_text, offset_map, read

if TYPE_CHECKING:
    from kg.extract import Extractor

ROOT = Path(__file__).parent.parent.parent
PIECES = (
    "화웨이 텐센트 칭다오 부산시 상하이 시진핑 주석 왕칭시엔 서기 홍길동 기자 새솔연구소 한빛전자(주) 업무협약 정책 선언 계획 대회 회의 2019년 11월 29일 지난 14일 오는 "
    "오전 9시 20여 개 3조 5천억 원 1,000만 달러 12.5% 제3회 등 및 와 과 의 이 가 은 는 을 를 에 에서 에게 으로 로 부터 까지 도 만 이라고 고 며 면서 던 한 된 할 "
    "발표했다 열었다 열렸다 체결했다 설립할 밝혔다 인수했다 방문했다 임명됐다 하지 않았다 못했다 것으로 알려졌다 위해 따르면 대해 지을 짓고 있다 라고 말했다 "
    "靑島 青岛 華为 北京市 (青島) Huawei AI 5G COVID-19 https://a.b/c?d=e a@b.com ‘ ’ ' \" “ ” 「 」 『 』 ( ) [ ] < > · , . … ? ! - — ~ △ ▲ ☞ ㎡ ① "
    "😀 👨‍👩‍👧 🇰🇷 é ﬁ ㈜ ㄱ ㅏ 각 한 \u200b \u200d \u200f \u202e \ufeff \u00ad \x00 \x07 \x1b[31m \x7f \x85 \u2028 \ufffd \U0010ffff \n \r\n \t \u3000 ; : & </script> {{7*7}} %s =1+1 "
).split(" ")


@cache
def extractor() -> Extractor:
    import kg

    return kg.load(ROOT)


def text_of(data: bytes) -> str:
    """Make Korean-like text of bytes: each byte is a piece, with or without a space before it."""
    pieces = []
    for byte in data[:400]:
        pieces.append(("" if byte & 1 else " ") + PIECES[(byte * 7 + len(pieces) * (byte & 3)) % len(PIECES)])
    return "".join(pieces)


def reading(data: bytes) -> None:
    """Bytes of any kind, as a file of each kind: a document with sound offsets, or a fault that is told."""
    with tempfile.TemporaryDirectory() as folder:
        for suffix in (".txt", ".html", ".jsonl", ""):
            file = Path(folder, f"a{suffix}")
            file.write_bytes(data)
            try:
                documents = list(read(file, on_skip=lambda skipped: None))
            except KgError:
                continue
            for document in documents:
                check(document)


def check(document: Document) -> None:
    ends = [0]
    for span in document.body:
        assert 0 <= span.start <= span.end <= len(document.text) and span.start >= ends[-1], document
        ends.append(span.end)
    document.text.encode("utf-8")


def extraction(data: bytes) -> None:
    """Korean-like text: every span within the text, evidence quotes it, and what is read does not depend on offsets lost."""
    extracted(text_of(data))


def bare(data: bytes) -> None:
    """Any text at all, through the analyser."""
    extracted(data[:1_000].decode("utf-8", "replace"))


def extracted(text: str) -> Any:
    document = from_text(text)
    check(document)
    found = extractor().extract(document)
    size = len(document.text)
    spans = [m.span for m in found.mentions] + [t.span for s in found.sentences for t in s.tokens]
    spans += [c.predicate for c in found.clauses] + [a.span for c in found.clauses for a in c.roles]
    assert all(0 <= span.start <= span.end <= size for span in spans)
    back = offset_map(text)
    assert back.span(Span(0, size)) == Span(0, len(text))
    for statement in found.statements:
        evidence = statement.evidence
        assert evidence.span.of(document.text) == evidence.quote
    return found


def writing(data: bytes) -> None:
    """The RDF, GraphML and page of texts: real parsers read back as many facts as there are."""
    import networkx as nx
    import pyoxigraph as ox

    from kg.graph import DEFAULT_BASE, GraphBuilder
    from kg.page import write_page
    from kg.readings import Reading, Readings

    chance = random.Random(data)
    kept = Readings()
    for _ in range(2):
        cut = chance.randrange(len(data) + 1)
        name, text = data[:cut].decode("utf-8", "surrogateescape" if chance.random() < 0.1 else "replace"), text_of(data[cut:])
        document = from_text(text, name or "a", title=name[:80] or None, source=name)
        record = Reading.of(extractor().extract(document)).to_json()
        assert Reading.from_json(record).to_json() == record
        kept.want(document.id, "1")
        kept.put(document.id, "1", record)
    with tempfile.TemporaryDirectory() as name, kept:
        folder = Path(name)
        engine = extractor()
        counts = GraphBuilder(DEFAULT_BASE, engine.lexicon, engine.ontology, "1", {}, kept).write(folder)
        assert len(list(ox.parse(path=folder / "graph.ttl"))) == counts["triples"]
        for file in ("provenance.ttl", "graph.trig", "links.ttl"):
            assert all(ox.parse(path=folder / file)) or file == "links.ttl"
        nx.read_graphml(folder / "graph.graphml")
        (folder / "build.json").write_text("{}")
        write_page(folder, folder / "graph.html", ontology=engine.project.ontology[0], title=None)
        page_data(folder / "graph.html")


def page_data(file: Path) -> list[Any]:
    """Give the data blocks of a page, read by an HTML parser; nothing else in it is a script of another's."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(file.read_text(encoding="utf-8"))
    found = []
    for node in tree.css("script"):
        if "json" in (node.attributes.get("type") or ""):
            text = node.text()
            found.append(json.loads(text) if text.lstrip()[:1] in "[{" else text)
    assert found
    return found


def curating(data: bytes) -> None:
    """Bytes as files of a project: rules, lexicon, authority and kg.toml are read, or refused in one message."""
    from kg.authority import Authority
    from kg.lexicon import Lexicon
    from kg.project import Project
    from kg.rules import RuleSet

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.yaml").write_bytes(data)
        (folder / "kg.toml").write_bytes(data)
        engine = extractor()
        for load in (
            lambda: RuleSet.load((folder,), engine.ontology),
            lambda: Lexicon.load((folder,)),
            lambda: Authority.load((folder,), engine.lexicon, engine.ontology.classes),
            lambda: Project.find(folder),
        ):
            try:
                load()
            except KgError:
                pass


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (reading, extraction, bare, writing, curating)
}
