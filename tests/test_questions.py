"""Named questions: what their heads say, how parameters become options, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.cli import cli, run
from kg.errors import KgError
from kg.store import Parameter, Question, Store, Table, named, questions

ROOT = Path(__file__).parent.parent
ONTOLOGY = ROOT / "ontology"
QUESTIONS = questions([ONTOLOGY])
WITH_PARAMETERS = [question for question in QUESTIONS.values() if question.parameters]
TURTLE = """@prefix id: <https://w3id.org/newskg/id/> .
@prefix nk: <https://w3id.org/newskg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
id:garam a nk:City ; rdfs:label "가람시"@ko .
id:naru a nk:City ; rdfs:label "나루시"@ko .
"""


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "graph.ttl").write_text(TURTLE, encoding="utf-8")
    return tmp_path


def ids(question: Question) -> str:
    return question.name


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=ids)
def test_a_head_says_what_is_asked_in_two_languages(question: Question) -> None:
    assert question.korean != question.english
    assert "가" <= question.korean[-1] <= "힣" or "가" <= question.korean[0] <= "힣"
    assert question.english.isascii()
    for parameter in question.parameters:
        assert parameter.default and parameter.korean and parameter.english.isascii(), parameter.name


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=ids)
def test_every_question_can_be_asked_with_its_options(
    question: Question, build: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = [word for p in question.parameters for word in (f"--{p.name}", p.default)]
    assert run(["query", question.name, "--format", "csv"]) == 0
    plain = capsys.readouterr().out
    assert run(["query", question.name, *options, "--format", "csv"]) == 0
    assert capsys.readouterr().out == plain
    assert run(["query", question.name, "--help"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert question.korean in told and all(f"--{p.name} " in told and p.default in told for p in question.parameters)


@pytest.mark.parametrize("question", WITH_PARAMETERS, ids=ids)
def test_every_parameter_takes_the_place_of_its_default(question: Question) -> None:
    values = {p.name: "1999-12-31" if p.default[0].isdigit() else "어디에도 없는 이름" for p in question.parameters}
    table = Store.open(ONTOLOGY / "kg.ttl").query(question.sparql, substitutions=question.values(values))
    assert isinstance(table, Table) and len(table) == 0


def test_no_parameter_is_an_option_of_the_command_itself() -> None:
    own = {name for option in cli.commands["query"].params for name in option.opts}
    assert {f"--{p.name}" for question in WITH_PARAMETERS for p in question.parameters} & own == set()


def test_a_parameter_chooses(build: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (build / "mine.rq").write_text(
        "# title (ko): 이 이름의 도시\n# title (en): The city of a name\n# params: city\n#   city: 이름 · a name\n"
        'SELECT ?c { VALUES ?city { "가람시" } ?c rdfs:label ?l FILTER(str(?l) = ?city) }',
        encoding="utf-8",
    )
    for options, found in (([], "id:garam"), (["--city", "나루시"], "id:naru"), (["--city=나루시"], "id:naru")):
        assert run(["query", "mine.rq", *options]) == 0
        assert found in capsys.readouterr().out
        assert run(["query", *options[:0], "mine.rq", *options, "--json"]) == 0
        assert "newskg/id/" + found[3:] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["oficial-of"], "did you mean official-of"),
        (["officials"], "officials-of"),
        (["zzzz"], "kg query --list"),
        (["official-of", "--cty", "x"], "Did you mean '--city'?"),
        (["official-of", "--city"], "requires an argument"),
        (["official-of", "x"], "unexpected extra argument"),
        (["--city", "x", "official-of"], "--city"),
        (["official-of", "-e", "ASK {}"], "either"),
        (["events-in", "--to", "2019-13-01"], "KG646"),
        (["events-in", "--to", "어제"], "KG646"),
        (["events-in", "--to", "20190101"], "KG646"),
        (["none.rq"], "KG411"),
        (["no/such/name"], "KG645"),
    ],
    ids=" ".join,
)
def test_what_is_refused(arguments: list[str], told: str, build: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["query", *arguments]) == 2
    assert told in capsys.readouterr().err


def test_the_list_shows_every_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["query", "--list", "-p", str(ROOT)]) == 0
    told = capsys.readouterr().out
    assert "official-of [--city 칭다오]\n  한 도시의 공직자" in told
    assert all(question.korean in told and question.english in told for question in QUESTIONS.values())
    assert run(["query", "--list", "--json", "-p", str(ROOT)]) == 0
    assert [entry["name"] for entry in json.loads(capsys.readouterr().out)] == sorted(QUESTIONS)


def test_a_project_may_have_questions_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "rules.rq").write_text("# title (en): Mine\nASK {}", encoding="utf-8")
    assert named("rules", [ONTOLOGY, tmp_path]).english == "Mine"
    assert named("rules", [tmp_path, ONTOLOGY]).english != "Mine"


def test_a_query_without_a_head_is_a_question_too(tmp_path: Path) -> None:
    (tmp_path / "bare.rq").write_text("ASK {}", encoding="utf-8")
    assert Question.read(tmp_path / "bare.rq").as_dict() == {"name": "bare", "ko": "bare", "en": "bare", "parameters": []}
    with pytest.raises(KgError, match="no parameter x"):
        Question.read(tmp_path / "bare.rq").values({"x": "y"})


def test_a_default_may_hold_quotes(tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text("# params: a, b\nASK { VALUES ?a { \"x\\\"y\" } VALUES ?b { 'z' } }", encoding="utf-8")
    assert Question.read(tmp_path / "q.rq").parameters == (Parameter("a", "a", "a", 'x"y'), Parameter("b", "b", "b", "z"))
