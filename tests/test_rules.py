"""Rules load strictly: what is wrong is told with file, line, column and the mend."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
import yaml

from kg.errors import KgError, Problems
from kg.lexicon import Lexicon
from kg.ontology import Ontology
from kg.rules import ClauseRule, PhraseRule, RuleSet

ROOT = Path(__file__).parent.parent
MALFORMED = yaml.safe_load((ROOT / "tests/data/malformed.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return Ontology.load(ROOT / "ontology")


@pytest.fixture(scope="module")
def rules(ontology: Ontology) -> RuleSet:
    return RuleSet.load([ROOT / "data/rules"], ontology)


@pytest.mark.parametrize("case", MALFORMED, ids=[case["name"] for case in MALFORMED])
def test_a_faulty_file_is_told_where_and_how_to_mend(case: dict[str, str], ontology: Ontology, tmp_path: Path) -> None:
    (tmp_path / "rules/words").mkdir(parents=True)
    (tmp_path / "lexicon").mkdir()
    (tmp_path / "rules/values.yaml").write_bytes((ROOT / "data/rules/values.yaml").read_bytes())
    for kind, file in (("rules", "rules/mine"), ("words", "rules/words/mine"), ("lexicon", "lexicon/mine")):
        if kind in case:
            (tmp_path / f"{file}.yaml").write_text(case[kind], encoding="utf-8")
    with pytest.raises(KgError) as caught:
        Lexicon.load([tmp_path / "lexicon"])
        RuleSet.load([tmp_path / "rules"], ontology)
    assert str(caught.value) == case["says"].rstrip("\n")
    for error in caught.value.errors if isinstance(caught.value, Problems) else [caught.value]:
        assert error.code and error.mend and error.place and error.place.line and error.place.column


def test_enough_faults_are_tried() -> None:
    assert len(MALFORMED) >= 80
    assert sum("lexicon" in case for case in MALFORMED) >= 20


def test_several_faults_are_told_together(ontology: Ontology, tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_bytes((ROOT / "data/rules/values.yaml").read_bytes())
    (tmp_path / "mine.yaml").write_text("- id: a.b\n- id: c.d\n", encoding="utf-8")
    with pytest.raises(Problems) as caught:
        RuleSet.load([tmp_path], ontology)
    assert len(caught.value.errors) == 2


def test_enough_rules_and_each_with_its_examples(rules: RuleSet) -> None:
    assert len(rules.rules) >= 60
    for rule in rules.rules.values():
        yes = [e for e in rule.examples if e.expected and not e.todo]
        assert len(yes) >= 2, f"{rule.id} wants two yes examples"
        assert any(not e.expected for e in rule.examples), f"{rule.id} wants a no example"


def test_version_changes_with_any_rule(ontology: Ontology, tmp_path: Path) -> None:
    (tmp_path / "values.yaml").write_bytes((ROOT / "data/rules/values.yaml").read_bytes())
    rule = "- id: a.b\n  about: 뜻\n  trigger: [발표하다]\n  roles: {agent: {is: Company, case: subject}}\n  then: [agent a nk:Company]\n"
    (tmp_path / "mine.yaml").write_text(rule, encoding="utf-8")
    before = RuleSet.load([tmp_path], ontology).version
    (tmp_path / "mine.yaml").write_text(rule.replace("뜻", "다른 뜻"), encoding="utf-8")
    assert RuleSet.load([tmp_path], ontology).version != before


def test_rules_are_indexed_by_what_can_set_them_off(rules: RuleSet) -> None:
    for lemma, found in rules.by_trigger.items():
        assert all(isinstance(rule, ClauseRule) and lemma in rule.triggers for rule in found)
    for name, phrases in rules.by_first_class.items():
        assert all(isinstance(rule, PhraseRule) and name in next(iter(rule.roles.values())).classes for rule in phrases)


def test_no_rule_names_an_entity(rules: RuleSet) -> None:
    """Rules are of Korean, not of an article: no word of a rule is a name of the lexicon, but for what is a common noun there too."""
    from kg.lexicon import Lexicon

    names = {
        surface
        for entry in Lexicon.load([ROOT / "data/lexicon"]).entries.values()
        if entry.type not in ("Topic", "Indicator", "Rate")
        for surface in (*entry.labels.values(), *(name for name, _ in entry.names))
    }
    for rule in rules.rules.values():
        words = set().union(*(role.words | role.heads | role.separators for role in rule.roles.values()))
        for element in rule.elements if isinstance(rule, PhraseRule) else ():
            words |= getattr(element, "words", frozenset())
        assert not words & names, f"{rule.id} names {words & names}"


def test_a_family_is_the_rules_that_its_members_would_be(ontology: Ontology, tmp_path: Path) -> None:
    """Written out or as a family: the same rules, but for where they stand."""
    family = """\
- family: 회사가 무엇을 어떻게 한다
  roles:
    agent: {is: Company, case: subject}
    theme: {is: <것>, case: object}
  turns: [active, <turn>]
  then:
    - agent <relation> theme
    - event <kind>: {nk:agent: agent, <how>: theme}
  members:
    - {id: a.buys, about: 회사를 산다, trigger: [인수하다, 매입하다], 것: Company, turn: passive,
       relation: nk:acquired, kind: nk:Merger, how: nk:theme, yes: [{text: 가., gives: [나 a 다]}]}
    - {id: a.makes, about: 제품을 만든다, trigger: 만들다, 것: [Product, Policy], turn: [nominal, light], relation: nk:develops,
       kind: nk:Event, how: nk:theme, no: [나.]}
"""
    written_out = """\
- id: a.buys
  about: 회사를 산다
  trigger: [인수하다, 매입하다]
  roles: {agent: {is: Company, case: subject}, theme: {is: Company, case: object}}
  turns: [active, passive]
  then:
    - agent nk:acquired theme
    - event nk:Merger: {nk:agent: agent, nk:theme: theme}
  yes: [{text: 가., gives: [나 a 다]}]
- id: a.makes
  about: 제품을 만든다
  trigger: 만들다
  roles: {agent: {is: Company, case: subject}, theme: {is: [Product, Policy], case: object}}
  turns: [active, nominal, light]
  then:
    - agent nk:develops theme
    - event nk:Event: {nk:agent: agent, nk:theme: theme}
  no: [나.]
"""
    loaded = []
    for name, text in (("family", family), ("written-out", written_out)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "values.yaml").write_bytes((ROOT / "data/rules/values.yaml").read_bytes())
        (folder / "mine.yaml").write_text(text, encoding="utf-8")
        loaded.append(RuleSet.load([folder], ontology))
    of_family, plain = ([_without_places(rule) for rule in one.rules.values()] for one in loaded)
    assert of_family == plain
    assert [str(rule.place) for rule in loaded[0].rules.values()] == ["family/mine.yaml:10:7", "family/mine.yaml:12:7"]


def _without_places(thing: object) -> object:
    if is_dataclass(thing) and not isinstance(thing, type):
        return type(thing).__name__, {
            one.name: _without_places(getattr(thing, one.name)) for one in fields(thing) if one.name != "place"
        }
    if isinstance(thing, dict):
        return {key: _without_places(value) for key, value in thing.items()}
    return [_without_places(one) for one in thing] if isinstance(thing, tuple) else thing
