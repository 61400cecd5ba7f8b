"""The lexicon: strict loading, exact matching, names for the analyser."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, Problems
from kg.lexicon import Entry, Lexicon

DATA = Path(__file__).parent / "data"
SMALL = DATA / "lexicon-small"
SHIPPED = Path(__file__).parent.parent / "data" / "lexicon"


@pytest.fixture(scope="module")
def small() -> Lexicon:
    return Lexicon.load([SMALL])


def test_entry_becomes_an_entity_with_every_name(small: Lexicon) -> None:
    entity = small.entity("qingdao")
    assert (entity.key, entity.type, entity.label, entity.known) == ("qingdao", "City", "칭다오", True)
    assert ("青岛", "zh-hans") in entity.names
    assert ("청도", "ko") in entity.names
    assert ("칭다오", "ko") not in entity.names


def test_facts_and_context_are_kept(small: Lexicon) -> None:
    entry = small.entries["qingdao"]
    assert entry.facts == (("nk:locatedIn", "shandong"),)
    assert entry.near == ("중국", "산둥")
    assert entry.wikidata == "Q170322"


def test_match_gives_every_exact_hit_with_all_its_entries(small: Lexicon) -> None:
    hits = [(hit.span.start, hit.span.end, hit.ids) for hit in small.match("청도시와 청도군", 0, 8)]
    assert (0, 2, ("cheongdo", "qingdao")) in hits
    assert (0, 3, ("qingdao",)) in hits
    assert (5, 8, ("cheongdo",)) in hits


def test_a_project_adds_names_to_a_shipped_entry(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "- {adds_to: qingdao, also: {ko: [친따오, 칭다오], en: [Tsingtao]}, near: [맥주]}\n"
        "- {adds_to: geonames-2, also: {ko: [나진항구]}}\n",
        encoding="utf-8",
    )
    lexicon = Lexicon.load([SMALL, tmp_path])
    assert [hit.ids for hit in lexicon.match("친따오 Tsingtao 나진항구")] == [
        ("qingdao",),
        ("qingdao",),
        ("geonames-2",),
    ]
    assert lexicon.entries["qingdao"].near == ("중국", "산둥", "맥주")
    assert lexicon.entity("qingdao").label == "칭다오"
    assert ("칭다오", "ko") not in lexicon.entity("qingdao").names


def test_match_stays_within_the_stretch(small: Lexicon) -> None:
    assert not list(small.match("칭다오 상하이", 1, 4))
    assert [hit.span.start for hit in small.match("칭다오 상하이", 4, 7)] == [4]


def test_a_curated_entry_wins_over_a_row_of_the_same_item(small: Lexicon) -> None:
    assert "geonames-3" not in small.entries
    assert not small.entries["geonames-2"].curated
    assert small.entries["geonames-2"].facts == (("nk:locatedIn", "china"),)


def test_the_analyser_gets_no_name_that_would_harm_it(small: Lexicon) -> None:
    names = small.analyser_names()
    assert names["칭다오"] == "NNP"
    assert names["다롄"] == "NNP" if "다롄" in names else True
    assert not {"中", "인공지능", "Qingdao", "저장", "다롄"} & set(names)
    assert "한은" not in Lexicon([Entry("bok", "Company", {"ko": "한은"})]).analyser_names(["은"])


@pytest.mark.parametrize(
    "folder", sorted(path for path in (DATA / "lexicon-errors").iterdir()), ids=lambda path: path.name
)
def test_bad_data_is_refused_with_its_place(folder: Path) -> None:
    code, place = folder.name.split("-")[0], (folder / "expected.txt").read_text(encoding="utf-8").strip()
    with pytest.raises(KgError) as caught:
        Lexicon.load([folder])
    errors = caught.value.errors if isinstance(caught.value, Problems) else [caught.value]
    assert [error.code for error in errors] == [code]
    assert str(errors[0].place) == place
    assert errors[0].mend


def test_several_faults_are_told_together(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(
        "- {id: A, type: City, label: {ko: 가}}\n- {id: b, type: city, label: {ko: 나}}\n", encoding="utf-8"
    )
    with pytest.raises(Problems) as caught:
        Lexicon.load([tmp_path])
    assert [error.code for error in caught.value.errors] == ["KG502", "KG503"]


def test_an_empty_lexicon_matches_nothing(tmp_path: Path) -> None:
    lexicon = Lexicon.load([tmp_path])
    assert not lexicon.entries
    assert not list(lexicon.match("칭다오", 0, 3))


@given(
    st.lists(
        st.text("가나다라" + string.ascii_lowercase + "青😀", min_size=1, max_size=4),
        min_size=1,
        max_size=6,
        unique=True,
    ),
    st.text("가나다라" + string.ascii_lowercase + "青😀 ", max_size=40),
)
def test_matching_is_what_naive_search_finds(surfaces: list[str], text: str) -> None:
    lexicon = Lexicon([Entry(f"e{i}", "Topic", {"ko": surface}) for i, surface in enumerate(surfaces)])
    naive = {(at, at + len(s)) for s in surfaces for at in range(len(text)) if text.startswith(s, at)}
    assert {(hit.span.start, hit.span.end) for hit in lexicon.match(text, 0, len(text))} == naive


def test_the_shipped_lexicon_loads_and_every_fact_has_its_entry() -> None:
    lexicon = Lexicon.load([SHIPPED])
    curated = [entry for entry in lexicon.entries.values() if entry.curated]
    assert len(curated) >= 150
    for entry in lexicon.entries.values():
        assert all(id_ in lexicon.entries for _, id_ in entry.facts), entry.id
