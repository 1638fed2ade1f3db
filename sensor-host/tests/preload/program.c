// What programs do through the C library, one thing a mode. It prints what it saw; the tests decide what that should
// have been.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/gpio.h>
#include <linux/i2c-dev.h>
#include <linux/i2c.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int bus(void) {
    int file = open("/dev/i2c-1", O_RDWR);
    if (file < 0 || ioctl(file, I2C_SLAVE, 0x62) < 0) {
        printf("open %d\n", errno);
        exit(1);
    }
    return file;
}

static void error(const char *what, long outcome) {
    printf("%s %ld errno %d\n", what, outcome, outcome < 0 ? errno : 0);
    fflush(stdout);
}

static int by_time(const void *a, const void *b) {
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

// The name of the supervisor's socket that this one is connected to.
static struct sockaddr_un peer(int file) {
    struct sockaddr_un address = {0};
    socklen_t length = sizeof address;
    getpeername(file, (struct sockaddr *)&address, &length);
    return address;
}

int main(int count, char **arguments) {
    const char *mode = count > 1 ? arguments[1] : "";
    if (!strcmp(mode, "transfers")) {
        int file = bus();
        unsigned char out[1] = {1}, in[4] = {0};
        struct i2c_msg messages[2] = {{0x62, 0, 1, out}, {0x62, I2C_M_RD, 4, in}};
        struct i2c_rdwr_ioctl_data both = {messages, 2};
        error("rdwr", ioctl(file, I2C_RDWR, &both));
        printf("%02x%02x%02x%02x\n", in[0], in[1], in[2], in[3]);
        union i2c_smbus_data data = {0};
        struct i2c_smbus_ioctl_data byte = {I2C_SMBUS_READ, 0, I2C_SMBUS_BYTE, &data};
        data.byte = 0xA5;
        error("smbus", ioctl(file, I2C_SMBUS, &byte));
        printf("%02x\n", data.byte);
        unsigned long functions = 0;
        error("functions", ioctl(file, I2C_FUNCS, &functions));
        printf("%d\n", (functions & I2C_FUNC_I2C) != 0);
    } else if (!strcmp(mode, "large")) {
        // As many messages as there may be, of which each is as long as it may be.
        int file = bus();
        static unsigned char large[42][8192];
        struct i2c_msg many[42];
        for (int i = 0; i < 42; i++) many[i] = (struct i2c_msg){0x62, I2C_M_RD, 8192, large[i]};
        struct i2c_rdwr_ioctl_data all = {many, 42};
        error("large", ioctl(file, I2C_RDWR, &all));
        printf("%02x %02x %02x\n", large[0][2], large[41][2], large[41][8191]);
    } else if (!strcmp(mode, "bad-memory")) {
        int file = bus();
        unsigned char in[4] = {0};
        // The second page may not be touched: half of a buffer is there.
        char *page = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        mprotect(page + 4096, 4096, PROT_NONE);
        error("read", read(file, (void *)8, 39));
        error("read half", read(file, page + 4090, 39));
        error("write", write(file, (void *)8, 2));
        error("write half", write(file, page + 4095, 2));
        error("read to constant", read(file, (void *)"constant, and long enough for a whole packet", 39));
        struct i2c_msg messages[2] = {{0x62, I2C_M_RD, 4, in}, {0x62, I2C_M_RD, 39, (void *)(page + 4090)}};
        struct i2c_rdwr_ioctl_data both = {messages, 2};
        error("rdwr", ioctl(file, I2C_RDWR, &both));
        both.msgs = (void *)8;
        error("messages", ioctl(file, I2C_RDWR, &both));
        error("vector", ioctl(file, I2C_RDWR, (void *)8));
        error("smbus", ioctl(file, I2C_SMBUS, (void *)8));
        error("functions", ioctl(file, I2C_FUNCS, (void *)8));
        struct stat *nowhere = (void *)8;
        error("stat", stat("/dev/i2c-1", nowhere));
        error("fstat", fstat(file, nowhere));
        error("good", read(file, page, 39));
    } else if (!strcmp(mode, "bad-addresses")) {
        // The kernel's own, one at the end of a program's, and one that would wrap.
        int file = bus(), chip = open("/dev/gpiochip0", O_RDWR);
        void *addresses[] = {(void *)0x800000000000, (void *)0x7fffffffffff, (void *)0xffffffff80000000, (void *)-8};
        unsigned char packet[39], one = 1;
        for (int i = 0; i < 4; i++) {
            void *at = addresses[i];
            error("read", read(file, at, 39));
            error("write", write(file, at, 2));
            error("readv", readv(file, at, 1));
            struct iovec piece = {at, 39};
            error("piece", readv(file, &piece, 1));
            error("rdwr", ioctl(file, I2C_RDWR, at));
            struct i2c_msg messages[2] = {{0x62, 0, 1, &one}, {0x62, I2C_M_RD, 39, at}};
            struct i2c_rdwr_ioctl_data both = {messages, 2};
            error("message read", ioctl(file, I2C_RDWR, &both));
            messages[0].buf = at, messages[1].buf = packet;
            error("message written", ioctl(file, I2C_RDWR, &both));
            both.msgs = at;
            error("messages", ioctl(file, I2C_RDWR, &both));
            error("smbus", ioctl(file, I2C_SMBUS, at));
            struct i2c_smbus_ioctl_data byte = {I2C_SMBUS_READ, 0, I2C_SMBUS_BYTE, at};
            error("smbus read", ioctl(file, I2C_SMBUS, &byte));
            byte = (struct i2c_smbus_ioctl_data){I2C_SMBUS_WRITE, 0, I2C_SMBUS_BYTE_DATA, at};
            error("smbus written", ioctl(file, I2C_SMBUS, &byte));
            error("functions", ioctl(file, I2C_FUNCS, at));
            error("event", ioctl(chip, GPIO_GET_LINEEVENT_IOCTL, at));
            error("info", ioctl(chip, GPIO_GET_CHIPINFO_IOCTL, at));
        }
        error("long read", read(file, packet, -1));
        error("long write", write(file, packet, -1));
        error("good", read(file, packet, 39));
    } else if (!strcmp(mode, "glob")) {
        glob_t found;
        error("glob", glob("/dev/i2c-[1]", 0, 0, &found));
        printf("%zu %s\n", found.gl_pathc, found.gl_pathv[0]);
        error("more", glob("/sys/bus/gpi[o]/devices/gpiochip[0]", GLOB_APPEND, 0, &found));
        printf("%zu %s\n", found.gl_pathc, found.gl_pathv[1]);
        globfree(&found);
        error("others", glob("/etc/pass[w]d", 0, 0, &found));
        printf("%zu %s\n", found.gl_pathc, found.gl_pathv[0]);
    } else if (!strcmp(mode, "stream")) {
        FILE *stream = fopen("/dev/i2c-1", "r+");
        unsigned char bytes[39];
        if (!stream) return 1;
        error("ioctl", ioctl(fileno(stream), I2C_SLAVE, 0x62));
        size_t got = fread(bytes, 1, 39, stream);
        printf("read %zu, %d\n", got, bytes[2]);
        int number = fileno(stream);
        fclose(stream);
        error("closed", fcntl(number, F_GETFD));
        stream = fopen("/sys/class/i2c-dev/i2c-1/name", "r");
        char text[64] = "";
        printf("%s", stream && fgets(text, sizeof text, stream) ? text : "none\n");
    } else if (!strcmp(mode, "waits")) {
        struct pollfd file = {bus(), POLLIN | POLLOUT, 0};
        error("poll", poll(&file, 1, 0));
        printf("%d\n", file.revents == (POLLIN | POLLOUT));
    } else if (!strcmp(mode, "numbers")) {
        int first = open("/dev/null", O_RDONLY), file = bus(), chip = open("/dev/gpiochip0", O_RDWR);
        char byte;
        error("read", read(file, &byte, 1));
        printf("%d %d %d\n", file - first, chip - first, open("/dev/null", O_RDONLY) - first);
    } else if (!strcmp(mode, "nonsense")) {
        // A program that talks to the supervisor by itself, and does not keep to the rules.
        int file = bus();
        struct sockaddr_un address = peer(file);
        char *name = strrchr(address.sun_path, '/') + 1;
        const char *sockets[] = {"calls", "events", "talks"};
        static unsigned char bytes[100000];
        unsigned int seed = 1;
        for (int i = 0; i < 3000; i++) {
            strcpy(name, sockets[i % 3]);
            int line = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
            if (connect(line, (struct sockaddr *)&address, sizeof address)) return 1;
            for (int n = 0; n < 4; n++) {
                // Beginnings that mean something, and then anything.
                for (int at = 0; at < 64; at++) bytes[at] = (seed = seed * 1103515245 + 12345) >> 24;
                bytes[0] = i % 52, bytes[1] = bytes[2] = bytes[3] = 0;
                if (n % 2) memset(bytes + 8, 0, 8), bytes[8] = i % 32;
                size_t lengths[] = {0, 1, 31, 32, 64, 16416, 40000};
                send(line, bytes, lengths[(seed >> 8) % 7], MSG_NOSIGNAL);
            }
            if (i % 2) close(line);
        }
        // To the file itself, too.
        send(file, bytes, 5, MSG_NOSIGNAL);
        int other = bus();
        unsigned char packet[39];
        error("good", read(other, packet, 39));
    } else if (!strcmp(mode, "silent")) {
        // A program that is asked for memory and never answers keeps nobody waiting.
        int file = bus();
        struct sockaddr_un address = peer(file);
        strcpy(strrchr(address.sun_path, '/') + 1, "talks");
        int line = socket(AF_UNIX, SOCK_SEQPACKET, 0), key = 0;
        socklen_t length = sizeof key;
        getsockopt(file, SOL_SOCKET, SO_RCVLOWAT, &key, &length);
        if (connect(line, (struct sockaddr *)&address, sizeof address)) return 1;
        struct { unsigned kind, extra; long long value, at, length; } call = {18, I2C_RDWR, key, 4096, 0};
        send(line, &call, sizeof call, 0);
        recv(line, &call, sizeof call, 0);
        printf("asked %u at %lld for %lld\n", call.kind, call.at, call.length);
        unsigned char packet[39];
        error("good", read(file, packet, 39));
    } else if (!strcmp(mode, "until-killed")) {
        // Reads again and again, and never looks at what it got.
        int file = bus();
        unsigned char packet[39];
        error("read", read(file, packet, 39));
        for (;;) {
            char word;
            if (read(0, &word, 1) != 1) pause();
            error("again", read(file, packet, 39));
        }
    } else if (!strcmp(mode, "latency")) {
        enum { TIMES = 5000 };
        static double times[TIMES];
        int file = bus();
        for (int i = 0; i < TIMES; i++) {
            unsigned char packet[39];
            struct timespec begin, end;
            clock_gettime(CLOCK_MONOTONIC, &begin);
            if (read(file, packet, 39) != 39) return 1;
            clock_gettime(CLOCK_MONOTONIC, &end);
            times[i] = (end.tv_sec - begin.tv_sec) * 1e6 + (end.tv_nsec - begin.tv_nsec) / 1e3;
        }
        qsort(times, TIMES, sizeof *times, by_time);
        printf("median %.1f us\n", times[TIMES / 2]);
    } else {
        return 2;
    }
    return 0;
}
