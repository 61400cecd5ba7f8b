"""Reading: encodings, formats, page furniture, offsets, and what cannot be read."""

from __future__ import annotations

import codecs
import json
import time
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError
from kg.model import Span
from kg.text import Skipped, from_text, offset_map, read
from kg.text.decoding import decode
from kg.text.furniture import Pattern, load
from kg.text.html import page

ARTICLE = "새솔시, 항로 개설\n\n입력 2019.12.01 15:26\n\n새솔시가 새 항로를 열었다.\n"
LAYOUTS = yaml.safe_load((Path(__file__).parent / "data/text/layout.yaml").read_text(encoding="utf-8"))
FURNITURE = [
    (table, pattern) for table in ("pieces", "lines", "blocks", "heads", "tails") for pattern in getattr(load(), table)
]


@pytest.mark.parametrize("case", LAYOUTS, ids=lambda case: case["id"])
def test_layout(case: dict[str, Any]) -> None:
    document = from_text(case["text"])
    assert [span.of(document.text) for span in document.body] == case["body"]
    for name in ("title", "published", "modified", "dateline"):
        assert getattr(document, name) == case.get(name), name
    if document.title_span:
        assert document.title_span.of(document.text) == document.title


@pytest.mark.parametrize(("table", "pattern"), FURNITURE, ids=lambda value: getattr(value, "id", value))
def test_furniture_examples(table: str, pattern: Pattern) -> None:
    assert pattern.yes and pattern.no, "an example for and one against"
    for words in pattern.yes:
        assert pattern.regex.fullmatch(words), words
    for words in pattern.no:
        assert not (pattern.regex.match if table == "heads" else pattern.regex.fullmatch)(words), words


def test_furniture_of_a_project_adds_to_the_shipped(tmp_path: Path) -> None:
    (tmp_path / "furniture.yaml").write_text("lines: [{id: own, pattern: 'Z+', yes: [ZZ], no: [Y]}]", encoding="utf-8")
    text = "시는 항로를 열었다.\nZZZ\n내가 본 뉴스 닫기"
    assert len(from_text(text).body) == 2
    assert len(from_text(text, grammar=(tmp_path,)).body) == 1


def test_a_copy_of_the_shipped_furniture_changes_nothing(tmp_path: Path) -> None:
    shipped = Path(__file__).parent.parent / "data/grammar/furniture.yaml"
    (tmp_path / "furniture.yaml").write_bytes(shipped.read_bytes())
    assert load((tmp_path,)) == load()


