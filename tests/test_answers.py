"""The questions of ontology/queries, asked of the graph of the shipped corpus.

tests/data/answers/QUERY.csv holds rows that a person has read against the texts: each must be
in the answer. `python tests/test_answers.py` adds the rows that are new, to be read and either
kept or, if a rule is wrong, taken out and the rule mended.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kg.store import Store

ROOT = Path(__file__).resolve().parent.parent
ANSWERS = ROOT / "tests" / "data" / "answers"
QUERIES = sorted((ROOT / "ontology" / "queries").glob("*.rq"))
COUNTED = {"rules", "documents", "documents-per-fact", "unreviewed"}
"""Questions that end in counts, which every new rule changes: only the other columns are compared."""

Row = tuple[str, ...]


@pytest.fixture(scope="module")
def corpus_graph(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return built(tmp_path_factory.mktemp("corpus") / "out")


@pytest.mark.parametrize("file", QUERIES, ids=lambda f: f.stem)
def test_a_question_has_its_answer(file: Path, corpus_graph: Store) -> None:
    columns, rows = answer(file, corpus_graph)
    expected_columns, expected = expectation(file)
    assert columns == expected_columns
    assert sorted(set(expected) - set(rows)) == []


def test_every_answer_has_its_question() -> None:
    assert sorted(file.stem for file in ANSWERS.glob("*.csv")) == sorted(file.stem for file in QUERIES)


def test_most_questions_have_an_answer() -> None:
    answered = [file.stem for file in QUERIES if expectation(file)[1]]
    assert len(answered) >= 20


def built(out: Path) -> Store:
    """Build the shipped corpus into a folder, and open it."""
    import kg
    from kg.store import Store

    kg.build([ROOT / "data" / "corpus"], out, project=ROOT)
    return Store.open(out)


def answer(file: Path, graph: Store) -> tuple[Row, list[Row]]:
    """Give the columns and rows of a question, counts left out where they move."""
    from kg.store import Table

    table = graph.query(file.read_text(encoding="utf-8"), name=str(file))
    assert isinstance(table, Table)
    keep = [i for i, name in enumerate(table.columns) if file.stem not in COUNTED or not name.endswith("s")]
    return tuple(table.columns[i] for i in keep), [tuple(row[i] for i in keep) for row in table.rows()]


def expectation(file: Path) -> tuple[Row, list[Row]]:
    """Give the columns and rows that a person has read."""
    with open(ANSWERS / f"{file.stem}.csv", encoding="utf-8", newline="") as stream:
        columns, *rows = (tuple(row) for row in csv.reader(stream))
    return columns, rows


def main() -> None:
    """Add to each answer the rows that are new."""
    with tempfile.TemporaryDirectory() as folder:
        graph = built(Path(folder) / "out")
        for file in QUERIES:
            columns, rows = answer(file, graph)
            target = ANSWERS / f"{file.stem}.csv"
            old = expectation(file)[1] if target.exists() else []
            new = [row for row in dict.fromkeys(rows) if row not in old]
            with open(target, "w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows([columns, *old, *new])
            if new:
                sys.stdout.write(f"{file.stem}: {len(new)} new rows to read\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
