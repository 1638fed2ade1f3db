"""The tests that need Linux: a real kernel's files, signals and system calls."""

from linux_machine import kernel

__all__ = ["kernel"]
