"""README and docs/querying.md are executed: commands run, outputs are the real ones, the Python works.

``python tests/test_docs.py`` writes the real outputs into them.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
QUERYING = ROOT / "docs" / "querying.md"
_FILE = re.compile(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", re.DOTALL)
_SAME = re.compile(r"(<!-- same: (\S+) -->\n```\w+\n)(.*?)(```)", re.DOTALL)
_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def run(line: str, folder: Path) -> str:
    """Run a line of a console with `kg` as this Python has it, and give what it prints."""
    bin_ = folder / ".bin"
    bin_.mkdir(exist_ok=True)
    (bin_ / "kg").write_text(f'#!/bin/sh\nexec {sys.executable} -m kg "$@"\n')
    (bin_ / "kg").chmod(0o755)
    environment = {**os.environ, "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


def executed(text: str, folder: Path) -> str:
    """Give the text with every console's output as it is, and every quoted file as it is."""
    for name, content in _FILE.findall(text):
        (folder / name).write_text(content, encoding="utf-8")
    run("kg build --quiet", folder)

    def console(match: re.Match[str]) -> str:
        commands = [line for line in match[1].splitlines() if line.startswith("$ ")]
        return "```console\n" + "".join(f"{line}\n{run(line[2:], folder)}" for line in commands) + "```"

    text = _CONSOLE.sub(console, text)
    return _SAME.sub(lambda match: match[1] + (ROOT / match[2]).read_text(encoding="utf-8") + match[4], text)


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


def test_readme_shows_what_really_comes_out(readme: str, tmp_path: Path) -> None:
    assert executed(readme, tmp_path) == readme, "python tests/test_docs.py writes the real outputs into README.md"


def test_querying_shows_what_really_comes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = QUERYING.read_text(encoding="utf-8")
    assert executed(page, tmp_path) == page, "python tests/test_docs.py writes the real outputs into it"
    monkeypatch.chdir(tmp_path)
    [code] = _PYTHON.findall(page)
    exec(code.replace('"ontology"', repr(str(ROOT / "ontology"))), {})
    assert capsys.readouterr().out == "리훙중 톈진시 당 위원회 서기\n"


def test_querying_names_every_option() -> None:
    from kg.cli import cli

    page = QUERYING.read_text(encoding="utf-8")
    commands = [cli.commands[name] for name in ("query", "serve", "load", "export")]
    known = {option for command in commands for parameter in command.params for option in parameter.opts}
    assert set(re.findall(r"`(--[a-z-]+)", page)) <= known


def test_readme_is_short_and_names_what_is_there(readme: str) -> None:
    assert len(readme.splitlines()) <= 150
    for path in re.findall(r"\]\(([^)#:]+)\)|`((?:docs|data|ontology|tests)/[\w./-]*)`", readme):
        assert (ROOT / (path[0] or path[1])).exists(), path


def test_readme_python(
    readme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    [code] = _PYTHON.findall(readme)
    monkeypatch.chdir(tmp_path)
    exec(code.replace('"data/corpus"', repr(str(ROOT / "data/corpus"))), {})
    assert capsys.readouterr().out.startswith("화웨이 텐센트 ")
    assert (tmp_path / "build/graph.html").is_file()


def test_the_two_commands_are_the_ones_that_are_run(readme: str) -> None:
    first, second, *_ = re.findall(r"```sh\n(.*?)\n```", readme)
    assert first.endswith("kg build") and "\n" not in first
    assert second == "bash tests/run.sh" and second in (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert os.access(ROOT / "tests/run.sh", os.X_OK) or second.startswith("bash ")


@pytest.mark.parametrize("file", sorted(p.name for p in ROOT.glob("*.md")))
def test_links_lead_somewhere(file: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (ROOT / file).read_text(encoding="utf-8")):
        assert target.startswith("http") or (ROOT / target).exists(), target


if __name__ == "__main__":
    for page in (README, QUERYING):
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(executed(page.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8")
