/* PID 1 of the router guest: starts ucarp and the writer, beats every 500 ms, obeys `shutdown`.
   `routerd clock MS` sets the clock (used by the initramfs: busybox knows whole seconds only). */
#include "routerd.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/utsname.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

struct config config = {.policy = POLICY_PANIC, .iv = 50, .rrd = 10, .log = 7, .cfg = 50, .panicms = 2000,
                        .vhid = 10, .base = 1, .dead = 3};
struct shared *shared;
static int serial = 1;

static uint64_t clock_ms(clockid_t id) {
    struct timespec t;
    clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}
uint64_t epoch_ms(void) { return clock_ms(CLOCK_REALTIME); }
uint64_t mono_ms(void) { return clock_ms(CLOCK_MONOTONIC); }

/* One write per line: the tty keeps single writes whole, so lines of two processes never mix. */
static void vsay(const char *format, va_list args) {
    char line[256];
    int n = vsnprintf(line, sizeof line - 1, format, args);
    if (n < 0) return;
    if (n > (int)sizeof line - 2) n = (int)sizeof line - 2;
    line[n] = '\n';
    if (write(serial, line, (size_t)n + 1) < 0) return;
}
void say(const char *format, ...) {
    va_list args;
    va_start(args, format);
    vsay(format, args);
    va_end(args);
}

void guest_panic(const char *format, ...) {
    char reason[200];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    say("PANIC %s", reason);
    tcdrain(serial);
    int fd = open("/proc/sysrq-trigger", O_WRONLY);
    if (fd >= 0 && write(fd, "c", 1) < 0) say("ERR %s 0 %d sysrq", config.name, errno);
    reboot(RB_AUTOBOOT); /* only if the crash did not work */
    _exit(1);
}

void op_begin(void) { shared->op_since = mono_ms(); }
void op_end(void) {
    uint64_t took = mono_ms() - shared->op_since;
    if (took > shared->op_longest) shared->op_longest = took;
    shared->op_since = 0;
}

static void set(const char *key, const char *value) {
    unsigned n = (unsigned)strtoul(value, NULL, 10);
    if (!strcmp(key, "name")) snprintf(config.name, sizeof config.name, "%s", value);
    else if (!strcmp(key, "fsck")) snprintf(config.fsck, sizeof config.fsck, "%s", value);
    else if (!strcmp(key, "wan")) snprintf(config.wan, sizeof config.wan, "%s", value);
    else if (!strcmp(key, "wvip")) snprintf(config.wvip, sizeof config.wvip, "%s", value);
    else if (!strcmp(key, "policy"))
        config.policy = !strcmp(value, "stop") ? POLICY_STOP : !strcmp(value, "report") ? POLICY_REPORT : POLICY_PANIC;
    else if (!strcmp(key, "iv")) config.iv = n;
    else if (!strcmp(key, "rrd")) config.rrd = n;
    else if (!strcmp(key, "log")) config.log = n;
    else if (!strcmp(key, "cfg")) config.cfg = n;
    else if (!strcmp(key, "panicms")) config.panicms = n;
    else if (!strcmp(key, "vhid")) config.vhid = n;
    else if (!strcmp(key, "skew")) config.skew = n;
    else if (!strcmp(key, "base")) config.base = n;
    else if (!strcmp(key, "dead")) config.dead = n;
    else if (!strcmp(key, "preempt")) config.preempt = n;
    else if (!strcmp(key, "electnow")) config.electnow = n;
}

static void read_config(void) {
    char line[200];
    FILE *f = fopen("/run/config", "r");
    if (!f) return;
    while (fgets(line, sizeof line, f)) {
        char *eq = strchr(line, '=');
        line[strcspn(line, "\n")] = 0;
        if (eq) { *eq = 0; set(line, eq + 1); }
    }
    fclose(f);
}

static int open_tty(const char *path) {
    struct termios raw;
    int fd = open(path, O_RDWR | O_NOCTTY);
    if (fd < 0) return -1;
    if (!tcgetattr(fd, &raw)) {
        cfmakeraw(&raw);
        cfsetspeed(&raw, B115200);
        tcsetattr(fd, TCSANOW, &raw);
    }
    return fd;
}

/* CARP runs in RAM (/run/carp) because in pfSense it is part of the kernel and needs no disk.
   One ucarp, on wan; its scripts add and remove both VIPs, so both interfaces always have the same master.
   The price: when only the wan link of one router is cut, both become master and both hold the lan VIP;
   when only its lan link is cut, the master stays master and its lan side is dead. pfSense would demote itself
   in both cases. A node that dies or a guest that stops loses both links at once, and there the two agree.
   -S: ucarp would sleep 10 s when the link, up a moment ago, is not yet reported as running.
   ucarp always starts as backup and becomes master after `dead` missed advertisements: 3 s with CARP's values.
   `electnow` makes it 1 s for this one life of the guest: qm sets it when the guest is restored from a saved
   state and marked master, as the state stands for a router that has been master for weeks. */
