"""Reads 40 bytes, because a struct with native alignment is one byte longer than a packet, and decodes them.

Published programs for this sensor do so, by accident. Ends when it has seen a face.
"""

import fcntl
import io
import struct

HEADER = "BBH"
FACE = "BBBBBBbB"
LENGTH = struct.calcsize(HEADER + "B" + FACE * 4 + "H")

with io.open("/dev/i2c-1", "rb", buffering=0) as bus:
    fcntl.ioctl(bus, 0x0703, 0x62)
    while True:
        packet = bus.read(LENGTH)
        _, _, length = struct.unpack_from(HEADER, packet, 0)
        (count,) = struct.unpack_from("B", packet, 4)
        if count:
            break
    confidence, left, top, right, bottom, _, identity, facing = struct.unpack_from(FACE, packet, 5)
    print(LENGTH, "bytes, length", length, "faces", count)
    print("confidence", confidence, "box", left, top, right, bottom, "id", identity, "facing", facing)
