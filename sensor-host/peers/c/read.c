// Reads the sensor as a C program does: 39 bytes, 40 bytes, and an address where nothing is.
#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void read_bytes(int bus, int address, int count)
{
    unsigned char bytes[64];
    if (ioctl(bus, I2C_SLAVE, address) < 0) {
        printf("address errno %d\n", errno);
        return;
    }
    errno = 0;
    int got = read(bus, bytes, count);
    printf("%d errno %d:", got, errno);
    for (int i = 0; i < got; i++)
        printf(" %02x", bytes[i]);
    printf("\n");
}

int main(void)
{
    int bus = open("/dev/i2c-1", O_RDWR);
    if (bus < 0) {
        perror("/dev/i2c-1");
        return 1;
    }
    read_bytes(bus, 0x62, 39);
    read_bytes(bus, 0x62, 40);
    read_bytes(bus, 0x30, 39);
    return 0;
}
