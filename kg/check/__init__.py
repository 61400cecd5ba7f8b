"""Checks of what was written: rules, curated data, and built graphs."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KgError, Problems

if TYPE_CHECKING:
    from kg.check.difference import Difference
    from kg.check.mutation import MutationReport
    from kg.check.rule_tests import RuleTestReport
    from kg.check.scoring import ScoreReport
    from kg.project import Project

__all__ = ["diff", "evaluate", "lint", "mutate_rules", "test_rules"]


def lint(project: Project) -> list[KgError]:
    """Give what is wrong with a project's rules, lexicon and decisions about names, each with place and mend.

    What keeps a project from loading is given alone; else what loads and yet cannot work as meant.
    """
    from kg.authority import Authority
    from kg.check.linting import findings
    from kg.extract import Extractor
    from kg.lexicon import Lexicon
    from kg.ontology import Ontology
    from kg.rules import RuleSet

    faults: list[KgError] = []
    try:
        ontology = Ontology.load(*project.ontology)
    except KgError as error:
        return _each(error)
    for load in (lambda: Lexicon.load(project.lexicon), lambda: RuleSet.load(project.rules, ontology)):
        try:
            load()
        except KgError as error:
            faults += _each(error)
    if faults:
        return faults
    extractor = Extractor(project)
    try:
        Authority.load(project.authority, extractor.lexicon, extractor.ontology.classes)
    except KgError as error:
        return _each(error)
    return findings(extractor)


def _each(error: KgError) -> list[KgError]:
    return error.errors if isinstance(error, Problems) else [error]


def test_rules(project: Project, ids: Collection[str] = ()) -> RuleTestReport:
    """Run the examples of the rules `ids`, or of all; `KgError` KG120 for an id that no rule has."""
    from kg.check.rule_tests import run_rule_tests
    from kg.extract import Extractor

    extractor = Extractor(project)
    for rule in ids:
        extractor.rule(rule)
    return run_rule_tests(extractor, ids)


def mutate_rules(project: Project, ids: Collection[str] = ()) -> MutationReport:
    """Drop each constraint of the rules `ids`, or of all, and report those that no example notices (KG128)."""
    from kg.check.mutation import run_mutations
    from kg.extract import Extractor

    extractor = Extractor(project)
    for rule in ids:
        extractor.rule(rule)
    return run_mutations(extractor, ids)


def diff(old: Path, new: Path) -> Difference:
    """Give the facts that a build has gained and lost against an older one; `KgError` KG63x if one is no build."""
    from kg.check.difference import difference

    return difference(old, new)


def evaluate(gold: Path, project: Project) -> ScoreReport:
    """Score a project's rules on documents whose facts are known; `KgError` KG13x for gold that is not sound."""
    from kg.check.scoring import score
    from kg.extract import Extractor

    return score(gold, Extractor(project))
