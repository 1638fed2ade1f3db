"""Reads the sensor by Debian's python3-smbus: what SMBus can."""

import smbus

bus = smbus.SMBus(1)
bus.write_byte_data(0x62, 0x01, 0x01)
print("byte %02x" % bus.read_byte(0x62))
print("block", bytes(bus.read_i2c_block_data(0x62, 0x01, 8)).hex(" "))
try:
    bus.read_byte(0x30)
except OSError as error:
    print("absent", error.errno)
bus.close()
