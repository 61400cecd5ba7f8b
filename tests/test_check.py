"""Checks of rules: what lint finds and where, which constraints no example notices, what changed between builds."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kg import check
from kg.check.covering import covers
from kg.check.difference import difference
from kg.check.explanation_page import write_explanation
from kg.check.linting import findings
from kg.check.mutation import run_mutations
from kg.check.rule_tests import document_of, run_rule_tests
from kg.curated import Item
from kg.errors import KgError, Place
from kg.graph.builder import GraphBuilder
from kg.model import Extraction, Literal
from kg.project import Project
from kg.rules import ClauseRule, PhraseRule, RuleSet
from kg.rules.rule import STATUSES, TURNS, Link, Node, Role
from kg.rules.saying import SayingReader
from kg.rules.vocabulary import Vocabulary
from kg.text import from_text

if TYPE_CHECKING:
    from kg.extract import Extractor

ROOT = Path(__file__).parent.parent
LINTS: dict[str, Any] = yaml.safe_load((ROOT / "tests/data/lints.yaml").read_text(encoding="utf-8"))
Small = Callable[..., "Extractor"]


@pytest.fixture
def small(extractor: Extractor, tmp_path: Path) -> Small:
    """Give an extractor with the rules of one text, and no corpus; the analyser is the session's."""

    def make(rules: str, words: str = "") -> Extractor:
        assert extractor.analyser
        folder = tmp_path / "rules"
        (folder / "words").mkdir(parents=True, exist_ok=True)
        (folder / "values.yaml").write_bytes((ROOT / "data/rules/values.yaml").read_bytes())
        (folder / "mine.yaml").write_text(rules, encoding="utf-8")
        (folder / "words/lists.yaml").write_text(words, encoding="utf-8")
        made = copy.copy(extractor)
        made.rules = RuleSet.load([folder], extractor.ontology)
        made.project = replace(extractor.project, rules=(folder,), lexicon=(), corpus=())
        return made

    return make


@pytest.fixture(scope="module")
def readings(extractor: Extractor) -> list[Extraction]:
    """Give every third example of the shipped rules, read."""
    examples = [example for rule in extractor.rules.rules.values() for example in rule.examples]
    return [extractor.extract(document_of(example)) for example in examples[::3]]


# Lint


@pytest.mark.parametrize("case", LINTS["cases"], ids=[case["name"] for case in LINTS["cases"]])
def test_lint_points_at_the_fault(case: dict[str, Any], small: Small) -> None:
    found = findings(small(LINTS["head"] + case["file"], case.get("words", "")))
    assert [(e.code, e.place.line, e.place.column) for e in found if e.place] == [
        (code, line, column) for code, line, column, _ in case["finds"]
    ], "\n".join(map(str, found))
    for error, (*_, words) in zip(found, case["finds"], strict=True):
        assert words in str(error) and error.mend
        assert "^" in str(error), "the caret shows the place"


def test_lint_knows_the_classes_and_properties_of_the_lexicon(small: Small, tmp_path: Path) -> None:
    lexicon = tmp_path / "lexicon"
    lexicon.mkdir()
    entry = "- id: gana\n  type: Compny\n  label: {ko: 가나전자}\n  facts: {nk:basedInn: gana}\n"
    (lexicon / "a.yaml").write_text(entry, encoding="utf-8")
    extractor = small(LINTS["head"])
    extractor.project = replace(extractor.project, lexicon=(lexicon,))
    found = [str(error) for error in findings(extractor)]
    assert (
        found[0].startswith("lexicon/a.yaml:2:9: KG101 no such class: Compny") and "did you mean Company?" in found[0]
    )
    assert found[1].startswith("lexicon/a.yaml:4:11: KG102") and "did you mean nk:basedIn?" in found[1]
    assert len(found) == 2


def project(tmp_path: Path, **files: str) -> Project:
    """Give a project that extends the shipped pack, with the files of its folders by name."""
    (tmp_path / "kg.toml").write_text(
        "extends = 'shipped'\n" + "".join(f"{name} = '{name}'\n" for name in files), encoding="utf-8"
    )
    for name, text in files.items():
        (tmp_path / name).mkdir()
        if text:
            (tmp_path / name / "places.yaml").write_text(text, encoding="utf-8")
    return Project.find(tmp_path)


