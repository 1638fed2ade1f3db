/* Stands in for the kernel's I2C interface in a process that it is loaded into: the file that FAKE_BUS names is an I2C bus
 * there. How it answers, FAKE_BUS_SCRIPT tells by lines of a call and an outcome:
 *
 *     read 00 00 21 ...     it gives these bytes, and 00 for those that are left out
 *     read short 20 00 ...  it gives only so many of these
 *     write errno 121       it fails with this errno
 *     rdwr short 0          it makes only so many messages
 *     open ok
 *
 * The calls are open, slave, timeout, read, write and rdwr (one line a message that is read, or an errno). Each takes its
 * own lines in their order, and its last one again and again; a call without a line does what it should. What was asked is
 * appended to FAKE_BUS_LOG: "62 w 01 01", "timeout 5".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum call { OPEN, SLAVE, TIMEOUT, READ, WRITE, RDWR, CALLS };
static const char *const NAMES[CALLS] = { "open", "slave", "timeout", "read", "write", "rdwr" };

/* The address of each open file of the bus; 0 for a file that is none. */
static int addresses[1024];
#define OPENED 0x1000

static const char *setting(const char *name)
{
    const char *value = getenv(name);
    if (!value)
        abort();
    return value;
}

static int is_bus(int file)
{
    return file >= 0 && file < 1024 && addresses[file];
}

/* What is said of the next call of this kind, without its name; "" if nothing is. */
static char *outcome(enum call call)
{
    static long places[CALLS];
    static char lines[CALLS][512];
    char line[512];
    size_t length = strlen(NAMES[call]);
    FILE *script = fopen(setting("FAKE_BUS_SCRIPT"), "r");
    if (!script)
        abort();
    fseek(script, places[call], SEEK_SET);
    while (fgets(line, sizeof line, script))
        if (!strncmp(line, NAMES[call], length) && line[length] == ' ') {
            strcpy(lines[call], line + length + 1);
            places[call] = ftell(script);
            break;
        }
    fclose(script);
    return lines[call];
}

static int fails(const char *line)
{
    int number;
    if (sscanf(line, "errno %d", &number) != 1)
        return 0;
    errno = number;
    return 1;
}

static void note(const char *words, unsigned long number, const unsigned char *bytes, size_t length)
{
    FILE *log = fopen(setting("FAKE_BUS_LOG"), "a");
    if (!log)
        abort();
    fprintf(log, words, number);
    for (size_t i = 0; i < length; i++)
        fprintf(log, " %02x", bytes[i]);
    fputc('\n', log);
    fclose(log);
}

/* How many bytes of a read, which the line tells. */
static ssize_t fill(char *line, unsigned char *bytes, size_t length)
{
    int taken = 0;
    size_t given = length;
    if (sscanf(line, "short %zu%n", &given, &taken) == 1)
        line += taken;
    given = given < length ? given : length;
    for (size_t i = 0; i < given; i++)
        bytes[i] = (unsigned char)strtoul(line, &line, 16);
    return given;
}

static int transfer(struct i2c_rdwr_ioctl_data *messages)
{
    size_t made = messages->nmsgs;
    for (unsigned i = 0; i < messages->nmsgs; i++) {
        struct i2c_msg *message = &messages->msgs[i];
        char *line = message->flags & I2C_M_RD ? outcome(RDWR) : "";
        if (fails(line))
            return -1;
        if (sscanf(line, "short %zu", &made) == 1)
            return made;
        if (message->flags & I2C_M_RD)
            fill(line, message->buf, message->len);
        else
            note("%02lx w", message->addr, message->buf, message->len);
    }
    return made;
}

static int opened(const char *path, int flags, mode_t mode)
{
    int is_the_bus = !strcmp(path, setting("FAKE_BUS"));
    if (is_the_bus && fails(outcome(OPEN)))
        return -1;
    int file = syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    if (is_the_bus && file >= 0 && file < 1024)
        addresses[file] = OPENED;
    return file;
}

static mode_t mode_of(int flags, va_list arguments)
{
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, int) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return opened(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = mode_of(flags, arguments);
    va_end(arguments);
    return opened(path, flags | O_LARGEFILE, mode);
}

int close(int file)
{
    if (is_bus(file))
        addresses[file] = 0;
    return syscall(SYS_close, file);
}

ssize_t read(int file, void *bytes, size_t length)
{
    if (!is_bus(file))
        return syscall(SYS_read, file, bytes, length);
    char *line = outcome(READ);
    return fails(line) ? -1 : fill(line, bytes, length);
}

ssize_t write(int file, const void *bytes, size_t length)
{
    size_t taken = length;
    if (!is_bus(file))
        return syscall(SYS_write, file, bytes, length);
    char *line = outcome(WRITE);
    if (fails(line))
        return -1;
    sscanf(line, "short %zu", &taken);
    note("%02lx w", addresses[file] & ~OPENED, bytes, taken);
    return taken;
}

int ioctl(int file, unsigned long request, ...)
{
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (!is_bus(file))
        return syscall(SYS_ioctl, file, request, argument);
    switch (request) {
    case I2C_SLAVE:
        /* Opening chooses address 0, which is never in use. */
        if (argument && fails(outcome(SLAVE)))
            return -1;
        addresses[file] = OPENED | (int)(long)argument;
        return 0;
    case I2C_TIMEOUT:
        note("timeout %lu", (unsigned long)argument, NULL, 0);
        return fails(outcome(TIMEOUT)) ? -1 : 0;
    case I2C_PEC:
        return 0;
    case I2C_RDWR:
        return transfer(argument);
    default:
        abort();
    }
}