@pytest.mark.parametrize(
    ("content", "code"), [("linez: []", "KG001"), ("lines: [{id: a, pattern: '(', yes: [a], no: [b]}]", "KG207")]
)
def test_faulty_furniture(tmp_path: Path, content: str, code: str) -> None:
    (tmp_path / "furniture.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(KgError) as caught:
        load((tmp_path,))
    assert caught.value.code == code and caught.value.place and caught.value.place.line == 1 and caught.value.mend


def test_prose_of_general_news_is_all_kept(shared: Callable[[str], Path]) -> None:
    """Nothing in several hundred sentences of general news looks like page furniture."""
    sentences = []
    for line in shared("klue/klue-dp-news.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("## klue"):
            sentences.append("")
        elif line.strip():
            sentences[-1] += line.split("\t")[1] + " "
    sentences = [normalize("NFC", sentence.strip()) for sentence in sentences]
    document = from_text("\n".join(sentences))
    lost = set(sentences) - {span.of(document.text) for span in document.body}
    assert len(sentences) > 400
    assert not lost


def test_seed(shared: Callable[[str], Path]) -> None:
    [document] = read(shared("seed/000_da4729e5feec815a.txt"))
    assert (document.published, document.modified) == (date(2019, 12, 1), date(2019, 12, 2))
    assert document.title and document.title.startswith("中 인공지능")
    prose = "\n".join(span.of(document.text) for span in document.body)
    assert prose.startswith("2019 인공지능 산업공동체") and prose.endswith("협력했다.")
    for furniture in ("디지털팀", "입력 2019", "내가 본 뉴스"):
        assert furniture not in prose


# Encodings


@pytest.mark.parametrize(
    ("codec", "note"),
    [
        ("utf-8", ()),
        ("utf-8-sig", ()),
        ("cp949", ("read as CP949",)),
        ("euc-kr", ("read as CP949",)),
        ("utf-16", ("read as UTF-16",)),
        ("utf-32", ("read as UTF-32",)),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_encodings(tmp_path: Path, codec: str, note: tuple[str, ...], name: str) -> None:
    (tmp_path / name).write_bytes(ARTICLE.encode(codec))
    [document] = read(tmp_path / name)
    assert document.notes == note
    assert "새 항로를 열었다." in document.text and "\ufeff" not in document.text


def test_utf16_big_endian() -> None:
    assert decode(codecs.BOM_UTF16_BE + ARTICLE.encode("utf-16-be"), "a.txt")[0] == ARTICLE


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=3, max_size=200))
def test_any_hangul_in_cp949_is_read(text: str) -> None:
    assert decode(text.encode("cp949"), "a.txt") == (text, ("read as CP949",))


@given(st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=20, max_size=200), st.data())
def test_a_byte_lost_from_utf8_is_told_and_not_taken_for_cp949(text: str, data: st.DataObject) -> None:
    raw = text.encode()
    at = data.draw(st.integers(0, len(raw) - 1))
    with pytest.raises(KgError) as caught:
        decode(raw[:at] + raw[at + 1 :], "a.txt")
    assert caught.value.code == "KG204"


@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_one_error(raw: bytes) -> None:
    try:
        text, _ = decode(raw, "a.txt")
    except KgError as error:
        assert error.place and error.mend and error.code in ("KG202", "KG203", "KG204")
    else:
        assert "\0" not in text


FAULTS = [
    ("empty.txt", b"", "KG202", 0),
    ("blank.txt", b" \n\t\n", "KG202", 0),
    ("mark.txt", codecs.BOM_UTF8, "KG202", 0),
    ("nul.txt", "새솔시\0가".encode(), "KG203", 0),
    ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "KG203", 0),
    ("archive.txt", b"PK\x03\x04\x14\x00\x08", "KG203", 0),
    ("broken.txt", "새솔시가\n항로를 ".encode() + b"\xec\x97" + " 열었다. 항로는 주 3회 다닌다.".encode(), "KG204", 2),
    ("wide.txt", codecs.BOM_UTF16_LE + b"a", "KG204", 1),
    ("frame.txt", "홍길동 기자\n입력 2020.01.02\n".encode(), "KG209", 0),
    ("empty.html", b"<html><body><nav>a</nav></body></html>", "KG209", 0),
    ("json.jsonl", b'{"text": "a"\n', "KG205", 1),
    ("array.jsonl", b'\n["a"]\n', "KG205", 2),
    ("untexted.jsonl", b'{"txt": "a"}\n', "KG205", 1),
    ("number.jsonl", b'{"text": 1}\n', "KG205", 1),
    ("surrogate.jsonl", b'{"text": "\\ud800"}\n', "KG205", 1),
    ("date.jsonl", b'{"text": "a", "date": "soon"}\n', "KG205", 1),
    ("deep.jsonl", b"[" * 100_000 + b"\n", "KG205", 1),
    ("empty.jsonl", b"\n\n", "KG202", 0),
]


@pytest.mark.parametrize(("name", "raw", "code", "line"), FAULTS, ids=[fault[0] for fault in FAULTS])
def test_what_cannot_be_read(tmp_path: Path, name: str, raw: bytes, code: str, line: int) -> None:
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(KgError) as caught:
        list(read(tmp_path / name))
    error = caught.value
    assert error.code == code and error.what and error.mend
    assert error.place and name in error.place.file and error.place.line == line
    # The same in a folder stops nothing, and is told.
    (tmp_path / "good.txt").write_text(ARTICLE, encoding="utf-8")
    skipped: list[Skipped] = []
    assert [document.id for document in read(tmp_path, on_skip=skipped.append)] == ["good"]
    assert [(item.source.split(":")[0], item.error.code) for item in skipped] == [(name, code)]


