"""The rules in docs/writing-rules.md load, and the first one does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.check.rule_tests import run_rule_tests
from kg.extract import Extractor
from kg.project import Project

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"```yaml\n(- id: .*?)```", (ROOT / "docs/writing-rules.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=[b.split("\n")[0] for b in BLOCKS])
def test_a_rule_of_the_guide_loads_and_passes(block: str, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules/guide.yaml").write_text(block, encoding="utf-8")
    (tmp_path / "kg.toml").write_text('extends = "shipped"\nrules = "rules"\n', encoding="utf-8")
    extractor = Extractor(Project.find(tmp_path))
    rule = block.split("\n")[0].removeprefix("- id: ")
    failed = [o for o in run_rule_tests(extractor, [rule]).outcomes if not o.ok]
    assert not failed, failed
