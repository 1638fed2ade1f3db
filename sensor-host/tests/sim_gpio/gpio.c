/* A program that uses GPIO lines as the kernel's header says, without any library. */
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int chip;

/* A line by version 2: its file, or the errno as a negative number. */
static int request(unsigned line, unsigned long long flags)
{
    struct gpio_v2_line_request asked = {.num_lines = 1, .consumer = "gpio.c"};
    asked.offsets[0] = line;
    asked.config.flags = flags;
    return ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &asked) ? -errno : asked.fd;
}

static void set(int line, int value)
{
    struct gpio_v2_line_values values = {.bits = value, .mask = 1};
    if (ioctl(line, GPIO_V2_LINE_SET_VALUES_IOCTL, &values))
        perror("set");
}

/* Takes a line and lets it go, again and again: it must be free each time. */
static void again(int times)
{
    for (int i = 0; i < times; i++) {
        int line = request(18, GPIO_V2_LINE_FLAG_OUTPUT);
        if (line < 0) {
            printf("%d: %s\n", i, strerror(-line));
            return;
        }
        close(line);
    }
    printf("free\n");
}

/* A line belongs to its file, and that to all processes that have it open. */
static void shared(void)
{
    int ends[2], line = request(18, GPIO_V2_LINE_FLAG_OUTPUT);
    if (pipe(ends))
        exit(1);
    pid_t child = fork();
    if (child == 0) {
        char byte;
        close(ends[1]);
        _exit(read(ends[0], &byte, 1));
    }
    close(ends[0]);
    close(line);
    printf("%d\n", -request(18, GPIO_V2_LINE_FLAG_INPUT) == EBUSY);
    close(ends[1]);
    waitpid(child, NULL, 0);
    printf("%d\n", request(18, GPIO_V2_LINE_FLAG_INPUT) >= 0);
}

static unsigned long long monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* Edges of line 17 by version 1: which, and whether their times fit this program's clock. */
static void edges(int count)
{
    struct gpioevent_request asked = {.lineoffset = 17, .eventflags = GPIOEVENT_REQUEST_BOTH_EDGES};
    unsigned long long last = monotonic();
    if (ioctl(chip, GPIO_GET_LINEEVENT_IOCTL, &asked))
        perror("event");
    for (int i = 0; i < count; i++) {
        struct pollfd waits = {.fd = asked.fd, .events = POLLIN};
        struct gpioevent_data event;
        if (poll(&waits, 1, -1) != 1 || read(asked.fd, &event, sizeof event) != sizeof event)
            perror("read");
        int fits = event.timestamp >= last && event.timestamp <= monotonic();
        printf("%u %s\n", event.id, fits ? "in time" : "at another time");
        last = event.timestamp;
    }
}

/* FIONBIO is about the file, not about the device. */
static void nonblock(void)
{
    int on = 1;
    struct gpio_v2_line_event event;
    int line = request(17, GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING);
    if (ioctl(line, FIONBIO, &on) || read(line, &event, sizeof event) >= 0)
        puts("it waits");
    else
        puts(strerror(errno));
}

/* What happens to line 18, as told to who watches it. */
static void watch(void)
{
    struct gpio_v2_line_info info = {.offset = 18};
    struct gpio_v2_line_info_changed change;
    ioctl(chip, GPIO_V2_GET_LINEINFO_WATCH_IOCTL, &info);
    close(request(18, GPIO_V2_LINE_FLAG_INPUT));
    for (int i = 0; i < 2 && read(chip, &change, sizeof change) == sizeof change; i++)
        printf("%u %s\n", change.event_type, change.info.consumer);
}

/* How many bytes a read or a write gave, or the errno as a negative number. */
static void says(const char *what, long outcome)
{
    printf("%s %ld\n", what, outcome < 0 ? -errno : outcome);
}

/* Requests and lets go of line 18: two records for who watches it. */
static void twice(int times)
{
    struct gpiochip_info info;
    for (int i = 0; i < times; i++)
        close(request(18, GPIO_V2_LINE_FLAG_INPUT));
    ioctl(chip, GPIO_GET_CHIPINFO_IOCTL, &info);
}

/* Whole records, as many as there are and as fit. */
static void records(void)
{
    static char bytes[100 * sizeof(struct gpio_v2_line_info_changed)];
    struct gpio_v2_line_info info = {.offset = 18};
    struct gpioevent_request event = {.lineoffset = 17, .eventflags = GPIOEVENT_REQUEST_BOTH_EDGES};
    struct gpiohandle_request handle = {.lineoffsets = {19}, .lines = 1, .flags = GPIOHANDLE_REQUEST_INPUT};
    ioctl(chip, GPIO_V2_GET_LINEINFO_WATCH_IOCTL, &info);
    fcntl(chip, F_SETFL, O_NONBLOCK);
    twice(40);
    says("all", read(chip, bytes, sizeof bytes) / sizeof(struct gpio_v2_line_info_changed));
    says("none", read(chip, bytes, sizeof bytes));
    twice(2);
    says("short", read(chip, bytes, 287));
    says("two", read(chip, bytes, 2 * 288 + 287));
    struct iovec vector[2] = {{bytes, 288}, {bytes + 288, 288}};
    says("vector", readv(chip, vector, 1));
    says("last", read(chip, bytes, sizeof bytes));
    says("written", write(chip, bytes, 8));
    ioctl(chip, GPIO_GET_LINEEVENT_IOCTL, &event);
    says("short event", read(event.fd, bytes, 15));
    says("position", pread(event.fd, bytes, 16, 0));
    says("written event", write(event.fd, bytes, 16));
    ioctl(chip, GPIO_GET_LINEHANDLE_IOCTL, &handle);
    says("handle", read(handle.fd, bytes, 16));
}

int main(int count, char **words)
{
    struct gpiochip_info info;
    const char *what = count > 1 ? words[1] : "";
    int number = count > 2 ? atoi(words[2]) : 0;
    chip = open("/dev/gpiochip0", O_RDONLY);
    if (chip < 0 || ioctl(chip, GPIO_GET_CHIPINFO_IOCTL, &info)) {
        perror("/dev/gpiochip0");
        return 1;
    }
    if (!strcmp(what, "label"))
        printf("%s %u\n", info.label, info.lines);
    if (!strcmp(what, "again"))
        again(number);
    if (!strcmp(what, "shared"))
        shared();
    if (!strcmp(what, "edges"))
        edges(number);
    if (!strcmp(what, "nonblock"))
        nonblock();
    if (!strcmp(what, "records"))
        records();
    if (!strcmp(what, "watch"))
        watch();
    if (!strcmp(what, "blink")) {
        int line = request(18, GPIO_V2_LINE_FLAG_OUTPUT);
        set(line, 1);
        set(line, 0);
    }
    return 0;
}
