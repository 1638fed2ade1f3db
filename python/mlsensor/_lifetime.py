"""How readers end with the program, and what becomes of them in a fork."""

from __future__ import annotations

import atexit
import os
import threading
import time
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlsensor._reader import Reader

__all__ = ["park_at_the_end", "watch"]

_PATIENCE = 2.0
"""How many seconds the end of a program waits for what is busy with the bus or with a user's function."""

_lock = threading.Lock()
_is_ending = False
_readers: weakref.WeakSet[Reader] = weakref.WeakSet()


def watch(reader: Reader) -> None:
    """Closes it when the program ends, and makes it closed in the child of a fork."""
    with _lock:
        _readers.add(reader)


def park_at_the_end() -> None:
    """Holds a daemon thread that is about to be told that its sensor is closed because the program ends.

    Such a thread ends with the program wherever it is. An exception would only be printed, or half of it.
    """
    if _is_ending and threading.current_thread().daemon:
        threading.Event().wait()


def _close_all() -> None:
    # Not every Python survives a thread that comes back from the native module while the interpreter is
    # taken down, so all of them are brought back before.
    global _is_ending
    _is_ending = True
    with _lock:
        readers = list(_readers)
    for reader in readers:
        reader.stop()
    end = time.monotonic() + _PATIENCE
    for reader in readers:
        reader.join(max(end - time.monotonic(), 0.01))


def _forget_all() -> None:
    global _lock
    _lock = threading.Lock()
    for reader in list(_readers):
        reader.forget()


atexit.register(_close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
