"""The recipes of examples/python/recipes: each runs on the simulated sensor, unchanged."""

from __future__ import annotations

import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path

import pytest

import mlsensor
from mlsensor import Muxes
from mlsensor.sim import Person, Scene, SimBus, SimSensor, Tca9548a

RECIPES = Path(__file__).resolve().parents[2] / "examples" / "python" / "recipes"
ON_A_SCENE = {"MLSENSOR_BUS": "sim:walk_up", "MLSENSOR_SPEED": "inf"}
MACHINE = [sys.executable, "-m", "mlsensor", "sim", "run", "--quiet"]


def environment(**more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MLSENSOR_", "GPIOZERO_"))
    }
    return kept | {"PYTHONUNBUFFERED": "1"} | more


def lines(name: str, **more: str) -> list[str]:
    """What a recipe prints that ends by itself, as a scene does."""
    program = [sys.executable, "-W", "error", str(RECIPES / f"{name}.py")]
    kept = environment(**{**ON_A_SCENE, **more})
    done = subprocess.run(program, capture_output=True, text=True, env=kept, timeout=120, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout.splitlines()


@contextmanager
def running(recipe: Path, *machine: str, **more: str) -> Generator[subprocess.Popen[str], None, None]:
    """A recipe that goes on until Ctrl-C; on a simulated machine, if there are options for one."""
    program = [*(machine and [*MACHINE, *machine, "--"]), sys.executable, str(recipe)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment(**more)) as process:
        patience = threading.Timer(60, process.kill)
        patience.start()
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()
            patience.cancel()


def test_count() -> None:
    printed = lines("count")
    assert printed[0] == "0 False"
    assert "1 True" in printed
    assert len(printed) > 100


def test_fan_source(monkeypatch: pytest.MonkeyPatch) -> None:
    gpiozero = pytest.importorskip("gpiozero")
    factory = importlib.import_module("gpiozero.pins.mock").MockFactory()
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    # gpiozero looks at its sources a hundred times a second of this world, so the scene takes time too.
    monkeypatch.setenv("MLSENSOR_BUS", "sim:walk_up")
    monkeypatch.setenv("MLSENSOR_SPEED", "6")
    runpy.run_path(str(RECIPES / "fan_source.py"))
    assert [state.state for state in factory.pin(17).states][:3] == [False, True, False]
    assert factory.pin(17).state is not True
    factory.reset()


def test_callbacks() -> None:
    assert lines("callbacks") == [
        "hello",
        "somebody looks at me",
        "goodbye",
        "nobody looks at me any more",
    ]


def test_callbacks_of_a_sensor_that_is_lost() -> None:
    with running(
        RECIPES / "callbacks.py", "--scenario", "two_people", "--fault", "power-off@t=3s"
    ) as process:
        assert process.stdout is not None
        assert sorted(process.stdout.readline() for _ in range(2)) == ["hello\n", "somebody looks at me\n"]
        assert process.stdout.readline() == "the sensor is gone: that is not nobody\n"


def test_wait() -> None:
    assert lines("wait") == ["you are looking at me"]
    assert lines("wait", MLSENSOR_BUS="sim:empty_room") == ["nobody looked for half a minute"]


def test_with_asyncio() -> None:
    printed = lines("with_asyncio")
    assert printed[:2] == ["hello", "1"]
    assert printed[-1] == "0"


def test_behaviors() -> None:
    assert [line.split()[-1] for line in lines("behaviors")] == ["present", "absent"]


def test_errors() -> None:
    assert lines("errors") == ["faces: 0"]
    assert lines("errors", MLSENSOR_BUS="/dev/i2c-98765")[-1].startswith("code: MLSENSOR-")


def test_json_lines() -> None:
    printed = [json.loads(line) for line in lines("json_lines")]
    assert {line["state"] for line in printed} == {"live"}
    assert printed[0]["faces"] == []
    assert max(len(line["faces"]) for line in printed) == 1


def test_json_lines_of_a_bus_that_fails_are_null_and_not_empty() -> None:
    wire = RECIPES.parents[1] / "host" / "tests" / "expected" / "loose_wire.recording"
    printed = [json.loads(line)["faces"] for line in lines("json_lines", MLSENSOR_BUS=f"replay:{wire}")]
    assert None in printed
    assert [] not in printed


def test_the_recipe_for_pytest_passes() -> None:
    program = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(RECIPES / "test_fan.py")]
    done = subprocess.run(
        program, capture_output=True, text=True, env=environment(), timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_web_page(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    recipe = tmp_path / "web_page.py"
    # Another program may have the port of the recipe.
    recipe.write_text((RECIPES / "web_page.py").read_text().replace("8080", port))
    with running(recipe, MLSENSOR_BUS="sim:two_people") as page:
        assert page.stdout is not None
        address = page.stdout.readline().strip()
        assert port in address
        with urllib.request.urlopen(f"{address}picture.svg", timeout=30) as picture:
            assert picture.headers["Content-Type"] == "image/svg+xml"
            assert picture.read().startswith(b"<svg")
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert list(json.load(answer)) == ["faces"]


def test_presence_pin() -> None:
    with running(RECIPES / "presence_pin.py", "--pin", "27", "--scenario", "two_people") as pin:
        assert pin.stdout is not None
        assert pin.stdout.readline() == "somebody\n"


def test_several_sensors(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = SimBus()
    mux = Tca9548a(bus, 0x70)
    for channel, people in [(0, [Person(distance_m=0.8)]), (1, [Person(1.0, -20.0), Person(1.0, 20.0)])]:
        SimSensor(mux.segment(channel)).scene = Scene(people)
    bus.advance(2.0)

    class Enough(Exception):
        """As many lines as are looked at."""

    printed: list[tuple[object, ...]] = []

    def show(*words: object) -> None:
        printed.append(words)
        if len(printed) == 20:
            raise Enough

    def simulated(_name: str, addresses: Iterable[int]) -> Muxes:
        return Muxes(bus, addresses)

    # The bus of the system that the recipe names is this one.
    monkeypatch.setattr(mlsensor, "Muxes", simulated)
    monkeypatch.setattr("builtins.print", show)
    with pytest.raises(Enough):
        runpy.run_path(str(RECIPES / "several_sensors.py"))
    assert ("door:", 1, "desk:", 2) in printed
    assert {words[1] for words in printed} <= {0, 1}


def test_every_recipe_is_run_here() -> None:
    tested = Path(__file__).read_text()
    for path in RECIPES.glob("*.py"):
        assert f'"{path.stem}"' in tested or f"{path.stem}.py" in tested, path.name
