"""Does every error have four parts, a class that programs can catch, and a code that is documented?"""

from __future__ import annotations

import copy
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Optional

import pytest

from mlsensor import (
    BusError,
    ClosedError,
    ConfigError,
    Faces,
    NotFoundError,
    PacketError,
    PersonSensor,
    SensorError,
)
from mlsensor.sim import Fault, SimBus, SimSensor

PROJECT = Path(__file__).resolve().parents[2]
PAGE = PROJECT / "docs" / "errors.md"
PARTS = ("it broke", "a loose wire", "mlsensor probe", "MLSENSOR-TEST")
ERRORS = [
    SensorError(*PARTS),
    BusError(*PARTS, 121),
    BusError(*PARTS),
    NotFoundError(*PARTS, 2),
    PacketError(*PARTS, "checksum", 37, 0xABCD),
    ConfigError(*PARTS),
    ClosedError(*PARTS),
]

NOBODY = bytes.fromhex("0000 2100 00" + "00" * 32 + "0dd4")
"""A packet that says that nobody is there, but for its checksum."""


def codes(folder: str, endings: str) -> dict[str, str]:
    """The codes that stand in the files of a folder, and where."""
    found: dict[str, str] = {}
    for path in sorted((PROJECT / "python" / folder).rglob(endings)):
        for code in re.findall(r'"(MLSENSOR-[A-Z0-9-]+)', path.read_text()):
            found[code] = path.name
    return found


def test_every_code_of_an_error_is_documented() -> None:
    if not PAGE.exists():
        pytest.skip("these tests are not in the repository of the package")
    native, python = codes("src", "*.rs"), codes("mlsensor", "*.py")
    documented = PAGE.read_text()
    missing = {code: where for code, where in {**native, **python}.items() if f"`{code}`" not in documented}
    assert missing == {}
    assert len(native) > 6
    assert len(python) > 2


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_says_its_four_parts_and_survives_a_trip_to_another_process(error: SensorError) -> None:
    assert (error.what, error.likely, error.run, error.code) == PARTS
    assert str(error) == "it broke\nlikely: a loose wire\nrun: mlsensor probe\ncode: MLSENSOR-TEST"
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert vars(twin) == vars(error)
        assert str(twin) == str(error)


def test_each_class_is_one_that_programs_catch_already() -> None:
    for error in ERRORS:
        assert isinstance(error, SensorError)
        assert isinstance(error, OSError) is isinstance(error, BusError)
        assert isinstance(error, ValueError) is isinstance(error, (PacketError, ConfigError))
    assert issubclass(NotFoundError, BusError)


def test_the_errno_is_where_python_has_it() -> None:
    with pytest.raises(OSError, match="it broke") as caught:
        raise BusError(*PARTS, 121)
    assert caught.value.errno == 121
    assert pickle.loads(pickle.dumps(BusError(*PARTS, 121))).errno == 121
    assert BusError(*PARTS).errno is None


@pytest.mark.parametrize(
    ("packet", "rule", "likely"),
    [
        (b"\xff" * 39, "not all 0xFF", "no power"),
        (bytes(39), "not all zero", "no result yet"),
        (NOBODY, "checksum", "loose wire"),
    ],
)
def test_a_packet_that_is_refused_says_what_it_most_likely_is(packet: bytes, rule: str, likely: str) -> None:
    with pytest.raises(PacketError) as refused:
        Faces.from_bytes(packet)
    assert (refused.value.rule, refused.value.code) == (rule, "MLSENSOR-PACKET")
    assert likely in refused.value.likely
    assert refused.value.run == "mlsensor probe"


@pytest.mark.parametrize(
    ("bus", "kind", "code", "run"),
    [
        ("walkup", ConfigError, "MLSENSOR-SOURCE", "mlsensor read sim:walk_up"),
        ("sim:nobody_there", ConfigError, "MLSENSOR-FILE", None),
        ("replay:/nonexistent", ConfigError, "MLSENSOR-FILE", None),
        ("/nonexistent", NotFoundError, None, None),
    ],
)
def test_a_bus_that_cannot_be_opened_is_told(
    bus: str, kind: type[SensorError], code: Optional[str], run: Optional[str]
) -> None:
    with pytest.raises(kind) as refused:
        PersonSensor(bus)
    assert code in (None, refused.value.code)
    assert run in (None, refused.value.run)


def test_a_simulated_bus_on_which_nothing_answers_is_told_as_a_real_one_is() -> None:
    with PersonSensor(SimBus()) as nothing, pytest.raises(BusError) as silent:
        nothing.read()
    assert silent.value.what == "a simulated bus of this program: nothing acknowledged 0x62"
    assert (silent.value.errno, silent.value.code) == (121, "MLSENSOR-BUS")
    assert "help(mlsensor.sim.SimBus)" in silent.value.run


def test_what_is_closed_says_so_whatever_is_asked_of_it() -> None:
    sensor = PersonSensor(SimSensor())
    sensor.close()
    with pytest.raises(ClosedError) as closed:
        sensor.read()
    assert (closed.value.what, closed.value.code) == ("the sensor is closed", "MLSENSOR-CLOSED")


@pytest.mark.parametrize(
    ("fault", "errno"),
    [
        (Fault.nack(), 121),
        (Fault.nack_data(), 121),
        (Fault.arbitration_loss(), 11),
        (Fault.stretch_timeout(), 5),
    ],
)
def test_a_simulated_error_has_the_errno_that_a_raspberry_pi_gives(fault: Fault, errno: int) -> None:
    sim = SimSensor()
    with PersonSensor(sim) as sensor:
        sim.advance(1.0)
        sim.inject(fault)
        with pytest.raises(BusError) as caught:
            sensor.read()
    assert caught.value.errno == errno


def test_the_source_of_the_package_says_that_it_is_not_the_package(tmp_path: Path) -> None:
    source = PROJECT / "python" / "mlsensor"
    shutil.copytree(source, tmp_path / "mlsensor", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    done = subprocess.run(
        [sys.executable, "-c", "import mlsensor"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    what, likely, run, code = done.stderr.splitlines()[-4:]
    copied = tmp_path / "mlsensor"
    assert what == f"ImportError: {copied} is the source of mlsensor, and not what was built from it"
    assert likely.startswith("likely: ")
    assert run.startswith("run: ")
    assert code == "code: MLSENSOR-NOT-BUILT"
