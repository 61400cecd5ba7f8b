"""The rules in docs/writing-rules.md load, and the first one does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.check.mutation import run_mutations
from kg.check.rule_tests import run_rule_tests
from kg.extract import Extractor
from kg.project import Project

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(
    r"```yaml\n(- (?:id|family): .*?)```", (ROOT / "docs/writing-rules.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.mark.parametrize("block", BLOCKS, ids=[b.split("\n")[0] for b in BLOCKS])
def test_a_rule_of_the_guide_loads_and_passes(block: str, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/guide.yaml").write_text(block, encoding="utf-8")
    (tmp_path / "kg.toml").write_text('extends = "shipped"\nrules = "rules"\n', encoding="utf-8")
    extractor = Extractor(Project.find(tmp_path))
    rules = [rule.id for rule in extractor.rules.rules.values() if rule.place.file == "rules/guide.yaml"]
    assert rules == sorted(re.findall(r"- id: (\S+)", block))
    report = run_rule_tests(extractor, rules)
    assert all(outcome.ok for outcome in report.outcomes), report.as_text()


def test_the_family_of_the_guide_leaves_no_constraint_unnoticed(tmp_path: Path) -> None:
    (block,) = (block for block in BLOCKS if block.startswith("- family"))
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/guide.yaml").write_text(block, encoding="utf-8")
    (tmp_path / "kg.toml").write_text('extends = "shipped"\nrules = "rules"\n', encoding="utf-8")
    extractor = Extractor(Project.find(tmp_path))
    members = [rule.id for rule in extractor.rules.rules.values() if rule.place.file == "rules/guide.yaml"]
    assert run_rule_tests(extractor, members).ok, "two yes examples and a no for each"
    report = run_mutations(extractor, members)
    assert report.ok, report.as_text()
    place = extractor.rule("my.attend").place
    assert block.splitlines()[place.line - 1].strip() == "- id: my.attend"
    assert f"asked      my.attend, which stands at {place}" in extractor.explain("비가 왔다.", "my.attend").as_text()
