"""How programs in Python read a packet without this package: `struct` and a dictionary for each face."""

from __future__ import annotations

import struct
from typing import Any


def faces_of(packet: bytes) -> list[dict[str, Any]]:
    """The faces of a packet; what is wrong with it goes unnoticed."""
    _, _, count = struct.unpack_from("<HHB", packet, 0)
    faces: list[dict[str, Any]] = []
    offset = 5
    for _ in range(count):
        (confidence, left, top, right, bottom, id_confidence, id, is_facing) = struct.unpack_from(
            "<BBBBBbbB", packet, offset
        )
        offset += 8
        faces.append(
            {
                "confidence": confidence,
                "left": left,
                "top": top,
                "right": right,
                "bottom": bottom,
                "id_confidence": id_confidence,
                "id": id,
                "is_facing": is_facing,
            }
        )
    return faces


def crc16_mcrf4xx(data: bytes) -> int:
    """The checksum, for those who look at it: bit by bit, as one finds it on the web."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ 0x8408 if crc & 1 else crc >> 1
    return crc


def checked_faces_of(packet: bytes) -> list[dict[str, Any]]:
    """The same, with its checksum verified."""
    if crc16_mcrf4xx(packet[:37]) != packet[37] | packet[38] << 8:
        raise ValueError("checksum")
    return faces_of(packet)
