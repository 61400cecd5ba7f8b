"""From text to statements: turns, factuality, evidence, and the reasons that `explain` gives."""

from __future__ import annotations

import ast
import re
import unicodedata
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import kg
from kg.extract import Extractor, rendered
from kg.model import Extraction
from kg.rules import Rule
from kg.rules.rule import TURNS as RULE_TURNS
from kg.text import from_text, read

ROOT = Path(__file__).parent.parent


def facts(extractor: Extractor, text: str, rule: str) -> tuple[str, ...]:
    statements = [s for s in extractor.extract(text) if s.evidence.rule == rule]
    return rendered(statements, extractor.rules.bindings)


TURNS = [
    (table["rule"], row, tuple(row.get("gives", table["gives"])))
    for table in yaml.safe_load((ROOT / "tests/data/turns.yaml").read_text(encoding="utf-8"))
    for row in table["rows"]
]


@pytest.mark.parametrize(
    ("rule", "row", "gives"),
    TURNS,
    ids=[f"{rule}: {row['turn'] or 'nothing'}: {row['text']}" for rule, row, _ in TURNS],
)
def test_one_rule_reads_every_turn_of_its_verb(
    extractor: Extractor, rule: str, row: dict[str, str], gives: tuple[str, ...]
) -> None:
    """A row that `lacks` something is a known miss: it fails when it no longer is one."""
    made = [s for s in extractor.extract(row["text"]).statements if s.evidence.rule == rule]
    found = rendered(made, extractor.rules.bindings), "+".join(sorted({s.evidence.turn for s in made}))
    if "lacks" in row:
        assert found != (gives, row["turn"]), "gives it now: take lacks out of tests/data/turns.yaml"
    else:
        assert found == (gives, row["turn"])


def test_the_table_has_every_turn() -> None:
    named = {turn for _, row, _ in TURNS for turn in row["turn"].split("+") if turn and "lacks" not in row}
    assert named == set(RULE_TURNS)
    assert len({rule for rule, *_ in TURNS}) >= 12


@pytest.mark.parametrize(
    "text",
    [
        "화웨이는 '칭다오 선언'을 발표하지 않았다.",
        "화웨이가 '칭다오 선언'을 발표하면 시장이 움직인다.",
        "화웨이가 '칭다오 선언'을 발표했을까?",
        "화웨이는 '칭다오 선언'을 발표하지 못했다.",
    ],
)
def test_what_is_not_asserted_makes_no_statement(extractor: Extractor, text: str) -> None:
    assert not facts(extractor, text, "announce.policy")


def test_what_is_planned_never_looks_like_what_happened(extractor: Extractor) -> None:
    said = facts(extractor, "화웨이는 '칭다오 선언'을 발표할 계획이다.", "announce.policy")
    assert said == ("Announcement {nk:agent=화웨이, nk:status=nk:Planned, nk:theme=칭다오 선언}",)


def test_same_text_gives_the_same_statements(extractor: Extractor) -> None:
    text = "부산시와 인천시는 14일 벡스코에서 업무협약을 체결했다."
    document = from_text(text, published=date(2020, 10, 20))
    assert extractor.extract(document).statements == extractor.extract(document).statements


def test_every_span_of_the_corpus_slices_to_its_words(extractor: Extractor) -> None:
    for document in read(ROOT / "data/corpus"):
        extraction = extractor.extract(document)
        for statement in extraction:
            evidence = statement.evidence
            assert evidence.span.of(document.text) == evidence.quote
            assert evidence.quote.strip()
            assert evidence.document == document.id
        for mention in extraction.mentions:
            assert 0 <= mention.span.start < mention.span.end <= len(document.text)


PIECES = [
    "화웨이가",
    "칭다오에서",
    "'칭다오 선언'을",
    "발표했다.",
    "😀",
    "𠮷野家",
    "\r\n",
    "\t",
    "29일",
    "한빛전자와",
    "(華为)",
    "\u200b",
    "20여 개 업체가",
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12), st.booleans())
def test_spans_hold_for_any_text(extractor: Extractor, pieces: list[str], decomposed: bool) -> None:
    text = " ".join(pieces)
    try:
        document = from_text(unicodedata.normalize("NFD", text) if decomposed else text)
    except kg.KgError:
        return
    extraction = extractor.extract(document)
    for statement in extraction:
        assert statement.evidence.span.of(document.text) == statement.evidence.quote
    for sentence in extraction.sentences:
        for token in sentence.tokens:
            assert sentence.span.start <= token.span.start <= token.span.end <= sentence.span.end


def test_explain_says_where_a_rule_stopped(extractor: Extractor) -> None:
    explanation = extractor.explain("화웨이는 '칭다오 선언'을 발표하지 않았다.", "announce.policy")
    assert not any(attempt.fired for attempt in explanation.attempts)
    assert "denied" in explanation.advice
    explanation = extractor.explain("화웨이가 텐센트를 발표했다.", "announce.policy")
    assert "theme wants Policy or Law, and 텐센트 is Company: add Company to is" in explanation.advice
    assert "발표하다" in extractor.explain("화웨이가 웃었다.", "announce.policy").advice


def test_explain_of_an_unknown_rule_suggests_one(extractor: Extractor) -> None:
    with pytest.raises(kg.KgError, match="no rule announce.polcy") as caught:
        extractor.explain("화웨이가 웃었다.", "announce.polcy")
    assert caught.value.mend == "did you mean announce.policy?"