static pid_t start_ucarp(void) {
    char vhid[8], skew[8], base[8], dead[8], ip[24];
    snprintf(vhid, sizeof vhid, "%u", config.vhid);
    snprintf(skew, sizeof skew, "%u", config.skew);
    snprintf(base, sizeof base, "%u", config.base);
    snprintf(dead, sizeof dead, "%u", config.electnow ? 1 : config.dead);
    snprintf(ip, sizeof ip, "%s", config.wan);
    ip[strcspn(ip, "/")] = 0;
    const char *argv[] = {"/run/carp/ld-linux-x86-64.so.2", "--library-path", "/run/carp", "/run/carp/ucarp.bin", "-i", "eth0", "-s", ip, "-v", vhid, "-p", "healproof", "-a", config.wvip,
                          "-u", "/run/carp/up", "-d", "/run/carp/down", "-b", base, "-k", skew, "-r", dead, "-z", "-S",
                          config.preempt ? "-P" : NULL, NULL};
    pid_t pid = fork();
    if (pid) return pid;
    int log = open("/dev/ttyS2", O_WRONLY | O_NOCTTY);
    if (log >= 0) { dup2(log, 1); dup2(log, 2); }
    execv(argv[0], (char *const *)argv);
    say("ERR %s 0 %d ucarp", config.name, errno);
    _exit(1);
}

static const char *role(void) {
    static char text[16];
    int fd = open("/run/role", O_RDONLY);
    ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
    if (fd >= 0) close(fd);
    if (n <= 0) return "INIT";
    text[n] = 0;
    text[strcspn(text, "\n")] = 0;
    return text;
}

static void beat(void) {
    static const char *const disk[] = {"none", "ok", "failed"};
    uint64_t since = shared->op_since, now = mono_ms(), longest = shared->op_longest;
    shared->op_longest = 0;
    if (since && now > since && now - since > longest) longest = now - since;
    say("HB %s role=%s ack=%llu err=%u disk=%s blockedMs=%llu", config.name, role(), (unsigned long long)shared->ack,
        shared->errors, disk[shared->disk], (unsigned long long)longest);
}

static void shut_down(pid_t ucarp, pid_t writer) {
    signal(SIGALRM, SIG_DFL);
    if (fork() == 0) { sleep(8); reboot(RB_POWER_OFF); _exit(0); } /* a dead disk must not hold the power-off */
    if (ucarp > 0) kill(ucarp, SIGTERM);
    if (writer > 0) kill(writer, SIGTERM);
    usleep(300000);
    if (config.iv) {
        sync();
        mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL);
    }
    tcdrain(serial);
    reboot(RB_POWER_OFF);
}

static int wants_shutdown(int fd, int ms) {
    static char line[64];
    static size_t used;
    struct pollfd p = {.fd = fd, .events = POLLIN};
    if (poll(&p, 1, ms) <= 0) return 0;
    ssize_t n = read(fd, line + used, sizeof line - 1 - used);
    if (n <= 0) { usleep((useconds_t)ms * 1000); return 0; }
    used += (size_t)n;
    line[used] = 0;
    int asked = strstr(line, "shutdown\n") != NULL;
    if (strchr(line, '\n') || used > 48) used = 0;
    return asked;
}

int main(int argc, char **argv) {
    if (argc == 3 && !strcmp(argv[1], "clock")) {
        uint64_t ms = strtoull(argv[2], NULL, 10);
        struct timespec t = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
        return clock_settime(CLOCK_REALTIME, &t) ? 1 : 0;
    }
    signal(SIGCHLD, SIG_IGN);
    read_config();
    serial = open_tty("/dev/ttyS0");
    int commands = open_tty("/dev/ttyS1");
    mlockall(MCL_CURRENT | MCL_FUTURE); /* the heartbeat must not fault its code in from a dead disk */
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct utsname host;
    uname(&host);
    say("BOOT %s kernel=%s fsck=%s iv=%u upMs=%llu", config.name, host.release, config.fsck, config.iv,
        (unsigned long long)mono_ms());
    pid_t ucarp = start_ucarp(), writer = 0;
    if (config.iv && (writer = fork()) == 0) writer_run();
    for (uint64_t due = mono_ms();;) {
        uint64_t now = mono_ms();
        if (now >= due) { beat(); due = now + 500; }
        now = mono_ms();
        if (wants_shutdown(commands, due > now ? (int)(due - now) : 0)) shut_down(ucarp, writer);
    }
}
