"""Does the build back end say what is missing where the package cannot be built, and nothing where it can?"""

from __future__ import annotations

import importlib
import os
import re
import stat
import sys
from pathlib import Path
from types import ModuleType

import pytest

PACKAGE = Path(__file__).parents[1]


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "path", [str(PACKAGE / "build_backend"), *sys.path])
    return importlib.import_module("mlsensor_build")


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with no program at all, and a folder for those that a test gives it."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("CARGO_HOME", str(tmp_path / "cargo"))
    monkeypatch.delenv("CARGO", raising=False)
    monkeypatch.delenv("RUSTC", raising=False)
    monkeypatch.delenv("MATURIN_NO_INSTALL_RUST", raising=False)
    return folder


def give(folder: Path, name: str, prints: str, code: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{prints}'\nexit {code}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def parts(refused: pytest.ExceptionInfo[SystemExit]) -> dict[str, str]:
    """The four parts, by their names."""
    lines = str(refused.value.code).splitlines()
    assert len(lines) == 4, lines
    return dict(line.split(": ", 1) for line in lines)


def test_without_rust_the_error_says_so_and_nothing_is_asked_for(backend: ModuleType, programs: Path) -> None:
    with pytest.raises(SystemExit) as refused:
        backend.get_requires_for_build_wheel()
    said = parts(refused)
    assert "Rust 1.85 or newer: there is no `cargo`" in said["error"]
    assert "ready-made wheel" in said["likely"]
    assert "rustup" in said["run"]
    assert said["code"] == "MLSENSOR-BUILD-RUST"


def test_a_compiler_that_cargo_lacks_is_missed(backend: ModuleType, programs: Path) -> None:
    give(programs, "cargo", "cargo 1.85.0 (d73d2caf9 2024-12-31)")
    with pytest.raises(SystemExit) as refused:
        backend.get_requires_for_build_wheel()
    assert "there is no `rustc`" in parts(refused)["error"]


def test_a_rust_that_this_terminal_does_not_know_is_named(backend: ModuleType, programs: Path) -> None:
    give(programs.parent / "cargo" / "bin", "cargo", "cargo 1.85.0 (d73d2caf9 2024-12-31)")
    with pytest.raises(SystemExit) as refused:
        backend.get_requires_for_build_wheel()
    said = parts(refused)
    assert "not on the path" in said["error"]
    assert str(programs.parent / "cargo" / "bin") in said["run"]


@pytest.mark.parametrize("has_rustup", [False, True])
def test_a_rust_that_is_too_old_is_told_by_its_version(
    backend: ModuleType, programs: Path, has_rustup: bool
) -> None:
    # Raspberry Pi OS of 2023 has these.
    give(programs, "cargo", "cargo 1.65.0")
    give(programs, "rustc", "rustc 1.63.0")
    if has_rustup:
        give(programs, "rustup", "rustup 1.28.2")
    with pytest.raises(SystemExit) as refused:
        backend.get_requires_for_build_wheel()
    said = parts(refused)
    assert "`cargo` is 1.65" in said["error"]
    assert said["code"] == "MLSENSOR-BUILD-RUST-OLD"
    assert (said["run"] == "rustup update stable") == has_rustup


def test_a_rustup_without_a_rust_is_told(backend: ModuleType, programs: Path) -> None:
    give(programs, "cargo", "error: rustup could not choose a version of cargo to run", code=1)
    with pytest.raises(SystemExit) as refused:
        backend.get_requires_for_build_wheel()
    said = parts(refused)
    assert "could not choose a version" in said["error"]
    assert said["run"] == "rustup default stable"


@pytest.mark.parametrize("version", ["1.85.0 (4d91de4e4 2025-02-17)", "1.96.0-nightly", "2.0.0"])
def test_with_rust_maturin_is_asked_for(backend: ModuleType, programs: Path, version: str) -> None:
    for tool in ("cargo", "rustc"):
        give(programs, tool, f"{tool} {version}")
    for kind in ("wheel", "editable", "sdist"):
        assert getattr(backend, f"get_requires_for_build_{kind}")() == ["maturin>=1.14,<2"]


def test_the_environment_may_name_another_rust(
    backend: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for tool in ("cargo", "rustc"):
        give(programs.parent / "mine", tool, f"{tool} 1.90.0")
        monkeypatch.setenv(tool.upper(), str(programs.parent / "mine" / tool))
    assert backend.get_requires_for_build_wheel() == ["maturin>=1.14,<2"]


@pytest.fixture
def rust(programs: Path) -> None:
    for tool in ("cargo", "rustc"):
        give(programs, tool, f"{tool} 1.85.0")


def maturin(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Stands where maturin would."""
    module = ModuleType("maturin")
    monkeypatch.setitem(sys.modules, "maturin", module)
    return module


@pytest.mark.usefixtures("rust")
def test_maturin_is_given_what_pip_gave_and_may_fetch_no_rust(
    backend: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []

    def build_wheel(*arguments: object) -> str:
        given.append((*arguments, os.environ["MATURIN_NO_INSTALL_RUST"]))
        return "mlsensor.whl"

    maturin(monkeypatch).__dict__["build_wheel"] = build_wheel
    assert backend.build_wheel("folder", {"a": "b"}, "metadata") == "mlsensor.whl"
    assert given == [("folder", {"a": "b"}, "metadata", "1")]


@pytest.mark.usefixtures("rust")
def test_without_maturin_the_error_says_so(backend: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "maturin", None)
    with pytest.raises(SystemExit) as refused:
        backend.build_sdist("folder")
    assert parts(refused)["code"] == "MLSENSOR-BUILD-MATURIN"


@pytest.mark.usefixtures("rust")
@pytest.mark.parametrize("has_linker", [False, True])
def test_a_build_that_fails_for_want_of_a_linker_says_so(
    backend: ModuleType, programs: Path, monkeypatch: pytest.MonkeyPatch, has_linker: bool
) -> None:
    def build_wheel(*_: object) -> str:
        sys.exit(1)

    if has_linker:
        give(programs, "cc", "cc 12")
    maturin(monkeypatch).__dict__["build_wheel"] = build_wheel
    with pytest.raises(SystemExit) as refused:
        backend.build_wheel("folder")
    if has_linker:
        assert refused.value.code == 1
    else:
        assert parts(refused)["code"] == "MLSENSOR-BUILD-CC"


def test_the_oldest_rust_is_that_of_the_crates(backend: ModuleType) -> None:
    workspace = (PACKAGE.parent / "Cargo.toml").read_text()
    major, minor = backend.OLDEST_RUST
    assert f'rust-version = "{major}.{minor}"' in workspace


def test_every_code_is_in_the_list_of_errors() -> None:
    source = (PACKAGE / "build_backend" / "mlsensor_build.py").read_text()
    codes = set(re.findall(r"MLSENSOR-[A-Z-]+", source))
    assert len(codes) == 4
    listed = (PACKAGE.parent / "docs" / "errors.md").read_text()
    for code in codes:
        assert f"`{code}`" in listed, code
