/* Stands in for the kernel's I2C interface in a process that it is loaded into: answers the ioctls of any open file that
 * is asked to be an I2C bus. What the sensor does is told by a file of lines, one a transfer:
 *
 *     r 00 00 21 ...   a read gives these bytes
 *     e 121            a transfer fails with this errno
 *
 * The last line is repeated. Writes are acknowledged and appended to a log.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int read_answer(struct i2c_msg *message)
{
    static FILE *script;
    static char line[512], next[512];
    if (!script && !(script = fopen(getenv("FAKE_BUS_SCRIPT"), "r")))
        abort();
    if (fgets(next, sizeof next, script))
        memcpy(line, next, sizeof line);
    if (line[0] == 'e') {
        errno = atoi(line + 1);
        return -1;
    }
    char *at = line + 1;
    for (int i = 0; i < message->len; i++)
        message->buf[i] = (unsigned char)strtoul(at, &at, 16);
    return 1;
}

static int log_write(const struct i2c_msg *message)
{
    FILE *log = fopen(getenv("FAKE_BUS_LOG"), "a");
    if (!log)
        abort();
    fprintf(log, "%02x w", message->addr);
    for (int i = 0; i < message->len; i++)
        fprintf(log, " %02x", message->buf[i]);
    fputc('\n', log);
    fclose(log);
    return 1;
}

int ioctl(int file, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (request == I2C_SLAVE || request == I2C_SLAVE_FORCE || request == I2C_PEC || request == I2C_TIMEOUT)
        return 0;
    if (request == I2C_RDWR) {
        struct i2c_rdwr_ioctl_data *transfer = argument;
        if (transfer->nmsgs != 1 || transfer->msgs[0].addr != 0x62)
            abort();
        struct i2c_msg *message = &transfer->msgs[0];
        return message->flags & I2C_M_RD ? read_answer(message) : log_write(message);
    }
    int (*real)(int, unsigned long, ...) = (int (*)(int, unsigned long, ...))dlsym(RTLD_NEXT, "ioctl");
    return real(file, request, argument);
}
