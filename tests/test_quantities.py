"""Quantities: the table of expressions, spans that hold on any text, and cost that grows with the text only."""

from __future__ import annotations

import re
import time
from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis import Analyser
from kg.errors import KgError
from kg.mentions.numerals import read_native, read_numeral
from kg.mentions.quantities import QuantityReader
from kg.model import Document, Mention, QuantityValue, Sentence, Span, Token

GRAMMAR = Path(__file__).parent.parent / "data" / "grammar"
TABLE = yaml.safe_load((Path(__file__).parent / "data" / "quantities.yaml").read_text(encoding="utf-8"))
BRACES = re.compile(r"\{(.*?)\}")


@lru_cache(maxsize=1)
def analyser() -> Analyser:
    return Analyser()


@lru_cache(maxsize=1)
def reader() -> QuantityReader:
    return QuantityReader(GRAMMAR)


def mentions(text: str) -> list[Mention]:
    document = Document("d", text, "")
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
    assert isinstance(value, QuantityValue)
    bounds = [".." if bound is None else str(bound) for bound in (value.minimum, value.maximum)]
    return " ".join([value.kind, *bounds, value.unit or "-"])


def test_table_is_large_enough_and_right() -> None:
    wrong, count = [], 0
    for text, values in TABLE["cases"]:
        plain, spans = unbraced(text)
        got = {m.span: shown(m) for m in mentions(plain)}
        for span, value in zip(spans, values.split("|"), strict=True):
            count += 1
            if got.get(span) != value.strip():
                wrong.append(f"{text} wanted {value}, got { {s.of(plain): v for s, v in got.items()} }")
        if extra := set(got) - set(spans):
            wrong.append(f"{text} also gave {[s.of(plain) for s in sorted(extra)]}")
    print(f"{count - len(wrong)} of {count} quantities right")
    assert count >= 150
    assert 1 - len(wrong) / count >= 0.98, "\n".join(wrong)


@pytest.mark.parametrize("text", TABLE["no"])
def test_what_is_no_quantity(text: str) -> None:
    plain, spans = unbraced(text)
    assert not [m for m in mentions(plain) if any(m.span.overlaps(span) for span in spans)]


@given(st.integers(1, 10**15))
def test_digits_read_as_what_they_say(number: int) -> None:
    for text in (str(number), f"{number:,}"):
        numeral = read_numeral(text + "명", 0)
        assert numeral and (numeral.minimum, numeral.maximum, numeral.end) == (number, number, len(text))


@given(st.integers(1, 9999), st.integers(0, 9999))
def test_units_of_ten_thousand_add_up(high: int, low: int) -> None:
    text = f"{high}억{low}만" if low else f"{high}억"
    numeral = read_numeral(text, 0)
    assert numeral and numeral.minimum == high * 10**8 + low * 10**4 and numeral.exact


@given(st.integers(10, 10**9))
def test_some_more_reaches_to_the_next_unit(number: int) -> None:
    numeral = read_numeral(f"{number}여 명", 0)
    assert numeral and numeral.maximum is not None
    place = numeral.maximum + 1 - numeral.minimum
    assert numeral.minimum == number and number % place == 0 and number % (place * 10) != 0


def test_native_numerals() -> None:
    read = [read_native(word, 0) for word in ("두", "열두", "스무", "서른여섯", "두세")]
    assert [(n.minimum, n.maximum) for n in read if n] == [(2, 2), (12, 12), (20, 20), (36, 36), (2, 3)]


def test_odd_characters_do_not_shift_spans() -> None:
    text = "👍🏽 𠮷野家 \r\n20여 개\t기업과 𠀋 세 곳이 왔다."
    assert [m.span.of(text) for m in mentions(text)] == ["20여 개", "세 곳"]


PIECES = st.sampled_from(
    "20|여| |개|명|억|만|원|달러|1,234|5.3|%|포인트|제|회|두"
    "|세|번째|수십|~|∼|-|(33)|김모|절반|분의|이상|㎡|👍🏽|𠮷|한|\r\n|.|,|·|천"
    "|이|대|0|$".split("|")
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join))
def test_any_text_gives_exact_spans_without_overlap(text: str) -> None:
    last = 0
    for mention in mentions(text):
        assert last <= mention.span.start < mention.span.end <= len(text)
        last = mention.span.end
        assert mention.span.of(text) == mention.span.of(text).strip()
        value = mention.value
        assert isinstance(value, QuantityValue)
        if value.minimum is not None and value.maximum is not None:
            assert value.minimum <= value.maximum


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_it(text: str) -> None:
    for mention in mentions(text):
        assert mention.span.of(text)


@pytest.mark.parametrize("unit", ["1", "1 ", "1,", "1~", "1만 ", "한 ", "(1", "천", "제1"])
def test_cost_grows_with_the_text_only(unit: str) -> None:
    size = 1_000_000 if unit.strip().isdecimal() else 200_000
    text = unit * (size // len(unit))
    span = Span(0, len(text))
    document = Document("d", text, "")
    sentence = Sentence(0, span, (Token("1", "SN", Span(0, 1), 0),), (span,))
    start = time.perf_counter()
    for _ in reader().read(document, sentence):
        pass
    assert time.perf_counter() - start < 20


def test_faulty_table_is_named_with_its_place(tmp_path: Path) -> None:
    lines = (GRAMMAR / "units.yaml").read_text(encoding="utf-8")
    (tmp_path / "units.yaml").write_text(lines + "\nunits: [개]\n", encoding="utf-8")
    with pytest.raises(KgError) as caught:
        QuantityReader(tmp_path)
    assert caught.value.place and caught.value.place.line == lines.count("\n") + 2