def test_the_engine_knows_no_korean_and_no_property() -> None:
    """Words come from rules and grammar, properties from rules: the engine has neither."""
    for file in sorted((ROOT / "kg/extract").glob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        documentation = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        } | {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                assert not any("\uac00" <= c <= "\ud7a3" for c in node.value), (
                    f"{file.name}:{node.lineno}: {node.value}"
                )
                assert not re.search(r"nk:\w", node.value), f"{file.name}:{node.lineno}: {node.value}"


NEAR = yaml.safe_load((ROOT / "tests/data/near-misses.yaml").read_text(encoding="utf-8"))


def fires(extractor: Extractor, read: Extraction, rule: Rule) -> bool:
    rules = replace(extractor.rules, rules={rule.id: rule})  # alone: no other says more of the same event
    return any(s.evidence.rule == rule.id for s in extractor.statements(read, rules))


@pytest.mark.parametrize("case", NEAR, ids=[f"{case['rule']}: {case['text']}" for case in NEAR])
def test_the_change_that_is_advised_is_told_and_true(extractor: Extractor, case: dict[str, str]) -> None:
    explanation = extractor.explain(case["text"], case["rule"])
    assert explanation.advice == case["advice"]
    if explanation.mended:
        assert fires(extractor, explanation.extraction, explanation.mended)
    if "instead" in case:
        assert fires(extractor, extractor.extract(case["instead"]), extractor.rule(case["rule"]))
    assert not fires(extractor, explanation.extraction, extractor.rule(case["rule"]))


def test_near_misses_of_all_kinds_are_tried() -> None:
    assert len(NEAR) >= 30 and len({case["rule"] for case in NEAR}) >= 20


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_rule_changed_as_advised_says_something(data: st.DataObject, extractor: Extractor) -> None:
    """Any shipped rule on an example of any other: if a change of the rule is advised, it is enough."""
    rules = [rule for rule in extractor.rules.rules.values() if rule.examples]
    rule, other = data.draw(st.sampled_from(rules)), data.draw(st.sampled_from(rules))
    example = data.draw(st.sampled_from(data.draw(st.sampled_from([rule, other])).examples))
    explanation = extractor.explain(example.text, rule.id)
    if not any(attempt.fired for attempt in explanation.attempts):
        assert explanation.advice
        if explanation.mended:
            assert fires(extractor, explanation.extraction, explanation.mended), explanation.advice


def test_an_event_of_which_another_rule_says_more_is_left_out(extractor: Extractor) -> None:
    """One investment, with what it goes into; a second node would say but who and how much."""
    for text in ("한빛전자는 하노이에 5억 달러를 투자했다.", "한빛전자는 5억 달러를 투자했다."):
        said = [s for s in extractor.extract(text) if s.predicate == "nk:agent"]
        assert len(said) == 1, [s.evidence.rule for s in said]


def test_a_quoted_policy_before_its_noun_is_what_is_done(extractor: Extractor) -> None:
    said = extractor.extract("부산시는 '바다 지갑' 정책을 시행했다.")
    assert [(s.subject.label, s.object.label) for s in said if s.predicate == "nk:implements"] == [
        ("부산", "바다 지갑")
    ]


def test_a_past_day_before_a_quoted_plan_is_that_of_the_saying(extractor: Extractor) -> None:
    document = from_text("화웨이는 지난 10일 하노이에 배터리 공장을 세울 계획이라고 밝혔다.", published=date(2024, 5, 20))
    assert [s for s in extractor.extract(document) if s.predicate == "nk:edtf"] == []


def test_a_headline_in_nouns_tells_of_a_plant_to_come(extractor: Extractor) -> None:
    document = from_text("화웨이, 하노이에 배터리 공장 건설\n\n화웨이가 발표했다.\n")
    said = [s for s in extractor.extract(document) if s.evidence.rule == "facility.build-unnamed"]
    assert {s.evidence.status for s in said} == {"Planned"}


def test_an_event_that_headline_and_text_tell_is_one(extractor: Extractor) -> None:
    document = from_text("화웨이, 하노이에 새 공장 건설\n\n화웨이가 하노이에 배터리 공장을 지을 계획이다.\n")
    said = [s for s in extractor.extract(document) if s.predicate == "nk:takesPlaceIn"]
    assert [s.evidence.quote.startswith("화웨이가") for s in said] == [True]


def test_an_amount_that_is_a_bound_is_another_than_the_amount(extractor: Extractor) -> None:
    said = [s for s in extractor.extract("부산시는 최대 30억원을 한빛전자에 지원했다.") if s.subject.type == "Amount"]
    assert {s.predicate for s in said} == {"nk:amountMax", "nk:amountUnit", "nk:amountText"}
    assert {s.subject.key for s in said} == {"Amount/~30억원"}


def test_two_verbs_of_one_meeting_make_one_node(extractor: Extractor) -> None:
    document = from_text("한국과 일본은 20일 서울에서 만나 회담했다.", published=date(2024, 5, 22))
    said = [s for s in extractor.extract(document) if s.subject.type == "Meeting" and s.predicate == "nk:agent"]
    assert len({s.subject.key for s in said}) == 1
