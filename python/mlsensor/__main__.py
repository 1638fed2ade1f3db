"""The command ``mlsensor``, also as ``python -m mlsensor``."""

from __future__ import annotations

import os
import signal
import sys

from mlsensor import _native

__all__ = ["main"]


def main() -> int:
    """Runs the command with the words of this process, and gives its exit code.

    It is the same as the program that comes from the crate, so this process is made as that one's is.
    """
    # A stream that is closed would be the next file that is opened, such as a bus.
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    # Python's handler would let Ctrl-C wait for the end of the command; one that is ignored (nohup) stays so.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    # Python ignores it, and programs that are run would inherit that.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    return _native.run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
