"""Reads the sensor by smbus2: a message of 39 bytes, then a register write, a byte, and an absent address."""

from smbus2 import SMBus, i2c_msg

with SMBus(1) as bus:
    packet = i2c_msg.read(0x62, 39)
    bus.i2c_rdwr(packet)
    print("rdwr", bytes(packet).hex(" "))
    bus.write_byte_data(0x62, 0x01, 0x01)
    print("byte %02x" % bus.read_byte(0x62))
    both = [i2c_msg.write(0x62, [0x01, 0x01]), i2c_msg.read(0x62, 4)]
    bus.i2c_rdwr(*both)
    print("write and read", bytes(both[1]).hex(" "))
    try:
        bus.read_byte(0x30)
    except OSError as error:
        print("absent", error.errno)
