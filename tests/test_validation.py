"""Checks of a built graph: each kind of fault is found, and a sound build has none."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kg.check.validation import CONFLICT, EVIDENCE, SHACL, VOCABULARY, Finding, Support, validate
from kg.errors import KgError
from kg.graph import DEFAULT_BASE, GraphBuilder
from kg.model import Document, Entity, Evidence, Extraction, Literal, Mention, Span, Statement
from kg.ontology import Ontology
from kg.text import read

if TYPE_CHECKING:
    from kg.extract import Extractor

ONTOLOGY = Path(__file__).parent.parent / "ontology"
TEXT = "한빛전자가 부산에서 '부산 선언'을 발표했다."
FIRM = Entity("Company/한빛전자", "Company", "한빛전자")
PAPER = Entity("Declaration/부산선언", "Declaration", "부산 선언")
QUOTED = Support("a.txt", "한빛전자가", "announce.policy", TEXT)
FAIR = Entity("Exhibition/한빛박람회", "Exhibition", "한빛 박람회")


def build(folder: Path, *triples: tuple[Entity, str, Entity | Literal], text: str = TEXT) -> Path:
    source = Document("a.txt", text, hashlib.sha256(text.encode()).hexdigest(), title="한빛전자, 선언 발표")
    proof = Evidence(source.id, Span(0, 5), text[:5], Span(0, len(text)), "announce.policy")
    builder = GraphBuilder(DEFAULT_BASE, None, Ontology.load(ONTOLOGY), "1.0", {"announce.policy": "기관이 발표한다"})
    builder.add(
        Extraction(
            source,
            mentions=(Mention(Span(0, 4), "Company", FIRM),),
            statements=tuple(Statement(s, p, o, proof) for s, p, o in triples),
        )
    )
    builder.write(folder)
    return folder


def found(findings: list[Finding], code: str) -> list[Finding]:
    return [finding for finding in findings if finding.code == code]


def test_a_sound_build_has_no_errors(tmp_path: Path) -> None:
    happened = Literal("nk:Happened", "rdfs:Class")
    folder = build(tmp_path, (FIRM, "nk:announced", PAPER), (FAIR, "nk:status", happened), (FAIR, "nk:agent", FIRM))
    assert [
        finding for finding in validate(folder, ONTOLOGY, texts={"a.txt": TEXT}) if finding.severity == "error"
    ] == []


def test_shapes_find_a_wrong_range_and_say_which_node(tmp_path: Path) -> None:
    findings = found(validate(build(tmp_path, (FIRM, "nk:basedIn", PAPER)), ONTOLOGY), SHACL)
    assert any("declaration-" in finding.where or "declaration-" in finding.what for finding in findings)
    assert findings[0].severity == "error"


def test_a_term_of_no_vocabulary_is_found(tmp_path: Path) -> None:
    findings = found(validate(build(tmp_path, (FIRM, "nk:bribed", PAPER)), ONTOLOGY), VOCABULARY)
    assert [finding.where for finding in findings] == ["nk:bribed"]


def test_a_conflict_shows_its_quotes(tmp_path: Path) -> None:
    triples = [(FAIR, "nk:status", Literal("nk:Happened", "rdfs:Class"))]
    for day in ("2019-11-29", "2020-03-01"):
        triples += [(FAIR, "nk:earliest", Literal(day, "xsd:date")), (FAIR, "nk:latest", Literal(day, "xsd:date"))]
        triples += [(FAIR, "nk:edtf", Literal(day, "edtf:EDTF"))]
    findings = found(validate(build(tmp_path, *triples), ONTOLOGY), CONFLICT)
    dates = [finding for finding in findings if "date" in finding.what.lower()]
    assert dates and dates[0].evidence == (QUOTED,)
    assert dates[0].mend


def test_both_sides_of_a_conflict_are_shown(tmp_path: Path) -> None:
    ontology = Ontology.load(ONTOLOGY)
    builder = GraphBuilder(DEFAULT_BASE, None, ontology, "1.0", {"announce.policy": "기관이 발표한다"})
    post = Entity("Post/부산시장", "Post", "부산시장")
    for name, words in (("a", "김한빛 부산시장은 웃었다."), ("b", "이한빛 부산시장은 울었다.")):
        holder = Entity(f"Official/{words[:3]}", "Official", words[:3])
        source = Document(name, words, hashlib.sha256(words.encode()).hexdigest(), published=date(2020, 3, 2))
        proof = Evidence(name, Span(0, 8), words[:8], Span(0, len(words)), "post.of")
        held = Statement(holder, "nk:holdsPost", post, proof)
        builder.add(Extraction(source, mentions=(Mention(Span(0, 3), "Official", holder),), statements=(held,)))
    builder.write(tmp_path)
    (finding,) = [one for one in validate(tmp_path, ONTOLOGY) if one.check == "two-holders"]
    assert [(one.document, one.rule, one.sentence) for one in finding.evidence] == [
        ("a", "post.of", "김한빛 부산시장은 웃었다."),
        ("b", "post.of", "이한빛 부산시장은 울었다."),
    ]
    assert str(finding.evidence[0]) == "a (post.of): 김한빛 부산시장은 웃었다."


def test_a_shape_s_finding_shows_its_evidence(tmp_path: Path) -> None:
    findings = found(validate(build(tmp_path, (FIRM, "nk:basedIn", PAPER)), ONTOLOGY), SHACL)
    assert [finding.evidence for finding in findings if finding.check == "basedIn"] == [(QUOTED,)]


def test_a_document_without_its_text_is_named(tmp_path: Path) -> None:
    (finding,) = found(validate(build(tmp_path, (FIRM, "nk:announced", PAPER)), ONTOLOGY, texts={}), EVIDENCE)
    assert finding.severity == "warning" and finding.where == "a.txt"


def test_a_sentence_that_moved_is_found(tmp_path: Path) -> None:
    folder = build(tmp_path, (FIRM, "nk:announced", PAPER))
    file = folder / "provenance.ttl"
    file.write_text(file.read_text().replace('발표했다." ;', '발표하다." ;'))
    findings = found(validate(folder, ONTOLOGY, texts={"a.txt": TEXT}), EVIDENCE)
    assert [finding.what for finding in findings] == ["the words at the span are not the quote"]


@pytest.mark.parametrize("term", ["https://x.kr/없는낱말", "http://www.w3.org/2004/02/skos/extra#Concept"])
def test_a_term_of_another_vocabulary_is_found(term: str, tmp_path: Path) -> None:
    folder = build(tmp_path, (FIRM, "nk:announced", PAPER))
    (folder / "graph.ttl").open("a").write(f'<https://x.kr/a> a <{term}> ; <{term}> "1"^^<{term}> .\n')
    assert len(found(validate(folder, ONTOLOGY), VOCABULARY)) == 1


def test_the_corpus_has_no_errors_and_its_evidence_stands_where_it_says(extractor: Extractor, tmp_path: Path) -> None:
    extractions = [extractor.extract(document) for document in read(*map(str, extractor.project.corpus))]
    builder = GraphBuilder(extractor.project.base, extractor.lexicon, extractor.ontology, "1.0", {})
    for extraction in extractions:
        builder.add(extraction)
    builder.write(tmp_path)
    texts = {extraction.document.id: extraction.document.text for extraction in extractions}
    assert len(texts) > 10
    findings = validate(tmp_path, ONTOLOGY, texts=texts)
    assert found(findings, EVIDENCE) == [] and [one for one in findings if one.severity == "error"] == []


def test_words_that_moved_are_found(tmp_path: Path) -> None:
    folder = build(tmp_path, (FIRM, "nk:announced", PAPER))
    file = folder / "provenance.ttl"
    file.write_text(file.read_text().replace('nk:quote "한빛전자가"', 'nk:quote "한빛전차가"'))
    findings = found(validate(folder, ONTOLOGY, texts={"a.txt": TEXT}), EVIDENCE)
    assert [finding.what for finding in findings] == ["the words at the span are not the quote"]
    assert found(validate(folder, ONTOLOGY), EVIDENCE) == [], "without the text nobody can tell"


def test_a_changed_document_is_said_once(tmp_path: Path) -> None:
    folder = build(tmp_path, (FIRM, "nk:announced", PAPER))
    (finding,) = found(validate(folder, ONTOLOGY, texts={"a.txt": TEXT + "!"}), EVIDENCE)
    assert finding.severity == "error" and finding.where == "a.txt" and finding.mend


def test_evidence_without_its_fact_is_found(tmp_path: Path) -> None:
    folder = build(tmp_path, (FIRM, "nk:announced", PAPER))
    file = folder / "graph.ttl"
    file.write_text(
        "".join(line for line in file.read_text().splitlines(True) if "nk:announced" not in line).replace(
            'skos:prefLabel "한빛전자"@ko ;', 'skos:prefLabel "한빛전자"@ko .'
        )
    )
    findings = found(validate(folder, ONTOLOGY), EVIDENCE)
    assert findings[0].evidence == (QUOTED,)


def test_a_quote_of_the_wrong_length_is_found(tmp_path: Path) -> None:
    folder = build(tmp_path, (FIRM, "nk:announced", PAPER))
    file = folder / "provenance.ttl"
    file.write_text(file.read_text().replace('nif:endIndex "5"', 'nif:endIndex "6"'))
    assert found(validate(folder, ONTOLOGY), EVIDENCE)


def test_findings_are_sorted_the_worst_first(tmp_path: Path) -> None:
    findings = validate(build(tmp_path, (FIRM, "nk:bribed", PAPER), (FAIR, "nk:agent", FIRM)), ONTOLOGY)
    assert findings == sorted(findings, key=lambda finding: finding.rank)
    assert findings[0].as_dict()["severity"] == "error"


def test_a_check_with_an_unknown_severity_is_said(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    folder = build(tmp_path / "build", (FIRM, "nk:announced", PAPER))
    ontology = tmp_path / "ontology"
    (ontology / "checks").mkdir(parents=True)
    (ontology / "kg.ttl").write_bytes((ONTOLOGY / "kg.ttl").read_bytes())
    (ontology / "checks" / "bad.rq").write_text("# severity: dreadful\nSELECT ?s { ?s a nk:City }")
    with pytest.raises(KgError, match="dreadful"):
        validate(folder, ontology)


def test_a_missing_build_is_said(tmp_path: Path) -> None:
    with pytest.raises(KgError):
        validate(tmp_path, ONTOLOGY)


def test_the_command_compares_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from kg.cli import run

    folder, article = build(tmp_path, (FIRM, "nk:announced", PAPER)), tmp_path / "a.txt"
    file = folder / "provenance.ttl"
    file.write_text(file.read_text().replace('"a.txt"', '"a"'))
    (folder / "graph.ttl").write_text((folder / "graph.ttl").read_text().replace('"a.txt"', '"a"'))
    project = str(ONTOLOGY.parent)
    article.write_text(TEXT, encoding="utf-8")
    assert run(["check", str(folder), str(article), "--texts", "-p", project]) == 0
    article.write_text(TEXT + " 끝.", encoding="utf-8")
    assert run(["check", str(folder), str(article), "--texts", "-p", project]) == 1
    assert "the document has changed since it was read" in capsys.readouterr().out
    assert run(["check", str(folder), str(article), "-p", project]) == 2
