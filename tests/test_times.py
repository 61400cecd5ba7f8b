"""Times: the table of expressions, spans that hold on any text, and cost that grows with the text only."""

from __future__ import annotations

import re
import time
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis import Analyser
from kg.errors import KgError
from kg.mentions.times import TimeReader
from kg.model import Document, Mention, Sentence, Span, TimeValue, Token

ROOT = Path(__file__).parent.parent
GRAMMAR = ROOT / "data" / "grammar"
TABLE = yaml.safe_load((Path(__file__).parent / "data" / "times.yaml").read_text(encoding="utf-8"))
BRACES = re.compile(r"\{(.*?)\}")


@lru_cache(maxsize=1)
def analyser() -> Analyser:
    return Analyser()


@lru_cache(maxsize=1)
def reader() -> TimeReader:
    return TimeReader(GRAMMAR)


def mentions(text: str, published: date | None = None) -> list[Mention]:
    document = Document("d", text, "", published=published)
    return [m for sentence in analyser().sentences(document) for m in reader().read(document, sentence)]


def unbraced(text: str) -> tuple[str, list[Span]]:
    """Give the text without its braces and the spans that they held."""
    spans, plain, last = [], "", 0
    for met in BRACES.finditer(text):
        plain += text[last : met.start()]
        spans.append(Span(len(plain), len(plain) + len(met[1])))
        plain, last = plain + met[1], met.end()
    return plain + text[last:], spans


def shown(mention: Mention) -> str:
    value = mention.value
    assert isinstance(value, TimeValue)
    if value.kind == "Frequency":
        return value.repeats or "often"
    if value.kind == "Duration":
        return "duration"
    return value.edtf or ("time" if value.kind == "Time" else "none")


def rows() -> list[tuple[date | None, str, list[str]]]:
    return [
        (block["published"], text, [v.strip() for v in value.split("|")])
        for block in TABLE
        for text, value in block["cases"]
    ]


def test_table_is_large_enough_and_right() -> None:
    wrong, count = [], 0
    for published, text, values in rows():
        plain, spans = unbraced(text)
        got = {m.span: shown(m) for m in mentions(plain, published)}
        assert len(spans) == len(values), text
        for span, value in zip(spans, values, strict=True):
            count += 1
            if got.get(span) != value:
                wrong.append(f"{text} wanted {value}, got { {s.of(plain): v for s, v in got.items()} }")
        if extra := set(got) - set(spans):
            wrong.append(f"{text} also gave {[s.of(plain) for s in sorted(extra)]}")
    print(f"{count - len(wrong)} of {count} time expressions right")
    assert count >= 200
    assert 1 - len(wrong) / count >= 0.98, "\n".join(wrong)


@pytest.mark.parametrize("text", [text for block in TABLE for text in block.get("no", [])])
def test_what_is_no_time(text: str) -> None:
    plain, spans = unbraced(text)
    assert not [m for m in mentions(plain, date(2019, 12, 2)) if any(m.span.overlaps(span) for span in spans)]


def test_edtf_is_valid_and_bounds_agree() -> None:
    edtf = pytest.importorskip("edtf")
    parse = lru_cache(maxsize=None)(edtf.parse_edtf)
    checked = 0
    for published, text, _ in rows():
        plain, _ = unbraced(text)
        for mention in mentions(plain, published):
            value: Any = mention.value
            if value.edtf is None:
                assert value.earliest is None and value.latest is None
                continue
            parsed = parse(value.edtf)
            low, high = date(*parsed.lower_strict()[:3]), date(*parsed.upper_strict()[:3])
            assert value.earliest == low, text
            if not value.edtf.endswith("-24"):  # the package ends winter with the year
                assert value.latest == high, text
            checked += 1
    assert checked > 150


def test_korean_letters_decomposed_elsewhere_do_not_shift_spans() -> None:
    odd = "👍🏽 𠮷野家 한글 "
    text = odd + "29일\r\n대회가 열렸다.\r\n\t이날 왔다."
    got = [m.span.of(text) for m in mentions(text, date(2019, 12, 2))]
    assert got == ["29일", "이날"]


PIECES = st.sampled_from(
    "29일|지난 14일|내년 봄|7월 15일|부터|까지|~|∼| |\r\n|\t|👍🏽|𠮷|한|年|오전 10시|3일간|연 1회|매년"
    "|에|은|.|,|열렸다|2019|-|말|초|이날|전날"
    "|설 연휴|2월 30일|0월|99일|9999년|1000년|추석|00|년|3분기|다음 주|월요일|(수)".split("|")
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join), st.one_of(st.none(), st.dates()))
def test_any_text_gives_exact_spans_without_overlap(text: str, published: date | None) -> None:
    last = 0
    for mention in mentions(text, published):
        assert last <= mention.span.start < mention.span.end <= len(text)
        last = mention.span.end
        assert mention.span.of(text) == mention.span.of(text).strip()
        value = mention.value
        assert isinstance(value, TimeValue)
        if value.earliest and value.latest:
            assert value.earliest <= value.latest


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.dates())
def test_no_text_breaks_it(text: str, published: date) -> None:
    for mention in mentions(text, published):
        assert mention.span.of(text)


@pytest.mark.parametrize("unit", ["1", "1 ", "1,", "1~", "29일 ", "한 ", "이날 ", "2019-", "매년 "])
def test_cost_grows_with_the_text_only(unit: str) -> None:
    size = 1_000_000 if unit.strip().isdecimal() else 200_000
    text = unit * (size // len(unit))
    span = Span(0, len(text))
    document = Document("d", text, "", published=date(2019, 12, 2))
    sentence = Sentence(0, span, (Token("1", "SN", Span(0, 1), 0),), (span,))
    start = time.perf_counter()
    for _ in reader().read(document, sentence):
        pass
    assert time.perf_counter() - start < 20


def test_cost_of_a_long_document_is_that_of_its_sentences() -> None:
    line = "29일 열렸다. "

    def seconds(count: int) -> float:
        text = line * count
        document = Document("d", text, "", published=date(2019, 12, 2))
        start = time.perf_counter()
        for index in range(count):
            at = index * len(line)
            token = Token("29", "SN", Span(at, at + 2), 0)
            span = Span(at, at + 8)
            list(reader().read(document, Sentence(index, span, (token,), (Span(at, at + 3), Span(at + 4, at + 8)))))
        return time.perf_counter() - start

    seconds(100)
    assert seconds(20_000) < 60 * max(seconds(1_000), 0.05)


def test_same_every_time() -> None:
    text = "대회는 지난달 15일부터 17일까지 열렸다. 이날 시민이 왔다."
    assert mentions(text, date(2019, 12, 2)) == mentions(text, date(2019, 12, 2))


def test_faulty_table_is_named_with_its_place(tmp_path: Path) -> None:
    lines = (GRAMMAR / "times.yaml").read_text(encoding="utf-8")
    (tmp_path / "times.yaml").write_text(lines + "\nyaers: {올해: 0}\n", encoding="utf-8")
    with pytest.raises(KgError) as caught:
        TimeReader(tmp_path)
    assert caught.value.place and caught.value.place.line == lines.count("\n") + 2 and "yaers" in str(caught.value)
    with pytest.raises(KgError):
        TimeReader(tmp_path / "none")
