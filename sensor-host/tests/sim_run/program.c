// What programs do to a bus, one thing a mode: linked statically, so that no library can help.
// It prints what it saw; the tests decide what that should have been.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <linux/openat2.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define ADDRESS 0x703

static int bus(void) {
    int file = open("/dev/i2c-1", O_RDWR);
    if (file < 0 || ioctl(file, ADDRESS, 0x62) < 0) {
        printf("open %d\n", errno);
        exit(1);
    }
    return file;
}

static void show(const char *what, int file, size_t length) {
    unsigned char bytes[64];
    memset(bytes, 0xA5, sizeof bytes);
    ssize_t count = read(file, bytes, length);
    printf("%s %zd", what, count);
    if (count < 0) printf(" errno %d", errno);
    if (count > 0) {
        printf(" ");
        for (ssize_t i = 0; i < count; i++) printf("%02x", bytes[i]);
    }
    printf("\n");
    fflush(stdout);
}

static void *reads(void *ours) {
    int file = ours ? *(int *)ours : bus();
    long good = 0;
    for (int i = 0; i < 500; i++) {
        unsigned char bytes[39];
        if (read(file, bytes, 39) == 39 && bytes[2] == 33 && bytes[3] == 0) good++;
    }
    if (!ours) close(file);
    return (void *)good;
}

static void threads(int share) {
    pthread_t thread[8];
    int file = bus();
    for (int i = 0; i < 8; i++) pthread_create(&thread[i], 0, reads, share ? &file : 0);
    for (int i = 0; i < 8; i++) {
        void *good;
        pthread_join(thread[i], &good);
        printf("%ld ", (long)good);
    }
    printf("\n");
}

static void error(const char *what, long outcome) { printf("%s %ld errno %d\n", what, outcome, outcome < 0 ? errno : 0); }

static unsigned long state;
static unsigned long random_below(unsigned long n) {
    state = state * 6364136223846793005UL + 1442695040888963407UL;
    return (state >> 33) % n;
}

static volatile int alarms;
static void alarmed(int signal) { (void)signal, alarms++; }

