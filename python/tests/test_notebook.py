"""The notebook runs from top to bottom without hardware, and shows what it is committed with.

`EXPECT=write` writes its outputs anew; look at what has changed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

nbclient = pytest.importorskip("nbclient")
nbformat = pytest.importorskip("nbformat")

NOTEBOOK = Path(__file__).resolve().parents[2] / "examples" / "python" / "quickstart.ipynb"
VARIES = "varies"
"""The tag of a cell whose output is another one each time, or on each machine."""


def outputs(cell: Any) -> list[dict[str, Any]]:
    """What a cell shows, without the numbers of its runs."""
    return [
        {name: value for name, value in shown.items() if name != "execution_count"} for shown in cell.outputs
    ]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The notebook after a run in a folder of its own, in which no cell failed."""
    for name in [name for name in os.environ if name.startswith("MLSENSOR_")]:
        del os.environ[name]
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    folder = tmp_path_factory.mktemp("notebook")
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return notebook


@pytest.mark.filterwarnings("default")
def test_every_cell_runs_and_shows_what_it_is_committed_with(executed: Any) -> None:
    committed = nbformat.read(NOTEBOOK, as_version=4)
    if os.environ.get("EXPECT") == "write":
        for number, (cell, run) in enumerate(zip(committed.cells, executed.cells)):
            if cell.cell_type == "code":
                cell.execution_count = None
                cell.outputs = [
                    nbformat.from_dict(shown | {"execution_count": None})
                    if "execution_count" in shown
                    else shown
                    for shown in run.outputs
                ]
            assert number < len(committed.cells)
        nbformat.write(committed, NOTEBOOK)
    for cell, run in zip(committed.cells, executed.cells):
        if cell.cell_type == "code" and VARIES not in cell.metadata.get("tags", []):
            assert outputs(cell) == outputs(run), cell.source


def test_the_notebook_shows_pictures_and_an_error(executed: Any) -> None:
    shown = [shown for cell in executed.cells if cell.cell_type == "code" for shown in cell.outputs]
    assert any("image/svg+xml" in output.get("data", {}) for output in shown)
    assert any("code: MLSENSOR-BUS" in output.get("text", "") for output in shown)
    assert any("1 passed" in output.get("text", "") for output in shown)