def test_a_fault_in_what_goes_with_the_shipped_pack_is_told_of_ones_own_file(tmp_path: Path) -> None:
    """Whose file is called like a shipped one, with a rule that does what a shipped one does."""
    rule = """\
- id: aaa.buys
  about: 회사가 회사를 인수한다
  trigger: [인수하다]
  roles:
    agent: {is: [Institution, Group, Person], case: subject}
    theme: {is: [Organization, Facility], case: object}
  then: [agent nk:acquired theme]
  yes:
    - {text: "화웨이가 텐센트를 인수했다.", gives: ["화웨이 nk:acquired 텐센트"]}
"""
    found = check.lint(project(tmp_path, rules=rule, corpus=""))
    assert [(e.code, str(e.place)) for e in found] == [
        ("KG125", "rules/places.yaml:1:3"),
        ("KG123", "rules/places.yaml:3:13"),
    ]
    assert "all that it says acquire.company says too" in found[0].what
    assert "does the same as acquire.company" in found[1].what and "  trigger: [인수하다]" in str(found[1])


def test_an_entry_with_the_id_of_a_shipped_one_names_the_shipped_file(tmp_path: Path) -> None:
    (found,) = check.lint(project(tmp_path, lexicon="- {id: huawei, type: Company, label: {ko: 화웨이}}\n"))
    assert (found.code, str(found.place)) == ("KG501", "lexicon/places.yaml:1:3")
    assert found.mend.startswith("it stands at shipped/lexicon/companies.yaml:") and "adds_to" in found.mend


def test_lint_tells_faults_of_rules_and_lexicon_together(tmp_path: Path) -> None:
    found = check.lint(project(tmp_path, rules="- {id: a.b}\n", lexicon="- {id: gana}\n"))
    assert [str(error.place) for error in found] == ["lexicon/places.yaml:1:3", "rules/places.yaml:1:3"]


