"""A build reads clauses only where a rule may hold: what it keeps is what reading every clause gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.articles import general, sentences
from kg.clauses import ClauseReading, Prospects
from kg.extract import Extractor
from kg.model import Document, Sentence, Span, Token
from kg.readings import Reading
from kg.text import from_text, read

ROOT = Path(__file__).parent.parent
CORPUS = sentences()
GENERAL = general()


def same(extractor: Extractor, document: Document) -> None:
    whole, skimmed = extractor.extract(document), extractor.skim(document)
    assert skimmed == replace(whole, clauses=())
    assert Reading.of(skimmed).to_json() == Reading.of(whole).to_json()


def composed(lines: Sequence[str], title: str | None = None, joint: str = " ") -> Document:
    return from_text(joint.join(lines), id="d", title=title, published=date(2020, 3, 4))


def test_the_shipped_corpus_is_read_alike(extractor: Extractor) -> None:
    for document in read(ROOT / "data/corpus"):
        same(extractor, document)


def test_everyday_news_is_read_alike(extractor: Extractor) -> None:
    if not GENERAL:
        pytest.skip("everyday news is not here")
    for at in range(0, len(GENERAL), 10):
        same(extractor, composed(GENERAL[at : at + 10]))


def test_the_examples_of_all_rules_are_read_alike(extractor: Extractor) -> None:
    texts = [example.text for rule in extractor.rules.rules.values() for example in rule.examples]
    for at in range(0, len(texts), 6):
        same(extractor, composed(texts[at : at + 6]))


@given(
    lines=st.lists(st.sampled_from([*CORPUS, *GENERAL]), min_size=1, max_size=8),
    title=st.none() | st.sampled_from(CORPUS),
    joint=st.sampled_from([" ", "\n"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mixed_sentences_are_read_alike(extractor: Extractor, lines: list[str], title: str | None, joint: str) -> None:
    same(extractor, composed(lines, title, joint))


def test_a_subject_is_taken_over_sentences_that_no_rule_waits_for(extractor: Extractor) -> None:
    text = (
        "한빛전자는 커다란 회사다. 크게 웃었다. 또 걸었다. 더 걸었다. " * 3
        + "칭다오에서 신제품을 공개했다. 텐센트를 인수했다."
    )
    document = composed([text])
    same(extractor, document)
    assert any(s.predicate == "nk:acquired" for s in extractor.skim(document))


def test_sentences_in_which_no_rule_can_hold_are_not_read(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    whole = ClauseReading.of
    monkeypatch.setattr(ClauseReading, "of", lambda self, at, lemmas=None: asked.append(at) or whole(self, at, lemmas))
    extractor.skim(composed(["바람이 불었다.", "화웨이가 텐센트를 인수했다.", "인수는 어렵다."]))
    assert asked == [1]


def test_prospects_tell_every_lemma_that_a_clause_has(extractor: Extractor) -> None:
    for line in CORPUS + GENERAL[:200]:
        read = extractor.extract(line)
        lemmas = {clause.lemma for clause in read.clauses}
        prospects = extractor._clause_reader.prospects(lemmas)
        assert lemmas <= frozenset().union(*map(prospects.of, read.sentences))


def test_morphemes_out_of_order_rule_nothing_out() -> None:
    tokens = (Token("가", "NNG", Span(0, 2), 0), Token("나", "NNG", Span(0, 1), 0))
    assert Prospects({"열다"}, {}).of(Sentence(0, Span(0, 2), tokens, ())) == {"열다"}
    assert Prospects({"열다"}, {}).of(Sentence(0, Span(0, 2), tokens[:1], ())) == frozenset()