int main(int count, char **arguments) {
    const char *mode = count > 1 ? arguments[1] : "";
    if (!strcmp(mode, "read")) {
        show("read", bus(), count > 2 ? atoi(arguments[2]) : 39);
    } else if (!strcmp(mode, "duplicates")) {
        int file = bus();
        int other = dup(file), third = fcntl(file, F_DUPFD_CLOEXEC, 0), fourth = dup3(file, other + 5, O_CLOEXEC);
        printf("flags %d %d %d\n", fcntl(other, F_GETFD), fcntl(third, F_GETFD), fcntl(fourth, F_GETFD));
        error("same", dup2(file, file));
        error("dup3 same", dup3(file, file, 0));
        close(file);
        show("dup", other, 39), show("fcntl", third, 39), show("dup3", fourth, 39);
    } else if (!strcmp(mode, "fork")) {
        int file = bus();
        if (fork() == 0) {
            show("child", file, 39);
            return 0;
        }
        wait(0);
        if (fork() == 0) {
            show("own", bus(), 39);
            return 0;
        }
        wait(0);
        show("parent", file, 39);
    } else if (!strcmp(mode, "threads")) {
        threads(0);
    } else if (!strcmp(mode, "shared")) {
        threads(1);
    } else if (!strcmp(mode, "exec")) {
        int file = bus();
        char number[16];
        snprintf(number, sizeof number, "%d", file);
        execl(arguments[0], arguments[0], "number", number, (char *)0);
    } else if (!strcmp(mode, "number")) {
        show("number", atoi(arguments[2]), 39);
    } else if (!strcmp(mode, "closed-on-exec")) {
        int file = open("/dev/i2c-1", O_RDWR | O_CLOEXEC);
        char number[16];
        snprintf(number, sizeof number, "%d", file);
        execl(arguments[0], arguments[0], "number", number, (char *)0);
    } else if (!strcmp(mode, "recycled")) {
        int file = bus();
        close_range(file, ~0U, 0);
        int text[2];
        if (pipe(text)) return 1;
        dup2(text[0], file), dup2(text[1], file + 1);
        error("write", write(file + 1, "text", 4));
        show("pipe", file, 4);
        int again = bus();
        printf("other %d\n", again != file && again != file + 1);
        show("bus", again, 39);
    } else if (!strcmp(mode, "many")) {
        // Files that were closed give their numbers back, to the program and to the supervisor.
        for (int i = 0; i < 2000; i++) {
            int file = bus();
            if (close(file)) return 1;
        }
        int most = 0;
        while (open("/dev/i2c-1", O_RDWR) >= 0) most++;
        printf("most %d errno %d\n", most, errno);
    } else if (!strcmp(mode, "errors")) {
        int file = open("/dev/i2c-1", O_RDWR);
        ioctl(file, ADDRESS, 0x51);
        unsigned char bytes[39] = {0};
        error("absent", read(file, bytes, 39));
        ioctl(file, ADDRESS, 0x62);
        error("bad pointer", syscall(SYS_read, file, 8, 39));
        error("bad vector", syscall(SYS_readv, file, (void *)8, 1));
        error("long vector", syscall(SYS_readv, file, bytes, 1025));
        error("bad ioctl", ioctl(file, 0x7fe, 0));
        error("bad path", open((void *)8, O_RDONLY));
        error("no bus", open("/dev/i2c-2", O_RDWR));
        error("seek", lseek(file, 0, SEEK_CUR));
        error("exclusive", open("/dev/i2c-1", O_RDWR | O_CREAT | O_EXCL, 0600));
        error("directory", open("/dev/i2c-1", O_DIRECTORY));
        int reader = open("/dev/i2c-1", O_RDONLY);
        ioctl(reader, ADDRESS, 0x62);
        error("read only", write(reader, bytes, 2));
    } else if (!strcmp(mode, "vectors")) {
        int file = bus();
        unsigned char a[10], b[29];
        struct iovec both[3] = {{a, 10}, {0, 0}, {b, 29}};
        error("readv", readv(file, both, 3));
        printf("starts %d %d\n", a[2], b[2]);
        error("pread", pread(file, b, 29, 7));
        error("preadv2", preadv2(file, both, 1, -1, 0));
        error("flags", preadv2(file, both, 1, -1, RWF_NOWAIT));
    } else if (!strcmp(mode, "paths")) {
        int dev = open("/dev", O_RDONLY | O_DIRECTORY);
        show("openat", openat(dev, "i2c-1", O_RDWR) >= 0 ? bus() : -1, 39);
        struct open_how how = {.flags = O_RDWR};
        error("openat2", syscall(SYS_openat2, dev, "i2c-1", &how, sizeof how) >= 0);
        how.resolve = RESOLVE_BENEATH;
        if (chdir("/dev")) return 1;
        error("relative", open("i2c-1", O_RDWR) >= 0);
        error("dotted", open("../dev/./i2c-1", O_RDWR) >= 0);
        error("access", access("i2c-1", R_OK | W_OK));
        error("execute", access("i2c-1", X_OK));
        int file = bus();
        char name[64];
        snprintf(name, sizeof name, "/proc/self/fd/%d", file);
        error("reopened", open(name, O_RDWR) >= 0);
        struct stat s;
        error("fstat", fstat(file, &s));
        printf("char %d %lx\n", S_ISCHR(s.st_mode), (unsigned long)s.st_rdev);
        error("stat", stat("/dev/i2c-1", &s));
        printf("char %d %lx\n", S_ISCHR(s.st_mode), (unsigned long)s.st_rdev);
        struct statx x;
        error("statx", statx(AT_FDCWD, "/dev/i2c-1", 0, STATX_BASIC_STATS, &x));
        printf("char %d %x:%x\n", S_ISCHR(x.stx_mode), x.stx_rdev_major, x.stx_rdev_minor);
        error("statx of file", statx(file, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &x));
        printf("char %d %x:%x\n", S_ISCHR(x.stx_mode), x.stx_rdev_major, x.stx_rdev_minor);
        error("readlink", readlink("/dev/i2c-1", name, sizeof name));
        error("link", symlink("/dev/i2c-1", arguments[2]));
        error("by link", open(arguments[2], O_RDWR) >= 0);
        error("nofollow", open(arguments[2], O_RDWR | O_NOFOLLOW));
        error("lstat", lstat(arguments[2], &s));
        printf("link %d\n", S_ISLNK(s.st_mode));
    } else if (!strcmp(mode, "moved")) {
        int file = bus();
        int low = dup2(file, 10);
        printf("low %d\n", low);
        show("read", low, 39);
        error("write", write(low, "ab", 2));
        unsigned long functions = 0;
        error("ioctl", ioctl(low, 0x705, &functions));
        show("back", fcntl(low, F_DUPFD, file), 39);
    } else if (!strcmp(mode, "passed")) {
        // A file that another process sends is that file.
        int line[2], file = bus();
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, line)) return 1;
        char space[CMSG_SPACE(sizeof(int))] = {0}, byte = 0;
        struct iovec one = {&byte, 1};
        struct msghdr message = {.msg_iov = &one, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
        if (fork() == 0) {
            close(file);
            recvmsg(line[1], &message, 0);
            int got;
            memcpy(&got, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof got);
            dup2(got, file), show("passed", file, 39);
            return 0;
        }
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET, head->cmsg_type = SCM_RIGHTS, head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &file, sizeof file);
        sendmsg(line[0], &message, 0);
        close(file);
        wait(0);
    } else if (!strcmp(mode, "uring")) {
        char parameters[120] = {0};
        error("uring", syscall(SYS_io_uring_setup, 4, parameters));
#ifdef __x86_64__
    } else if (!strcmp(mode, "other")) {
        // As a 32-bit program would: open by its number, 5.
        static const char path[] = "/dev/i2c-1", other[] = "/dev/null";
        long outcome;
        __asm__ volatile("int $0x80" : "=a"(outcome) : "a"(5), "b"(path), "c"(2), "d"(0) : "memory", "r8", "r9", "r10", "r11");
        printf("bus %ld\n", outcome);
        __asm__ volatile("int $0x80" : "=a"(outcome) : "a"(5), "b"(other), "c"(2), "d"(0) : "memory", "r8", "r9", "r10", "r11");
        printf("null %d\n", outcome >= 0);
#endif
    } else if (!strcmp(mode, "handled")) {
        // A signal that the program handles does not repeat a transfer, and does not cut it short.
        signal(SIGALRM, alarmed);
        struct itimerval often = {{0, 1000}, {0, 1000}};
        setitimer(ITIMER_REAL, &often, 0);
        int file = bus(), good = 0;
        for (int i = 0; i < 50; i++) {
            unsigned char bytes[39];
            good += read(file, bytes, 39) == 39;
        }
        printf("good %d, alarms %d\n", good, alarms > 0);
    } else if (!strcmp(mode, "line")) {
        int none = open("/dev/gpiochip0", O_RDWR | O_NONBLOCK), byte;
        error("nothing", read(none, &byte, 1));
        // The presence pin: an event that is read, polled for, and a line that is free again at once when it is closed.
        int chip = open("/dev/gpiochip0", O_RDWR);
        struct gpio_v2_line_request request = {.offsets = {17}, .num_lines = 1};
        request.config.flags = GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING;
        error("line", ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request));
        int other = dup(request.fd);
        error("busy", ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request));
        struct pollfd wait = {other, POLLIN, 0};
        error("poll", poll(&wait, 1, 100000));
        struct gpio_v2_line_event event;
        error("event", read(other, &event, sizeof event));
        printf("rising %d offset %u\n", event.id == GPIO_V2_LINE_EVENT_RISING_EDGE, event.offset);
        struct gpio_v2_line_values values = {.mask = 1};
        error("values", ioctl(other, GPIO_V2_LINE_GET_VALUES_IOCTL, &values));
        printf("high %d\n", (int)values.bits);
        struct stat s;
        fstat(chip, &s);
        printf("char %d\n", S_ISCHR(s.st_mode));
        close(request.fd), close(other);
        int again = 0;
        for (int i = 0; i < 200; i++) {
            if (ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) == 0 && close(request.fd) == 0) again++;
        }
        printf("again %d\n", again);
    } else if (!strcmp(mode, "hostile")) {
        // Nonsense, in the order that a seed gives: whatever it comes to, others are answered afterwards.
        state = strtoul(arguments[2], 0, 10);
        int file = bus(), chip = open("/dev/gpiochip0", O_RDWR | O_NONBLOCK);
        char *memory = mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        munmap(memory + 4096, 4096);
        const int calls[] = {SYS_read, SYS_write, SYS_readv, SYS_writev, SYS_pread64, SYS_ioctl, SYS_ioctl, SYS_ioctl,
                             SYS_ioctl, SYS_fcntl, SYS_dup, SYS_dup3, SYS_fstat, SYS_newfstatat, SYS_statx, SYS_openat,
                             SYS_openat2, SYS_readlinkat, SYS_faccessat, SYS_preadv2, SYS_pwritev2, SYS_getxattr, SYS_lseek};
        const unsigned requests[] = {0x701, 0x702, 0x703, 0x704, 0x705, 0x706, 0x707, 0x707, 0x708, 0x720, 0x720, 0x7ff,
                                     0x8044b401, 0xc100b405, 0xc250b407, 0xc040b40e, 0xc110b40d, 0xc044b40f};
        const char *paths[] = {"/dev/i2c-1", "/dev/gpiochip0", "/dev", "/sys/class/i2c-dev", "", "/proc/self/fd/900"};
        for (int i = 0; i < 20000; i++) {
            for (int j = 0; j < 512; j++) ((unsigned long *)memory)[random_below(512)] = random_below(4) ? random_below(64) : (unsigned long)memory + random_below(4096);
            unsigned long pick[6];
            for (int j = 0; j < 6; j++) {
                unsigned long some[] = {0, 8, -1UL, (unsigned long)memory + random_below(4096), (unsigned long)memory + 4090, random_below(100),
                                        0xffff888000000000UL, random_below(9000), (unsigned long)paths[random_below(6)]};
                pick[j] = some[random_below(9)];
            }
            int call = calls[random_below(sizeof calls / sizeof *calls)];
            long on[] = {file, chip, file, AT_FDCWD, 896 + random_below(128)};
            pick[0] = on[random_below(5)];
            // A line without events would be waited for.
            if (pick[0] > 991 && pick[0] < 1024 && call != SYS_ioctl && call != SYS_fstat) pick[0] = chip;
            if (call == SYS_ioctl) pick[1] = requests[random_below(sizeof requests / sizeof *requests)];
            if (call == SYS_dup3 && (int)pick[1] < 3) pick[1] = 900;
            if (call == SYS_fcntl) pick[1] = random_below(3) ? (random_below(2) ? F_DUPFD : F_DUPFD_CLOEXEC) : F_GETFL;
            // What writes to memory writes to that of this loop alone.
            if (call != SYS_openat && call != SYS_ioctl && pick[1] > 9000 && pick[1] < 0xffff800000000000UL) pick[1] = (unsigned long)memory;
            long outcome = syscall(call, pick[0], pick[1], pick[2], pick[3], pick[4], pick[5]);
            // New files are closed: there are to be some left.
            if (outcome > 2 && outcome != file && outcome != chip && call != SYS_read && call != SYS_write) close(outcome);
            if (i % 100 == 0) close_range(992 + 8, 1023, 0);
            if (fcntl(file, F_GETFD) < 0) file = bus();
            if (fcntl(chip, F_GETFD) < 0) chip = open("/dev/gpiochip0", O_RDWR | O_NONBLOCK);
        }
        close_range(3, ~0U, 0);
        show("read", bus(), 39);
    } else if (!strcmp(mode, "unprivileged")) {
        if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534)) return 1;
        show("nobody", bus(), 39);
    } else if (!strcmp(mode, "transfer-and-open")) {
        // One thread is in a slow transfer while this one opens files: which is over first?
        int file = bus(), line[2];
        if (pipe(line)) return 1;
        if (fork() == 0) {
            unsigned char bytes[4096];
            if (write(line[1], "b", 1) != 1 || read(file, bytes, sizeof bytes) != sizeof bytes) return 1;
            return write(line[1], "e", 1) != 1;
        }
        char begin, end;
        if (read(line[0], &begin, 1) != 1) return 1;
        int opened = 0;
        for (int i = 0; i < 100; i++) {
            int other = open("/dev/null", O_RDONLY);
            opened += other >= 0;
            close(other);
        }
        fcntl(line[0], F_SETFL, O_NONBLOCK);
        printf("opened %d, transfer is over: %d\n", opened, read(line[0], &end, 1) == 1);
        fflush(stdout);
        fcntl(line[0], F_SETFL, 0);
        if (read(line[0], &end, 1) != 1) return 1;
        printf("over %c\n", end);
    } else if (!strcmp(mode, "killed-in-transfer")) {
        // A deadly signal ends a program in the middle of a transfer, and nothing else.
        int file = bus(), line[2];
        unsigned char bytes[8192];
        if (pipe(line)) return 1;
        pid_t child = fork();
        if (child == 0) return write(line[1], "b", 1) != 1 || read(file, bytes, sizeof bytes) != sizeof bytes;
        if (read(line[0], bytes, 1) != 1) return 1;
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        printf("signal %d\n", WTERMSIG(status));
        show("after", bus(), 39);
    } else {
        return 2;
    }
    return 0;
}
