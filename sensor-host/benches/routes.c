// Times what a program does, in its own process: the median of many, in nanoseconds, a line each.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int by_size(const void *a, const void *b) {
    long x = *(const long *)a, y = *(const long *)b;
    return (x > y) - (x < y);
}

static long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000L + t.tv_nsec;
}

#define MANY 5000
// Each time is that of a batch, for what takes less than the clock does.
#define MEDIAN(name, batch, what)                                                                                      \
    do {                                                                                                               \
        static long times[MANY];                                                                                       \
        for (int i = 0; i < MANY; i++) {                                                                               \
            long begin = now();                                                                                        \
            for (int j = 0; j < batch; j++) {                                                                          \
                if (!(what)) {                                                                                         \
                    fprintf(stderr, "%s: errno %d\n", name, errno);                                                    \
                    return 1;                                                                                          \
                }                                                                                                      \
            }                                                                                                          \
            times[i] = (now() - begin) / batch;                                                                        \
        }                                                                                                              \
        qsort(times, MANY, sizeof(long), by_size);                                                                     \
        printf("%s\t%ld\t%ld\n", name, times[MANY / 2], times[MANY * 99 / 100]);                                       \
    } while (0)

#define FEWER 500
// With a pause before each, in which the processors may fall asleep.
#define PAUSED(name, microseconds, what)                                                                               \
    do {                                                                                                               \
        static long times[FEWER];                                                                                      \
        for (int i = 0; i < FEWER; i++) {                                                                              \
            usleep(microseconds);                                                                                      \
            long begin = now();                                                                                        \
            if (!(what)) {                                                                                             \
                fprintf(stderr, "%s: errno %d\n", name, errno);                                                        \
                return 1;                                                                                              \
            }                                                                                                          \
            times[i] = now() - begin;                                                                                  \
        }                                                                                                              \
        qsort(times, FEWER, sizeof(long), by_size);                                                                    \
        printf("%s\t%ld\t%ld\n", name, times[FEWER / 2], times[FEWER * 99 / 100]);                                    \
    } while (0)

int main(int count, char **arguments) {
    char bytes[4096];
    int line[2], zero = open("/dev/zero", O_RDONLY), file;
    struct stat s;
    if (zero < 0 || pipe(line)) return 1;
    if (count > 1 && !strcmp(arguments[1], "bus")) {
        file = open("/dev/i2c-1", O_RDWR);
        if (file < 0 || ioctl(file, 0x703, 0x62) < 0) return 1;
        MEDIAN("39-byte read, one after the other", 1, read(file, bytes, 39) == 39);
        PAUSED("39-byte read, 3 ms after the last", 3000, read(file, bytes, 39) == 39);
        MEDIAN("open and close of the bus", 1, (file = open("/dev/i2c-1", O_RDWR)) >= 0 && close(file) == 0);
    }
    MEDIAN("write and read of a pipe", 20, write(line[1], bytes, 64) == 64 && read(line[0], bytes, 64) == 64);
    MEDIAN("read of a file", 20, read(zero, bytes, 64) == 64);
    MEDIAN("lseek of a file", 50, lseek(zero, 0, SEEK_SET) == 0);
    MEDIAN("getppid", 50, getppid() > 0);
    MEDIAN("open and close of a file", 1, (file = open("/dev/null", O_RDONLY)) >= 0 && close(file) == 0);
    MEDIAN("stat", 1, stat("/etc/passwd", &s) == 0);
    return 0;
}
