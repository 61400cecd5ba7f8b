"""A build appears whole or not at all, and the same input gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.pipeline import FILES

ROOT = Path(__file__).parent.parent
SAMPLES = [str(ROOT / "data/corpus" / name) for name in ("01-qingdao-ai-community.txt", "02-tesla-shanghai.txt")]


def digests(folder: Path) -> dict[str, str]:
    return {
        f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir()) if f.name != "build.json"
    }


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(
        [sys.executable, "-m", "kg", *arguments], cwd=cwd, env=env, capture_output=True, text=True, timeout=300
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built") / "graph"
    kg.build(SAMPLES, folder, project=ROOT)
    return folder


def test_a_build_writes_every_file(built: Path) -> None:
    assert sorted(f.name for f in built.iterdir()) == sorted(FILES)
    report = json.loads((built / "build.json").read_text(encoding="utf-8"))
    assert report["counts"]["documents"] == 2
    assert report["skipped"] == []


def test_bytes_depend_on_neither_hash_seed_nor_order(built: Path, tmp_path: Path) -> None:
    for seed, sources in (("1", SAMPLES), ("2", SAMPLES[::-1])):
        done = run("build", *sources, "-p", str(ROOT), "-o", f"out{seed}", cwd=tmp_path, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
        assert digests(tmp_path / f"out{seed}") == digests(built)


def test_what_stands_beside_a_build_is_kept(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "graph"
    shutil.copytree(built, folder)
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    kg.build(SAMPLES[:1], folder, project=ROOT)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert json.loads((folder / "build.json").read_text(encoding="utf-8"))["counts"]["documents"] == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == [".graph.readings", "graph"]


def test_a_failed_build_leaves_the_last_good_one(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "graph"
    shutil.copytree(built, folder)
    before = digests(folder)

    def full(*arguments: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kg.page.write_page", full)
    with pytest.raises(kg.KgError, match="No space left") as caught:
        kg.build(SAMPLES[:1], folder, project=ROOT)
    assert caught.value.mend
    assert digests(folder) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [".graph.readings", "graph"]


def test_a_folder_that_is_no_build_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(kg.KgError, match="no build"):
        kg.build(SAMPLES[:1], tmp_path, project=ROOT)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "years of work"


BAD = {
    "missing": (None, "no such file"),
    "empty": (b"", "empty"),
    "binary": (bytes(range(256)) * 20, ""),
    "broken": ("칭다오".encode() + b"\xff\xfe\xfd" + "선언".encode(), ""),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_input_gives_one_message_and_exit_2(kind: str, built: Path, tmp_path: Path) -> None:
    shutil.copytree(built, tmp_path / "graph")
    before = digests(tmp_path / "graph")
    content, words = BAD[kind]
    source = tmp_path / f"{kind}.txt"
    if content is not None:
        source.write_bytes(content)
    done = run("build", str(source), "-p", str(ROOT), "-o", "graph", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert words in done.stderr and "mend:" in done.stderr
    assert digests(tmp_path / "graph") == before


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("  abuot: 뜻", "did you mean about?"),
        ("  roles: {agent: {is: Compny, case: subject}}", "did you mean Company?"),
    ],
)
def test_a_bad_rule_file_is_told_by_place(line: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "kg.toml").write_text('extends = "shipped"\nrules = "rules"\n', encoding="utf-8")
    rule = f"- id: my.rule\n  about: 뜻\n  trigger: [발표하다]\n{line}\n  then: [agent a nk:Company]\n"
    (tmp_path / "rules/mine.yaml").write_text(rule, encoding="utf-8")
    done = run("build", SAMPLES[0], "-o", "graph", cwd=tmp_path)
    assert done.returncode == 2
    assert "rules/mine.yaml:4:" in done.stderr and words in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "graph").exists()


def test_an_installed_kg_builds_in_a_checkout(built: Path, tmp_path: Path) -> None:
    """Lay the package out as its wheel does, its pack inside, and let it read the checkout's own project."""
    package = tmp_path / "site/kg"
    shutil.copytree(ROOT / "kg", package, ignore=shutil.ignore_patterns("__pycache__", "_pack"))
    for name in ("data", "ontology"):
        shutil.copytree(ROOT / name, package / "_pack" / name)
    shutil.copy(ROOT / "kg.toml", package / "_pack/kg.toml")
    command = [sys.executable, "-P", "-m", "kg", "build", *SAMPLES, "-o", str(tmp_path / "out")]
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert digests(tmp_path / "out") == digests(built)


def test_the_seed_article_answers_every_question(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    questions = shared("seed/questions.py")
    kg.build(sorted(questions.parent.glob("*.txt")), tmp_path / "seed", project=ROOT)
    done = subprocess.run(
        [sys.executable, str(questions), str(tmp_path / "seed"), str(ROOT / "ontology")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_import_loads_neither_analyser_nor_pyvis() -> None:
    code = "import sys, kg; print([m for m in ('kiwipiepy', 'pyvis', 'rdflib', 'networkx', 'pyoxigraph') if m in sys.modules])"
    for program in (code, code.replace("import sys, kg", "import sys, kg.cli")):
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
        assert done.stdout.strip() == "[]", done.stdout + done.stderr