def test_missing_file_and_empty_folder(tmp_path: Path) -> None:
    for source, code in ((tmp_path / "no.txt", "KG201"), (tmp_path, "KG206")):
        with pytest.raises(KgError) as caught:
            list(read(source))
        assert caught.value.code == code


# Formats


def test_json_lines(tmp_path: Path) -> None:
    records = [
        {
            "id": "a/1",
            "text": "새솔시가 항로를 열었다.",
            "title": "항로",
            "date": "2019-12-01",
            "source": "https://example.org/1",
        },
        {"text": "새솔시가 버스를 샀다."},
    ]
    file = tmp_path / "news.jsonl"
    file.write_text("\ufeff" + "\n\n".join(json.dumps(r, ensure_ascii=False) for r in records), encoding="utf-8")
    first, second = read(file)
    assert (first.id, first.title, first.published, first.source) == (
        "a/1",
        "항로",
        date(2019, 12, 1),
        "https://example.org/1",
    )
    assert first.title_span is None and first.text == records[0]["text"]
    assert second.id == "news-" + sha256(records[1]["text"].encode()).hexdigest()[:12] and second.source == "news.jsonl"


def test_another_document_of_the_same_id_is_renamed_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "1", "text": "첫 글이다."}\n{"id": "1", "text": "다른 글이다."}\n', encoding="utf-8")
    first, second = read(path)
    assert (first.id, first.notes) == ("1", ())
    assert second.id.startswith("1-") and second.notes == ("another document has the id 1",)


