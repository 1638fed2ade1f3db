"""A firmware of the bridge, by the bytes of its protocol alone, as a second opinion on it.

What is read from the command line, step by step: a time in milliseconds to wait for, `read`, `pin`, `nobody` (a read of
0x29), `about`, or `write=REGISTER,VALUE`. Each prints what came of it.
"""

import struct
import sys

requests = open("i2c.req", "wb", buffering=0)
answers = open("i2c.rsp", "rb", buffering=0)


def get(count):
    data = b""
    while len(data) < count:
        more = answers.read(count - len(data))
        if not more:
            sys.exit("the host is gone")
        data += more
    return data


def ask(op, argument=0, value=0, tail=b""):
    requests.write(struct.pack("<BBQ", op, argument, value) + tail)
    return struct.unpack("<BBQ", get(10))


def transaction(address, operation, length, data=b"", count=1):
    return ask(6, address, count, struct.pack("<BI", operation, length) + data)


def step(word):
    if word.isdigit():
        status, flag, _ = ask(5, 0, int(word) * 1_000_000)
        return f"{status} {flag}"
    if word == "pin":
        status, flag, _ = ask(7)
        return f"{status} {flag}"
    if word == "about":
        return get(ask(2, 0, 1000)[2]).decode()
    if word == "nobody":
        status, _, now = transaction(0x29, 0, 1)
        return f"{status} {now}"
    if word == "read":
        status, _, now = transaction(0x62, 0, 39)
        return f"{status} {now} {get(39).hex() if status == 0 else ''}".rstrip()
    register, value = word.removeprefix("write=").split(",")
    status, _, now = transaction(0x62, 1, 2, bytes([int(register), int(value)]))
    return f"{status} {now}"


requests.write(b"\x01\x01mlsensor")
status, version, end = struct.unpack("<BBQ", get(10))
print(status, version, end)
for word in sys.argv[1:]:
    print(step(word), flush=True)
