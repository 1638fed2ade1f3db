"""The command ``mlsensor``, also as ``python -m mlsensor``."""

from __future__ import annotations

import sys

from mlsensor import _native


def main() -> int:
    """Runs the command with the words of this process, and gives its exit code."""
    return _native.run_command(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
