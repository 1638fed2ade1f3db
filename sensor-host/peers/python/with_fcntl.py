"""Reads the sensor as programs without a library do: io.open, an ioctl, read."""

import fcntl
import io
import os
import stat

I2C_SLAVE = 0x0703

print("exists", os.path.exists("/dev/i2c-1"), os.path.exists("/dev/i2c-7"))
print("is a character device", stat.S_ISCHR(os.stat("/dev/i2c-1").st_mode))
with io.open("/dev/i2c-1", "rb", buffering=0) as bus:
    fcntl.ioctl(bus, I2C_SLAVE, 0x62)
    print("read", bus.read(39).hex(" "))
    fcntl.ioctl(bus, I2C_SLAVE, 0x30)
    try:
        bus.read(39)
    except OSError as error:
        print("absent", error.errno)
