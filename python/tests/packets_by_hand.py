"""Packets typed by hand from docs/protocol.md, and what they say. Nothing here was made by the package.

The checksum is the definition's, bit by bit: an oracle of its own.
"""

from __future__ import annotations

from typing import Optional, TypedDict


class Record(TypedDict):
    """A face as docs/protocol.md describes it; `identity` is the id and its confidence."""

    bounds: tuple[int, int, int, int]
    confidence: int
    identity: Optional[tuple[int, int]]
    is_facing: bool


def checksum(data: bytes) -> int:
    """CRC-16/MCRF4XX: polynomial 0x1021 reflected, initial value 0xFFFF."""
    register = 0xFFFF
    for byte in data:
        register ^= byte
        for _ in range(8):
            carry = register & 1
            register >>= 1
            if carry:
                register ^= 0x8408
    return register


def sealed(text: str) -> bytes:
    """The 37 bytes of this text, and their checksum, low byte first."""
    data = bytes.fromhex(text)
    assert len(data) == 37, len(data)
    return data + checksum(data).to_bytes(2, "little")


NOBODY = bytes.fromhex(
    "00 00 21 00 00"
    "00 00 00 00 00 00 00 00   00 00 00 00 00 00 00 00   00 00 00 00 00 00 00 00   00 00 00 00 00 00 00 00"
    "25 37"
)
"""Captured: docs/protocol.md, Two captured packets."""

ONE = bytes.fromhex(
    "00 00 21 00 01"
    "63 7c 80 95 aa 43 00 01   00 00 00 00 00 00 00 00   00 00 00 00 00 00 00 00   00 00 00 00 00 00 00 00"
    "15 8b"
)
"""Captured: docs/protocol.md, Two captured packets."""

ONE_SAYS: list[Record] = [
    {"bounds": (124, 128, 149, 170), "confidence": 99, "identity": (0, 67), "is_facing": True},
]

FOUR = sealed(
    "00 00 21 00 04"
    "64 01 02 03 04 64 07 01   3f 00 00 ff ff 00 ff 00   46 0a c8 0a c9 ff 03 00   00 fe fd ff fe 01 01 01"
)
"""Every field away from what the others have, and each at an end of its range somewhere."""

FOUR_SAYS: list[Record] = [
    {"bounds": (1, 2, 3, 4), "confidence": 100, "identity": (7, 100), "is_facing": True},
    {"bounds": (0, 0, 255, 255), "confidence": 63, "identity": None, "is_facing": False},
    # Id 3, but with a confidence of -1: not recognised.
    {"bounds": (10, 200, 10, 201), "confidence": 70, "identity": None, "is_facing": False},
    {"bounds": (254, 253, 255, 254), "confidence": 0, "identity": (1, 1), "is_facing": True},
]

UNDRIVEN = b"\xff" * 39
"""What a read gives that nobody answers."""
