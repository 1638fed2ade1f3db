"""Builds the package from its source: a look whether Rust is here and new enough, and maturin does the rest.

This is a build back end as PEP 517 describes it. It stands in front of maturin for one reason: a machine for
which there is no ready-made wheel, and which has no Rust, gets an answer that says so. maturin would fetch a
Rust of its own from the network without a word; here that is left to who owns the machine.
"""

from __future__ import annotations

import importlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, Optional

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

OLDEST_RUST = (1, 85)
"""The oldest Rust that the crates promise to build with: `rust-version` in the workspace's Cargo.toml."""

MATURIN = "maturin>=1.14,<2"
"""What builds it."""

RUSTUP = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal"

Settings = Optional[Mapping[str, Any]]


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """What must be installed to build a wheel. Ends with an error in four parts if one cannot be built."""
    check_rust()
    return [MATURIN]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """What must be installed to build it in place: the same."""
    return get_requires_for_build_wheel(config_settings)


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """What must be installed to pack the source: the same, for cargo knows what belongs to it."""
    return get_requires_for_build_wheel(config_settings)


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings = None) -> str:
    """Writes what the package says of itself."""
    return str(delegate("prepare_metadata_for_build_wheel", metadata_directory, config_settings))


def prepare_metadata_for_build_editable(metadata_directory: str, config_settings: Settings = None) -> str:
    """Writes what the package, built in place, says of itself."""
    return str(delegate("prepare_metadata_for_build_editable", metadata_directory, config_settings))


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: Optional[str] = None
) -> str:
    """Builds a wheel; gives its name."""
    return str(delegate("build_wheel", wheel_directory, config_settings, metadata_directory))


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: Optional[str] = None
) -> str:
    """Builds it in place; gives the name of the wheel that points there."""
    return str(delegate("build_editable", wheel_directory, config_settings, metadata_directory))


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """Packs the source; gives the name of the archive."""
    return str(delegate("build_sdist", sdist_directory, config_settings))


def delegate(hook: str, *arguments: Any) -> Any:
    """Lets maturin do it, after a look at Rust."""
    check_rust()
    # maturin would fetch a Rust from the network if it found none.
    os.environ["MATURIN_NO_INSTALL_RUST"] = "1"
    try:
        maturin = importlib.import_module("maturin")
    except ImportError:
        refuse(
            "maturin is not installed, which builds the package",
            "pip was told not to install what is needed to build (--no-build-isolation)",
            f"python3 -m pip install '{MATURIN}'",
            "MLSENSOR-BUILD-MATURIN",
        )
    try:
        return getattr(maturin, hook)(*arguments)
    except SystemExit:
        if shutil.which("cc") is None:
            refuse(
                "the package could not be built: there is no `cc`, which links it",
                "the C compiler was never installed here",
                "sudo apt install gcc libc6-dev",
                "MLSENSOR-BUILD-CC",
            )
        raise


def check_rust() -> None:
    """Ends with an error in four parts if cargo or rustc is missing or too old."""
    oldest = ".".join(map(str, OLDEST_RUST))
    for tool in ("cargo", "rustc"):
        program = os.environ.get(tool.upper()) or tool
        needed = f"mlsensor is built from source for {this_machine()}, which takes Rust {oldest} or newer"
        if shutil.which(program) is None:
            home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
            if (home / "bin" / tool).exists():
                refuse(
                    f"{needed}: there is a `{tool}`, but not on the path",
                    "Rust was installed after this terminal was opened",
                    f'export PATH="{home / "bin"}:$PATH"    (then the same again)',
                    "MLSENSOR-BUILD-RUST",
                )
            refuse(
                f"{needed}: there is no `{tool}`",
                "Rust was never installed here, and pip found no ready-made wheel for this machine",
                RUSTUP,
                "MLSENSOR-BUILD-RUST",
            )
        called = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
        version = version_of(called.stdout)
        if called.returncode != 0 or version is None:
            said = next(iter((called.stderr or called.stdout).splitlines()), "nothing")
            refuse(
                f"{needed}: `{tool}` does not say its version, but {said!r}",
                "rustup was installed, and no Rust by it",
                "rustup default stable",
                "MLSENSOR-BUILD-RUST",
            )
        if version < OLDEST_RUST:
            is_rustups = shutil.which("rustup") is not None
            refuse(
                f"{needed}: `{tool}` is {'.'.join(map(str, version))}",
                "it was installed long ago" if is_rustups else "it is that of the system's packages",
                "rustup update stable" if is_rustups else RUSTUP,
                "MLSENSOR-BUILD-RUST-OLD",
            )


def version_of(printed: str) -> Optional[tuple[int, int]]:
    """The first two numbers of what `rustc --version` or `cargo --version` prints."""
    found = re.match(r"(?:rustc|cargo) (\d+)\.(\d+)", printed)
    return (int(found[1]), int(found[2])) if found else None


def this_machine() -> str:
    """The Python and the processor that a wheel would have to be for."""
    return f"Python {sys.version_info[0]}.{sys.version_info[1]} on {platform.system()} {platform.machine()}"


def refuse(what: str, likely: str, run: str, code: str) -> NoReturn:
    """Ends with an error in four parts, and nothing else: pip shows it as it is."""
    sys.stdout.flush()
    sys.exit(f"error: {what}\nlikely: {likely}\nrun: {run}\ncode: {code}")
