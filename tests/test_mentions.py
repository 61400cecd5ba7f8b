"""Names in text: the table of cases, exact spans, determinism, keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis import Analyser
from kg.lexicon import Lexicon
from kg.mentions import MentionReader
from kg.mentions.entities import language, normalised
from kg.model import Mention
from kg.text import from_text

DATA = Path(__file__).parent / "data"
GRAMMAR = Path(__file__).parent.parent / "data" / "grammar"
CASES: list[dict[str, Any]] = yaml.safe_load((DATA / "mentions.yaml").read_text(encoding="utf-8"))
SEED = Path(__file__).parent.parent.parent / "shared" / "seed"


class Reader:
    """The reader with the small lexicon."""

    def __init__(self) -> None:
        lexicon = Lexicon.load([DATA / "lexicon-small"])
        self.analyser = Analyser(lexicon.analyser_names())
        self.mentions = MentionReader(lexicon, GRAMMAR)

    def read(self, text: str) -> tuple[str, tuple[Mention, ...]]:
        document = from_text(text, id="t")
        return document.text, self.mentions.read(document, tuple(self.analyser.sentences(document)))


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def test_there_are_enough_cases() -> None:
    assert sum(len(case.get(part, ())) for case in CASES for part in ("by", "key", "no", "together")) >= 200


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:24])
def test_case(case: dict[str, Any], reader: Reader) -> None:
    text, mentions = reader.read(case["text"])
    named = [m for m in mentions if m.entity is not None]
    found = {(m.span.of(text), m.type) for m in named}
    keys = {(m.span.of(text), m.entity.key) for m in named if m.entity is not None}
    missing = {(surface, type_) for surface, type_ in case.get("by", {}).items()} - found
    unkeyed = {(surface, key) for surface, key in case.get("key", {}).items()} - keys
    wrong = {m.span.of(text) for m in named} & set(case.get("no", ()))
    together: dict[str, list[str]] = {}
    for mention in named:
        if mention.together and mention.entity is not None:
            together.setdefault(mention.span.of(text), []).append(mention.entity.key)
    several = {words: sorted(keys) for words, keys in case.get("together", {}).items()}
    unsaid = {words for words in several if sorted(together.get(words, ())) != several[words]}
    assert not (missing or unkeyed or wrong or unsaid), (missing, unkeyed, wrong, together, sorted(found), sorted(keys))


def test_a_parenthesis_teaches_an_alias(reader: Reader) -> None:
    _, mentions = reader.read("다온커지(多溫科技)가 문을 열었다. 多溫科技는 칭다오에 있다.")
    entity = next(m.entity for m in mentions if m.entity is not None and "다온커지" in m.entity.label)
    assert "多溫科技" in {name for name, _ in entity.names}


def test_one_thing_has_one_key_and_one_class(reader: Reader) -> None:
    _, mentions = reader.read("박원순 서울시장은 2011년 취임했다. 박원순은 변호사였다.")
    assert {m.type for m in mentions if m.entity is not None and m.entity.label == "박원순"} == {"Official"}


def test_an_anonymous_person_stays_in_the_document(reader: Reader) -> None:
    _, mentions = reader.read("최모(32)씨는 신청서를 냈다.")
    assert [m.entity.key for m in mentions if m.type == "Person" and m.entity is not None] == ["Person/t/최"]


def test_mentions_are_sorted_and_no_two_are_alike(reader: Reader) -> None:
    for case in CASES[:40]:
        _, mentions = reader.read(case["text"])
        assert [(m.span.start, -m.span.end) for m in mentions] == sorted((m.span.start, -m.span.end) for m in mentions)
        assert len({(m.span, m.type, m.entity and m.entity.key) for m in mentions}) == len(mentions)
        assert len({(m.span, m.type) for m in mentions if not m.together}) == sum(not m.together for m in mentions)
        assert all((m.entity is None) != (m.value is None) for m in mentions)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "화웨이가",
                "칭다오(青島)에서",
                "'일대일로'",
                "😀",
                "김모(33)씨는",
                "𠀀山",
                "\t",
                "제5회",
                "대회를",
                "(",
                ")",
                "“",
                "24개",
                "업체",
                "등",
                "기업",
                "박 시장은",
                "한빛전자·화웨이",
                "㈜",
                "。",
                "이번 대회",
                "란란(高级)",
                "회장",
                "인",
                "의",
                "·",
                "AI+",
                "청도시",
            ]
        ),
        min_size=1,
        max_size=14,
    )
)
def test_any_row_of_words_is_read_with_exact_spans(words: list[str]) -> None:
    reader = _shared()
    text, mentions = reader.read(" ".join(words))
    for mention in mentions:
        surface = mention.span.of(text)
        assert surface == surface.strip() and surface
    assert mentions == reader.read(" ".join(words))[1]


_READER: list[Reader] = []


def _shared() -> Reader:
    """Give one reader for all examples of a property; loading the analyser takes seconds."""
    if not _READER:
        _READER.append(Reader())
    return _READER[0]


def test_a_body_of_the_state_is_that_of_the_country_spoken_of() -> None:
    lexicon = Lexicon.load([Path(__file__).parent.parent / "data" / "lexicon"])
    reader = MentionReader(lexicon, GRAMMAR)
    analyser = Analyser(reader.analyser_names())

    def keys(text: str) -> dict[str, str]:
        document = from_text(text, id="t")
        mentions = reader.read(document, tuple(analyser.sentences(document)))
        return {m.span.of(document.text): m.entity.key for m in mentions if m.entity is not None}

    assert keys("국방부는 훈련을 마쳤다.")["국방부"] == "mnd"
    assert keys("국방부는 미국과 협의했다고 한국 언론이 전했다.")["국방부"] == "mnd"
    assert keys("영국 기상청은 비를 예보했다.")["영국 기상청"] == "GovernmentBody/영국기상청"
    assert keys("인텔은 미국 회사다. 국방부와 계약을 맺었다.")["국방부"] == "GovernmentBody/t/국방부"
    assert keys("리하오 외교부 부장이 부산을 찾았다.")["외교부"] == "GovernmentBody/t/외교부"
    assert keys("리하오 중국 외교부장이 부산을 찾았다.")["외교부"] == "mfa-china"
    assert keys("중국 정부는 친하오 외교부 부장이 부산을 찾는다고 밝혔다.")["외교부"] == "mfa-china"


def test_keys_forget_space_and_quotes() -> None:
    assert normalised("인공지능 산업공동체") == normalised("‘인공지능산업공동체’")
    assert normalised("한·중 FTA") == normalised("한ㆍ중FTA")
    assert [language(s) for s in ("화웨이", "IBM", "大連", "华为")] == ["ko", "en", "ko-hani", "zh-hans"]


@pytest.mark.skipif(not SEED.is_dir(), reason="not in the repository: seed")
def test_the_seed_gives_its_names() -> None:
    lexicon = Lexicon.load([Path(__file__).parent.parent / "data" / "lexicon"])
    analyser = Analyser(lexicon.analyser_names())
    document = from_text(next(SEED.glob("*.txt")).read_text(encoding="utf-8"), id="seed")
    mentions = MentionReader(lexicon, GRAMMAR).read(document, tuple(analyser.sentences(document)))
    found = {(m.span.of(document.text), m.type) for m in mentions}
    for surface, type_ in {
        "2019 인공지능 산업공동체 칭다오 회의": "Conference",
        "인공지능산업공동체 칭다오 선언": "Declaration",
        "왕칭시엔": "Official",
        "란란": "Person",
        "오금경": "Person",
        "상하이김포투자관리유한공사": "Company",
        "과대신비청도 AI+산업가속센터": "Organization",
        "세계 인공지능 응용대회": "Conference",
        "청도 인공지능 혁신응용 선도구": "PilotZone",
        "중국 공업정보화부": "GovernmentBody",
        "24개 업체": "Group",
        "56개 업체": "Group",
        "국제회의장": "Venue",
    }.items():
        assert (surface, type_) in found, surface
