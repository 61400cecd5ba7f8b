"""Every example of every rule gives exactly what it says; every rule passes lint."""

from __future__ import annotations

from pathlib import Path

from kg import check
from kg.check.mutation import run_mutations
from kg.check.rule_tests import run_rule_tests
from kg.extract import Extractor
from kg.project import Project

ROOT = Path(__file__).parent.parent


def test_examples_of_all_rules(extractor: Extractor) -> None:
    report = run_rule_tests(extractor)
    assert report.ok, report.as_text()


def test_every_constraint_is_noticed_by_an_example(extractor: Extractor) -> None:
    report = run_mutations(extractor)
    assert report.ok, report.as_text()


def test_lint_finds_nothing() -> None:
    findings = check.lint(Project.find(ROOT))
    assert not findings, "\n".join(map(str, findings))


def test_gold_recall_and_precision() -> None:
    report = check.evaluate(ROOT / "data/gold", Project.find(ROOT))
    assert report.overall.precision >= 0.95, report.as_text()
    assert report.overall.recall >= 0.85, report.as_text()