def test_a_folder_without_texts_hides_no_finding(small: Small, tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    extractor = small(LINTS["head"], "pacts: [협약, 협정]\n")
    extractor.project = replace(extractor.project, corpus=(tmp_path / "texts",))
    assert [error.code for error in findings(extractor)] == ["KG126"]


CLASSES = ["Organization", "Company", "City", "Country", "Place", "Institution", "Person", "Event"]
SENTENCES = [
    f"{who} {whom} {verb}."
    for who in ("화웨이가", "칭다오가", "'해양 디지털 포럼'이", "칭다오에서")
    for whom in ("텐센트를", "텐센트에", "부산을", "중국과")
    for verb in ("인수했다", "매각할 계획이다")
] + [
    "텐센트를 인수한 화웨이가 웃었다.",
    "화웨이가 인수한 텐센트가 웃었다.",
    "텐센트가 인수됐다.",
    "화웨이가 텐센트 인수를 마쳤다.",
]
_here = Place("mine.yaml", 1, 1)


def _subset(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True).map(lambda v: tuple(sorted(v)))


@st.composite
def clause_rules(draw: st.DrawFn) -> ClauseRule:
    """Draw a rule of two or three roles, some of which may be missing, and one to three statements."""
    names = draw(st.sampled_from([("a", "b"), ("b", "a"), ("a", "b", "c")]))
    roles = {
        name: Role(
            name, draw(_subset(*CLASSES)), number > 0 and draw(st.booleans()), _here,
            case=draw(_subset("subject", "object", "에", "와", "에서")), excluded=draw(st.sampled_from([(), ("University",)])),
        )
        for number, name in enumerate(names)
    }  # fmt: skip
    link = st.builds(
        lambda s, p, o: Link(s, p, o, _here), *[st.sampled_from(x) for x in (names, ("nk:acquired", "nk:met"), names)]
    )
    node = st.builds(
        lambda agent, kind: Node("event", kind, (("nk:agent", agent),), (), _here),
        st.sampled_from(names), st.sampled_from(["Merger", "Event"]),
    )  # fmt: skip
    then = (*draw(st.lists(link, min_size=1, max_size=2)), *draw(st.lists(node, max_size=1)))
    planned = tuple(t for t in then if isinstance(t, Node))
    return ClauseRule(
        "a.b", "뜻", roles, then, planned, (), _here, draw(_subset("인수하다", "매각하다")),
        frozenset(TURNS) - draw(st.sampled_from([set(), {"passive"}, {"adnominal", "nominal"}])),
        frozenset(draw(st.sampled_from([STATUSES, ("Happened",)]))),
    )  # fmt: skip


@pytest.fixture(scope="module")
def sentences(extractor: Extractor) -> list[Extraction]:
    """Give sentences of which no predicate has two names in one case."""
    return [extractor.extract(text) for text in SENTENCES]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(one=clause_rules(), other=clause_rules(), data=st.data())
def test_what_covers_a_rule_says_all_that_it_says(
    one: ClauseRule, other: ClauseRule, data: st.DataObject, extractor: Extractor, sentences: list[Extraction]
) -> None:
    if data.draw(st.booleans(), label="widened"):  # two at random seldom cover one another
        role = data.draw(st.sampled_from(sorted(other.roles)))
        wider = replace(
            other.roles[role],
            classes=(*other.roles[role].classes, *data.draw(_subset(*CLASSES))),
            excluded=(),
        )
        links = tuple(t for t in one.then if isinstance(t, Link) and {t.subject, t.object} <= other.roles.keys())
        one = replace(other, roles={**other.roles, role: wider}, turns=frozenset(TURNS), then=(*links, *other.then))
        one = replace(one, statuses=frozenset(STATUSES))
        assert covers(one, other, extractor.ontology) or len(wider.case) > 1 or wider.optional
    assume(covers(one, other, extractor.ontology))
    shared = tuple(set(one.triggers) & set(other.triggers))
    wide, narrow = (replace(extractor.rules, rules={rule.id: replace(rule, triggers=shared)}) for rule in (one, other))
    for read in sentences:
        assert _said(extractor, read, narrow) <= _said(extractor, read, wide), read.document.text


def _said(extractor: Extractor, read: Extraction, rules: RuleSet) -> set[tuple[str, str, str]]:
    said = ((s.subject.key, s.predicate, s.object) for s in extractor.statements(read, rules))
    return {(one, predicate, o.value if isinstance(o, Literal) else o.key) for one, predicate, o in said}


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_a_role_that_can_never_meet_a_property_is_refused_and_no_other(
    data: st.DataObject, extractor: Extractor
) -> None:
    """Any class and any property: KG109 if and only if no class of the ontology is below both."""
    ontology = extractor.ontology
    prop = ontology.properties[data.draw(st.sampled_from(sorted(ontology.properties)))]
    cls = data.draw(st.sampled_from(sorted(ontology.classes)))
    side = data.draw(st.sampled_from(["domain", "range"]))
    wanted = (getattr(prop, side) or "").rpartition(":")[2]
    assume(wanted in ontology.classes)
    meets = any(ontology.is_a(one, cls) and ontology.is_a(one, wanted) for one in ontology.classes)
    roles = {name: Role(name, (cls,) if name == side else (), False, _here) for name in ("domain", "range")}
    line = Item(f"domain {prop.curie} range", _here, {}, Path("mine.yaml"))
    reader = SayingReader(Vocabulary(ontology, {}, {}), roles)
    if meets:
        assert list(reader.templates(line)) == [Link("domain", prop.curie, "range", _here)]
    else:
        with pytest.raises(KgError, match=f"never be the {side} of") as caught:
            list(reader.templates(line))
        assert caught.value.code == "KG109" and wanted in caught.value.mend


def test_a_passive_as_trigger_is_told_with_the_verb_that_is_read(small: Small, extractor: Extractor) -> None:
    """Of the shipped triggers in -하다, every tenth in -되다: what the clause is read with is named."""
    verbs = sorted({t for r in extractor.rules.by_trigger for t in [r] if t.endswith("하다") and len(t) == 4})[::10]
    rule = "roles: {agent: {is: Company, case: subject}}\n  then: [agent a nk:Company]"
    text = "".join(f"- id: a.v{n}\n  about: 뜻\n  trigger: {v[:-2]}되다\n  {rule}\n" for n, v in enumerate(verbs))
    told = {e.what.split()[7].rstrip(";"): e.mend for e in findings(small(text)) if e.code == "KG121"}
    assert len(told) >= 0.8 * len(verbs)
    for passive, mend in told.items():
        active = f"{passive[:-2]}하다"
        if not mend.startswith(f"write {active}"):  # nothing better can be named where the analyser takes it apart
            read = extractor.extract(f"한빛전자가 {passive[:-2]}됐다.").clauses
            assert active not in {clause.lemma for clause in read}, (passive, mend)


def test_lint_reads_each_text_once(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    extractor = small(LINTS["head"])
    read: list[str] = []
    extract = extractor.extract
    monkeypatch.setattr(extractor, "extract", lambda source: (read.append(source.id), extract(source))[1])
    findings(extractor)
    assert sorted(read) == ["a.sound#0", "triggers"]


# Mutation

BUYS = """\
- id: a.buys
  about: 회사가 회사를 인수한다
  trigger: [인수하다]
  status: [Happened]
  turns: [active, shared, dropped]
  roles:
    agent: {is: Company, case: subject}
    theme: {is: Company, case: object}
  then: [agent nk:acquired theme]
  yes:
    - {text: "화웨이가 텐센트를 인수했다.", gives: ["화웨이 nk:acquired 텐센트"]}
"""
NOTICED = [
    ("agent may be anything that has a name", '    - {text: "칭다오가 텐센트를 인수했다."}', (7, 17)),
    ("theme may be anything that has a name", '    - {text: "화웨이가 칭다오를 인수했다."}', (8, 17)),
    ("agent may stand in any case", '    - {text: "화웨이에서 텐센트를 인수했다."}', (7, 32)),
    ("theme may stand in any case", '    - {text: "화웨이가 텐센트에 인수했다."}', (8, 32)),
]


def constraints(extractor: Extractor) -> dict[str, tuple[int, int]]:
    """Give the unnoticed constraints with their places."""
    return {
        error.what.partition(" when ")[2]: (error.place.line, error.place.column)
        for error in run_mutations(extractor).unnoticed
        if error.place
    }


@pytest.mark.parametrize(("constraint", "example", "place"), NOTICED, ids=[one for one, *_ in NOTICED])
def test_a_constraint_is_reported_until_an_example_notices(
    small: Small, constraint: str, example: str, place: tuple[int, int]
) -> None:
    assert constraints(small(BUYS))[constraint] == place
    assert constraint not in constraints(small(f"{BUYS}  no:\n{example}\n"))


def test_status_and_turns_are_constraints(small: Small) -> None:
    assert "turns are not restricted" in constraints(small(BUYS))
    stated = BUYS.replace("  then: [", "  planned: [agent nk:acquired theme]\n  then: [")
    assert "status is not restricted" in constraints(small(stated))
    more = '  no:\n    - {text: "화웨이는 내년에 텐센트를 인수할 예정이다."}\n    - {text: "텐센트를 인수한 화웨이가 웃었다."}\n'
    assert not {"status is not restricted", "turns are not restricted"} & constraints(small(stated + more)).keys()


def test_a_turn_that_no_other_rule_takes_can_be_noticed(small: Small) -> None:
    headline = '  no:\n    - {text: "화웨이, 텐센트 인수"}\n'
    rules = BUYS.replace("turns: [active, shared, dropped]", "turns: [active, passive, adnominal, shared, dropped]")
    assert "turns are not restricted" not in constraints(small(rules + headline))


PHRASE = """\
- id: a.based
  about: 도시의 회사
  phrase:
    - where: {is: City}
    - 의
    - {gap: 1}
    - who: {is: Company}
  not_before: [출신]
  then: [who nk:basedIn where]
  yes:
    - {text: "칭다오의 화웨이가 발표했다.", gives: ["화웨이 nk:basedIn 칭다오"]}
"""


def test_phrase_rules_have_constraints_too(small: Small) -> None:
    found = constraints(small(PHRASE))
    assert {
        "where may be anything that has a name": (4, 19),
        "the word 의 may be missing": (5, 7),
        "the gap of 1 has no limit": (6, 13),
        "the gap may leave the noun phrase": (6, 7),
        "who may be anything that has a name": (7, 17),
        "not_before is not asked": (8, 15),
    }.items() <= found.items()
    noticing = '  no:\n    - {text: "칭다오 화웨이가 발표했다."}\n    - {text: "칭다오의 화웨이 출신이 발표했다."}\n'
    after = constraints(small(PHRASE + noticing))
    assert not {"the word 의 may be missing", "not_before is not asked"} & after.keys()


def test_a_role_that_every_statement_needs_and_a_status_that_says_nothing_are_not_asked(small: Small) -> None:
    """Links alone: without either role nothing is said, and of what is planned nothing is said either."""
    found = constraints(small(BUYS))
    assert not {"agent may be missing", "theme may be missing", "status is not restricted"} & found.keys()
    noded = BUYS.replace("  then: [agent nk:acquired theme]", "  then:\n    - theme: {nk:partOf: agent}")
    assert not {"agent may be missing", "theme may be missing"} & constraints(small(noded)).keys()
    event = BUYS.replace("  then: [agent nk:acquired theme]", "  then:\n    - event nk:Merger: {nk:theme: theme, nk:agent: agent}")
    assert {"agent may be missing", "status is not restricted"} <= constraints(small(event)).keys()


def test_a_closed_phrase_a_word_and_a_class_kept_out_are_constraints(small: Small) -> None:
    wide = PHRASE.replace("{is: Company}", "{is: Organization, not: University, word: [화웨이]}")
    found = constraints(small(wide.replace("  not_before", "  closed: yes\n  not_before")))
    assert {
        "who may be any Organization": (7, 54),
        "who may be a University": (7, 36),
        "a noun may follow": (8, 11),
    }.items() <= found.items()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_left_out_as_equivalent_is_equivalent(
    data: st.DataObject, extractor: Extractor, readings: list[Extraction]
) -> None:
    """Let a role that every statement needs be missing, and any text still gives what it gave."""
    rules = extractor.rules.rules
    rule = rules[data.draw(st.sampled_from(sorted(rules)))]
    needed = [r for r in rule.roles.values() if not r.optional and not rule.says(rule.roles.keys() - {r.name})]
    assume(needed and not (isinstance(rule, PhraseRule) and needed == [next(iter(rule.roles.values()))]))
    role = replace(data.draw(st.sampled_from(needed)), optional=True)
    roles = {**rule.roles, role.name: role}
    mutant: ClauseRule | PhraseRule
    if isinstance(rule, PhraseRule):
        assume(rule.elements[0] is not rule.roles[role.name])
        elements = tuple(role if isinstance(e, Role) and e.name == role.name else e for e in rule.elements)
        mutant = replace(rule, roles=roles, elements=elements)
    else:
        mutant = replace(rule, roles=roles)
    read = data.draw(st.sampled_from(readings), label="text")
    changed = replace(extractor.rules, rules={**rules, rule.id: mutant})
    assert extractor.statements(read, changed) == read.statements


def test_what_cannot_be_told_is_not_asked(small: Small) -> None:
    """The kind of an optional time is asked again by what puts it into the graph."""
    timed = BUYS.replace(
        "  then: [agent nk:acquired theme]",
        "    time?: {is: Date}\n  then:\n    - event nk:Merger: {nk:agent: agent, nk:theme: theme, time: time}",
    ).replace('"화웨이 nk:acquired 텐센트"', '"Merger {nk:agent=화웨이, nk:theme=텐센트}"')
    assert not any(constraint.startswith("time") for constraint in constraints(small(timed)))


def test_mutation_report_as_json_and_text(small: Small) -> None:
    report = run_mutations(small(BUYS), ["a.buys"])
    told = json.loads(json.dumps(report.as_dict(), ensure_ascii=False))
    assert not report.ok and told["rules"] == 1 and told["by_rule"] == {"a.buys": len(told["unnoticed"])}
    assert all(one["code"] == "KG128" and one["line"] and one["column"] and one["mend"] for one in told["unnoticed"])
    assert report.as_text().endswith(f"{len(told['unnoticed'])} that no example notices")
    assert run_mutations(small(BUYS), ["none"]).ok


# Examples


def test_an_example_that_does_not_say_yet_what_it_gives_fails_and_shows_it(small: Small) -> None:
    report = run_rule_tests(small(BUYS.replace('["화웨이 nk:acquired 텐센트"]', "[]")), ["a.buys"])
    assert not report.ok
    assert "does not say yet what it gives" in report.as_text() and "came      화웨이 nk:acquired" in report.as_text()
    silent = run_rule_tests(
        small(BUYS.replace('인수했다.", gives: ["화웨이 nk:acquired 텐센트"]', '칭찬했다.", gives: []'))
    )
    assert not silent.ok, "a yes example that gives nothing is none"


def test_a_failing_example_of_a_named_rule_says_what_was_seen(small: Small) -> None:
    wrong = BUYS.replace("인수했다.", "매각했다.")
    report = run_rule_tests(small(wrong), ["a.buys"])
    told = report.as_text()
    assert not report.ok
    for word in (
        "morphemes",
        "mention",
        "clause     매각하다",
        "expected  화웨이 nk:acquired",
        "came      nothing",
        "advice",
    ):
        assert word in told, told
    assert "morphemes" not in run_rule_tests(small(wrong)).as_text(), "of all rules only the difference is told"


# Explanation


def test_an_explanation_as_html_is_one_file_without_script(extractor: Extractor, tmp_path: Path) -> None:
    text = "화웨이가 <script>alert('칭다오')</script> 텐센트를 인수하지 않았다. \"&"
    write_explanation(extractor.explain(text, "acquire.company"), tmp_path / "why.html")
    page = (tmp_path / "why.html").read_text(encoding="utf-8")
    assert "<script" not in page and "http" not in page and "&lt;script&gt;" in page
    for word in (
        "<mark>화웨이<small>Company</small></mark>",
        "인수하다",
        "acquire.company",
        "did not fire",
        "denied",
        "NO",
    ):
        assert word in page, word
    HTMLParser().feed(page)
    with pytest.raises(KgError, match="cannot be written"):
        write_explanation(extractor.explain(text), tmp_path / "none/why.html")


# Difference


@pytest.fixture(scope="module")
def build(extractor: Extractor, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Build a text without a page."""

    def make(text: str) -> Path:
        folder = tmp_path_factory.mktemp("build")
        about = {rule.id: rule.about for rule in extractor.rules.rules.values()}
        builder = GraphBuilder(
            extractor.project.base, extractor.lexicon, extractor.ontology, extractor.rules.version, about
        )
        builder.add(extractor.extract(from_text(text, id="a")))
        builder.write(folder)
        return folder

    return make


def test_what_was_gained_and_lost_with_rule_and_quote(build: Callable[[str], Path]) -> None:
    old = build("화웨이가 텐센트를 인수했다. 테슬라가 텐센트를 인수했다.")
    new = build("화웨이가 텐센트를 인수했다. 애플이 텐센트를 인수했다.")
    found = difference(old, new)
    links = [(c.subject, c.predicate, c.object, c.status) for c in found.gained if c.predicate == "nk:acquired"]
    assert links == [("애플", "nk:acquired", "텐센트", "Happened")]
    assert any((c.subject, c.predicate) == ("테슬라", "nk:acquired") for c in found.lost)
    (gained,) = (c for c in found.gained if c.predicate == "nk:acquired")
    assert [(e.document, e.rule) for e in gained.evidence] == [("a", "acquire.company")]
    assert "애플이 텐센트를 인수" in gained.evidence[0].quote
    assert found.kept > 0 and not found.ok
    assert "+ 애플 nk:acquired 텐센트 [Happened]" in found.as_text()
    assert list(found.gained) == sorted(found.gained)
    assert json.loads(json.dumps(found.as_dict()))["kept"] == found.kept


def test_a_fact_that_was_planned_and_happened_is_lost_and_gained(build: Callable[[str], Path]) -> None:
    found = difference(
        build("화웨이는 다음 달 '칭다오 선언'을 발표할 예정이다."), build("화웨이가 '칭다오 선언'을 발표했다.")
    )
    assert {c.status for c in found.lost} == {"Planned"} and {c.status for c in found.gained} == {"Happened"}


def test_a_build_does_not_differ_from_itself(build: Callable[[str], Path]) -> None:
    folder = build("화웨이가 텐센트를 인수했다.")
    assert difference(folder, folder).ok
    assert difference(folder, folder / "graph.ttl").ok


def test_a_build_without_provenance_is_told(build: Callable[[str], Path]) -> None:
    folder = build("화웨이가 텐센트를 인수했다.")
    (folder / "provenance.ttl").unlink()
    with pytest.raises(KgError) as caught:
        difference(folder, folder)
    assert caught.value.code == "KG633" and caught.value.mend
