"""The pages for people who use Python: their code blocks are files, and their messages what programs say.

`EXPECT=write` writes both into the pages anew; look at what has changed.
"""

from __future__ import annotations

import configparser
import enum
import importlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PAGES = ["docs/raspberry-pi.md", "docs/recipes.md", "python/README.md"]
RECIPES = PROJECT / "examples" / "python" / "recipes"
BLOCK = re.compile(r"<!-- (file|message): (\S+) -->\n```(?:\w+)\n(.*?)```\n", re.DOTALL)


def blocks(page: str, kind: str) -> Iterator[tuple[str, str]]:
    """The code blocks of a page that stand for a file or a message: which, and what stands in them."""
    for found in BLOCK.finditer((PROJECT / page).read_text()):
        if found[1] == kind:
            yield found[2], found[3]


def hold(page: str, kind: str, name: str, text: str) -> None:
    """Demands that a block is this text, or makes it so."""
    path = PROJECT / page
    if os.environ.get("EXPECT") == "write":
        block = re.compile(rf"(<!-- {kind}: {re.escape(name)} -->\n```\w+\n).*?(```\n)", re.DOTALL)
        path.write_text(block.sub(lambda found: found[1] + text + found[2], path.read_text()))
    assert dict(blocks(page, kind))[name] == text, (
        f"{page} says something else than {name}; EXPECT=write accepts it"
    )


@pytest.mark.parametrize("page", PAGES)
def test_the_code_on_a_page_is_a_file(page: str) -> None:
    files = [name for name, _ in blocks(page, "file")]
    assert files
    for name in files:
        hold(page, "file", name, (PROJECT / name).read_text())


def test_every_recipe_is_on_a_page() -> None:
    shown = {name for page in PAGES for name, _ in blocks(page, "file")}
    assert shown == {str(path.relative_to(PROJECT)) for path in RECIPES.glob("*.py")}


@pytest.mark.parametrize("page", PAGES)
def test_all_python_on_a_page_is_held_to_a_file(page: str) -> None:
    text = (PROJECT / page).read_text()
    assert text.count("```python\n") == len(list(blocks(page, "file")))


@pytest.mark.parametrize("page", [*PAGES, "docs/python.md", "README.md", "examples/README.md"])
def test_a_link_on_a_page_leads_somewhere(page: str) -> None:
    path = PROJECT / page
    for target in re.findall(r"\]\(([^)]+)\)", path.read_text()):
        if target.startswith("https://"):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", there.read_text(), re.MULTILINE)
            anchors = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
            assert anchor in anchors, target


@pytest.mark.parametrize("module", ["mlsensor", "mlsensor.behavior", "mlsensor.sim", "mlsensor.testing"])
def test_every_public_name_is_on_the_page_of_names(module: str) -> None:
    page = (PROJECT / "docs" / "python.md").read_text()
    public = importlib.import_module(module)
    shown = {"mlsensor.sim": {"FaultKind", "LookalikeKind"}}.get(module)
    for name in public.__all__:
        kind = getattr(public, name)
        # The answers to an open question are an enumeration that the question names.
        is_answer = shown is not None and isinstance(kind, enum.EnumMeta) and name not in shown
        if name != "__version__" and not is_answer:
            assert f"`{name}`" in page, name


def test_the_service_that_runs_at_boot_starts_a_program_that_there_is_and_ends_it_as_ctrl_c_does() -> None:
    unit = re.search(r"```ini\n(.*?)```", (PROJECT / "docs" / "raspberry-pi.md").read_text(), re.DOTALL)
    assert unit is not None
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(unit[1])
    service = parser["Service"]
    python, *words = service["ExecStart"].split()
    assert python.endswith("/bin/python")
    program = next(word for word in words if word.endswith(".py")).split("/mlsensor/", 1)[1]
    assert (PROJECT / program).is_file()
    # test_examples.py shows that Ctrl-C ends it so, with what it drives off.
    assert (service["KillSignal"], service["SuccessExitStatus"]) == ("SIGINT", "130")
