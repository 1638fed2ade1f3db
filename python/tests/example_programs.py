"""The examples of examples/python, as programs of their own and as modules."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from packets_by_hand import sealed

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "examples" / "python"
IN_RUST = PROJECT / "examples" / "host" / "tests" / "expected"
NAMES = ["fan", "follow", "kiosk", "light_switch", "screen_lock", "watch", "who_is_it"]
SHARED = ["commands", "names", "pins", "running", "seat", "strangers"]
LOOSE_WIRE = f"replay:{IN_RUST / 'loose_wire.recording'}"
FOUR_PARTS = ["error", "likely", "run", "code"]

# Tests may be run by nohup, or in the background: what is ignored then would be ignored by a program too.
AS_IN_A_TERMINAL = """
import os, signal, sys
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
    signal.signal(number, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""


def environment(**more: str) -> dict[str, str]:
    """That of this process, without what would choose a source, and with what is named."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MLSENSOR_")} | more


def run(name: str, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-W", "error", str(FOLDER / f"{name}.py"), *args]
    return subprocess.run(
        program,
        capture_output=True,
        text=True,
        env=environment(**more),
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


@contextmanager
def started(program: Sequence[str], **more: str) -> Generator[subprocess.Popen[str], None, None]:
    """A program that runs, and is killed if it hangs."""
    with subprocess.Popen(
        [sys.executable, "-c", AS_IN_A_TERMINAL, *program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(**more),
    ) as process:
        patience = threading.Timer(60, process.kill)
        patience.start()
        try:
            yield process
        finally:
            process.kill()
            patience.cancel()


def parts(said: str) -> list[str]:
    """The first word of each line."""
    return [line.split(":")[0] for line in said.splitlines()]


def face(left: int) -> bytes:
    """A packet with one face, which faces the sensor from some 0.7 m away."""
    return sealed(f"00 00 21 00 01  63 {left:02x} 80 {left + 30:02x} aa 00 00 01" + " 00" * 24)


def recording(file: Path, packets: Sequence[bytes]) -> str:
    """A source that gives these packets, one each 140 ms."""
    lines = (f"{number * 0.14:.2f} {packet.hex(' ')}\n" for number, packet in enumerate(packets, 1))
    file.write_text("".join(lines))
    return f"replay:{file}"
