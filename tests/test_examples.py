"""The projects in examples/ do what their pages say: no finding, every example of a rule holds, the query answers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg import check
from kg.check.rule_tests import run_rule_tests
from kg.extract import Extractor
from kg.project import Project

ROOT = Path(__file__).parent.parent
FILMS = ROOT / "examples/film-festivals"
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in sorted((FILMS / "rules").iterdir()))
RULES = re.findall(r"^- id: (\S+)", TEXT, re.MULTILINE)

# winner, film, prize, festival, place, day: as SOURCES.tsv has them
AWARDS = [
    ",기생충,황금종려상,제72회 칸 국제영화제,팔레 데 페스티발,2019-05-25",
    ",기생충,아카데미 작품상,제92회 아카데미 시상식,돌비 극장,2020-02-09",
    ",사탄은 없다,황금곰상,제70회 베를린 국제영화제,베를린,",
    ",조커,황금사자상,제76회 베네치아 국제영화제,베네치아,2019-09-07",
    "봉준호,,아카데미 감독상,제92회 아카데미 시상식,돌비 극장,2020-02-09",
    "홍상수,도망친 여자,은곰상 감독상,제70회 베를린 국제영화제,베를린,2020-02-29",
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films") / "build"
    kg.build([str(FILMS / "texts")], folder, project=FILMS)
    return folder


def ask(built: Path, *arguments: str) -> str:
    query = [sys.executable, "-m", "kg", "query", str(FILMS / "queries/awards.rq"), "-g", str(built), *arguments]
    done = subprocess.run(query, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_its_rules_and_names_pass_lint() -> None:
    theirs = [f for f in check.lint(Project.find(FILMS)) if (FILMS / str(f).partition(":")[0]).exists()]
    assert not theirs, "\n".join(map(str, theirs))


def test_the_examples_of_its_rules_hold() -> None:
    assert len(RULES) == 10
    report = run_rule_tests(Extractor(Project.find(FILMS)), RULES)
    assert report.ok, report.as_text()


def test_the_query_tells_who_won_what_where_and_when(built: Path) -> None:
    assert sorted(ask(built, "-f", "csv").split("\n")[1:-1]) == sorted(AWARDS)


def test_the_page_shows_the_answer_as_it_is(built: Path) -> None:
    page = (FILMS / "README.md").read_text(encoding="utf-8")
    shown = re.search(r"```console\n\$ kg query queries/awards.rq\n(.*?)```", page, re.DOTALL)
    assert shown and shown[1] == ask(built)


def test_every_text_and_name_has_a_source() -> None:
    rows = [line.split("\t") for line in (FILMS / "SOURCES.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    assert {row[0] for row in rows} >= {f"texts/{p.name}" for p in (FILMS / "texts").iterdir()}
    for path in sorted((FILMS / "lexicon").iterdir()):
        text = path.read_text(encoding="utf-8")
        assert text.count("- id: ") == text.count("  source: http"), path
