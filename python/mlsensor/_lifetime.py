"""How readers end with the program, and what becomes of them in a fork."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlsensor._reader import Reader

__all__ = ["watch"]

_lock = threading.Lock()
_readers: weakref.WeakSet[Reader] = weakref.WeakSet()


def watch(reader: Reader) -> None:
    """Closes it when the program ends, and makes it closed in the child of a fork."""
    with _lock:
        _readers.add(reader)


def _close_all() -> None:
    # A thread that comes back from the native module while the interpreter is being taken down cannot be survived by
    # every Python, so all of them are brought back before.
    with _lock:
        readers = list(_readers)
    for reader in readers:
        reader.stop()
    for reader in readers:
        reader.join()


def _forget_all() -> None:
    global _lock
    _lock = threading.Lock()
    for reader in list(_readers):
        reader.forget()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