def test_folder_is_read_in_order_with_stable_ids(tmp_path: Path) -> None:
    for number, name in enumerate(
        ["b.txt", "a.txt", "sub/a.txt", "sub/c.html", ".hidden.txt", ".git/x.txt", "notes.md", "a.html"]
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{number}호 항로를 열었다.", encoding="utf-8")
    documents = list(read(tmp_path))
    assert [document.id for document in documents] == ["a.html", "a.txt", "b", "sub/a", "sub/c"]
    assert [document.source for document in documents] == ["a.html", "a.txt", "b.txt", "sub/a.txt", "sub/c.html"]


def test_one_id_for_two_texts(tmp_path: Path) -> None:
    for folder, text in (("x", "항로를 열었다."), ("y", "버스를 샀다."), ("z", "항로를 열었다.")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(text, encoding="utf-8")
    skipped: list[Skipped] = []
    documents = list(read(*(tmp_path / name for name in "xyz"), on_skip=skipped.append))
    assert [document.id for document in documents] == ["a", f"a-{sha256('버스를 샀다.'.encode()).hexdigest()[:8]}"]
    assert [item.error.code for item in skipped] == ["KG208"]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("비밀이다.", encoding="utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in/good.txt").write_text("항로를 열었다.", encoding="utf-8")
    (tmp_path / "in/link.txt").symlink_to(tmp_path / "secret.txt")
    skipped: list[Skipped] = []
    assert [document.id for document in read(tmp_path / "in", on_skip=skipped.append)] == ["good"]
    assert [item.source for item in skipped] == ["link.txt"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    for raw, expected in (
        (ARTICLE.encode("cp949"), "새솔시, 항로 개설"),
        (b"<!doctype html><title>T</title><p>" + "항로를 열었다.".encode(), "T"),
        ('{"text": "항로를 열었다.", "title": "J"}'.encode(), "J"),
    ):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        [document] = read("-")
        assert document.title == expected


def test_a_folder_is_read_one_document_at_a_time(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(ARTICLE + name, encoding="utf-8")
    documents = read(tmp_path)
    next(documents)
    (tmp_path / "b.txt").write_text("나중에 썼다.", encoding="utf-8")
    assert next(documents).text == "나중에 썼다."


HTML = """<!doctype html><html lang="ko"><head><meta charset="utf-8"><title>새솔시 항로 개설 - 한빛일보</title>
<meta property="article:published_time" content="2019-12-01T15:26:00+09:00">
<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2019-12-02T10:00:00+09:00"}</script></head>
<body><nav><a href="/">홈</a></nav><header>한빛일보</header><h1>새솔시 항로 개설</h1>
<article><h1>새솔시 항로 개설</h1><figure><img src="a.png"><figcaption>항구</figcaption></figure>
<p>(새솔=한빛통신) 홍길동 기자 = 새솔시가 <b>새 항로</b>를&nbsp;열었다.<br>항로는 주 3회 다닌다.</p>
<script>var a = "<p>x</p>";</script><p>무단전재 및 재배포 금지</p></article><aside>많이 본 뉴스</aside><footer>주소</footer></body></html>"""


def test_html(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(HTML, encoding="utf-8")
    [document] = read(tmp_path / "a.html")
    assert document.title == "새솔시 항로 개설" and document.title_span
    assert (document.published, document.modified, document.dateline) == (date(2019, 12, 1), date(2019, 12, 2), "새솔")
    assert [span.of(document.text) for span in document.body] == ["새솔시가 새 항로를 열었다.", "항로는 주 3회 다닌다."]


def test_deep_html_is_read_without_recursion() -> None:
    started = time.perf_counter()
    assert "항로" in page("<div>" * 20_000 + "항로를 열었다." + "</div>" * 20_000).text
    assert time.perf_counter() - started < 5


@given(st.text(st.sampled_from("<>/pabdivhtmlscript! =\"'가나.&;-\n"), max_size=200))
def test_any_markup_is_read(markup: str) -> None:
    page(markup)


# Offsets and what always holds


@given(st.text(max_size=80) | st.text("가각\u1100\u1161\u11a8é\u0301\u0316e\U0001f600\u20000岛", max_size=40))
def test_offsets_lead_back_to_the_text_as_given(given_text: str) -> None:
    nfc, back = normalize("NFC", given_text), offset_map(given_text)
    assert back.span(Span(0, len(nfc))) == Span(0, len(given_text))
    last = 0
    for at in range(len(nfc)):
        span = back.span(Span(at, at + 1))
        assert span.start <= last <= span.end or span.start == last
        assert nfc[at] in normalize("NFC", span.of(given_text))
        last = span.end


def test_offsets_of_decomposed_hangul() -> None:
    text = normalize("NFD", "화웨이가 칭다오에서")
    span = offset_map(text).span(Span(5, 8))
    assert normalize("NFC", span.of(text)) == "칭다오"


@given(st.text(max_size=300) | st.text("가나다 .\n▲=()[]기자입력2020./|@a\u3000", max_size=300))
def test_body_is_in_order_and_inside(text: str) -> None:
    document = from_text(text)
    assert document.text == normalize("NFC", text) and document.body
    last = 0
    for span in document.body:
        assert last <= span.start <= span.end <= len(document.text)
        last = span.end


@pytest.mark.parametrize(
    "text",
    [
        "가" * 1_000_000,
        "가나 " * 300_000,
        "\n".join(["[" * 200] * 2_000),
        "\n".join(["홍길동·" * 40] * 2_000),
        "\n".join(["가 기자 " * 30] * 2_000),
        "\n".join(["(" + "가" * 28 + "=" + "나" * 100] * 2_000),
        "▲\n" * 20_000,
        "댓글 공유 " * 20_000,
        "\n".join(["가팀 댓글 공유 " * 15] * 2_000),
    ],
    ids=["long line", "long words", "brackets", "names", "bylines", "datelines", "triangles", "tools", "mixed tools"],
)
def test_time_is_bounded(text: str) -> None:
    started = time.perf_counter()
    from_text(text)
    assert time.perf_counter() - started < 8
