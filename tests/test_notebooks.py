"""The notebooks run from top to bottom."""

from __future__ import annotations

from pathlib import Path

import nbclient
import nbformat
import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_notebook_runs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}})
    client.execute()
    shown = [output.data["text/html"] for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output and "text/html" in output.data]
    assert path.stem != "01-build-a-graph" or [html.startswith("<iframe srcdoc=") for html in shown] == [True, True]
    assert not any(cell.outputs for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"), "commit it without outputs"
