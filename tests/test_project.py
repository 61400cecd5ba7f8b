"""kg.toml: what it may say, where its folders are, and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import KgError
from kg.project import BASE, Project, create, shipped


def write(folder: Path, text: str) -> Path:
    for name in ("rules", "lexicon", "texts"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "kg.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_pack_is_the_project_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    project = Project.find()
    assert project == Project.shipped() and project.root == shipped().resolve() and project.base == BASE
    for folders in (project.ontology, project.lexicon, project.rules, project.grammar, project.corpus):
        assert folders and all(folder.is_dir() for folder in folders)


def test_the_nearest_file_upward_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 'rules = "rules"')
    (tmp_path / "a/b").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a/b")
    expected = Project(tmp_path.resolve(), rules=((tmp_path / "rules").resolve(),))
    assert Project.find() == Project.find(tmp_path) == Project.find(tmp_path / "kg.toml") == expected


def test_extending_puts_the_shipped_folders_first(tmp_path: Path) -> None:
    write(tmp_path, 'extends = "shipped"\nbase = "https://example.org/x#"\nrules = ["rules"]\ncorpus = "texts"\n')
    project, pack = Project.find(tmp_path), Project.shipped()
    assert project.rules == (*pack.rules, (tmp_path / "rules").resolve())
    assert (project.ontology, project.lexicon, project.grammar) == (pack.ontology, pack.lexicon, pack.grammar)
    assert project.corpus == ((tmp_path / "texts").resolve(),), "the shipped corpus is not yours"
    assert project.base == "https://example.org/x#"


FAULTS = [
    ('bsae = "https://a.org/"', "KG303", 1, 1, "did you mean base?"),
    ('# c\n\n  "folders" = 1', "KG303", 3, 4, "use one of"),
    ("[tool]\na = 1", "KG303", 1, 2, "use one of"),
    ('base = "x"', "KG304", 1, 1, "IRI"),
    ('base = "https://a.org/ b/"', "KG304", 1, 1, "IRI"),
    ('\nextends = "other"', "KG304", 2, 1, "shipped"),
    ("rules = 3", "KG304", 1, 1, "folder"),
    ("rules = [3]", "KG304", 1, 1, "folder"),
    ('rules = "none"', "KG305", 1, 1, "make it"),
    ('rules = ".."', "KG305", 1, 1, "below"),
    ('rules = "/etc"', "KG305", 1, 1, "below"),
    ('rules = "link"', "KG305", 1, 1, "below"),
    ('base = "a', "KG302", 1, 10, "toml.io"),
    ('rules = "rules"\nrules = "rules"', "KG302", 2, 16, "toml.io"),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "mend"), FAULTS, ids=[fault[0][:20] for fault in FAULTS])
def test_faults(tmp_path: Path, text: str, code: str, line: int, column: int, mend: str) -> None:
    write(tmp_path / "p", text)
    (tmp_path / "p/link").symlink_to(tmp_path)
    with pytest.raises(KgError) as caught:
        Project.find(tmp_path / "p")
    error = caught.value
    assert error.place and error.place.file.endswith("kg.toml")
    assert (error.code, error.place.line, error.place.column) == (code, line, column)
    assert mend in error.mend


def test_missing_and_unreadable(tmp_path: Path) -> None:
    with pytest.raises(KgError, match="no such"):
        Project.find(tmp_path / "none")
    (tmp_path / "kg.toml").write_bytes("base = 'é'".encode("latin-1"))
    with pytest.raises(KgError) as caught:
        Project.find(tmp_path)
    assert caught.value.code == "KG302"


def test_create(tmp_path: Path) -> None:
    files = create(tmp_path / "new")
    assert {file.name for file in files} >= {"kg.toml", "README.md"}
    project = Project.find(tmp_path / "new")
    assert len(project.rules) == 2 and len(project.lexicon) == 2 and project.corpus
    with pytest.raises(KgError) as caught:
        create(tmp_path / "new")
    assert caught.value.code == "KG306"
    (tmp_path / "file").write_text("")
    for place, code in (("file", "KG306"), ("file/below", "KG307")):
        with pytest.raises(KgError) as caught:
            create(tmp_path / place)
        assert caught.value.code == code
