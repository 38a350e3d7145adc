/* The writer: a record every `iv` ms, and what becomes of the router when its disk fails. */
#include "routerd.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t leaving;
static void leave(int s) { (void)s; leaving = 1; }

static void sleep_ms(uint64_t ms) {
    struct timespec t = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

static uint64_t failing_since; /* monotonic ms; 0 = the last step went well */

/* What is modelled. pfSense's UFS with soft updates panics when a write comes back with an error, so the
   router reboots; Linux's ext4 may only abort its journal at the next commit, or not at all for plain file
   data. So a guest with policy `panic` crashes itself when no write got through for `panicms`. (ext4's
   errors=panic is not used: it kills the guest at the first blink of the disk and without a word on the serial
   line; a journal that ext4 aborted stays aborted, so that is found here too.) With `report` (QEMU's default for EIO) the guest is told,
   goes on forwarding and stays CARP master, and retries for ever: the zombie master. With `stop` QEMU pauses
   the guest, so this function is never reached. */
static void failed(uint64_t seq, int error, const char *what) {
    uint64_t now = mono_ms();
    shared->errors++;
    shared->disk = DISK_FAILED;
    say("ERR %s %llu %d %s", config.name, (unsigned long long)seq, error, what);
    if (!failing_since) failing_since = now;
    if (config.policy == POLICY_PANIC && now - failing_since >= config.panicms)
        guest_panic("disk writes fail since %llu ms: %s: %s (%d)", (unsigned long long)(now - failing_since), what,
                    strerror(error), error);
    sleep_ms(config.iv > 100 ? config.iv : 100);
}

static int open_journal(struct recovery *found) {
    op_begin();
    int fd = open(JOURNAL_PATH, O_RDWR);
    if (fd < 0) found->error = errno;
    else *found = journal_replay();
    op_end();
    return fd;
}

/* One step: record, ACK, then the rest. The record is written anew on each try: after a failed fsync Linux
   marks the page clean, and a bare second fsync would acknowledge what never reached the disk. */
static int step(int fd, uint64_t seq) {
    const char *what = "journal";
    op_begin();
    int bad = journal_write(fd, seq);
    op_end();
    if (bad) { failed(seq, bad, what); return 0; }
    shared->ack = seq;
    say("ACK %s %llu %llu", config.name, (unsigned long long)seq, (unsigned long long)epoch_ms());
    op_begin();
    bad = churn(seq, &what);
    op_end();
    if (bad) { failed(seq, bad, what); return 1; }
    failing_since = 0;
    shared->disk = DISK_OK;
    return 1;
}

void writer_run(void) {
    signal(SIGTERM, leave);
    struct recovery found = {0};
    int fd = open_journal(&found);
    while (found.error && !leaving) {
        failed(0, found.error, "replay");
        if (fd >= 0) close(fd);
        fd = open_journal(&found);
    }
    say("RECOVER %s records=%llu last=%llu bad=%llu torn=%llu", config.name, (unsigned long long)found.records,
        (unsigned long long)found.last, (unsigned long long)found.bad, (unsigned long long)found.torn);
    churn_open();
    shared->disk = DISK_OK;
    failing_since = 0;
    uint64_t seq = found.last + 1, due = mono_ms();
    while (!leaving) {
        seq += (uint64_t)step(fd, seq);
        uint64_t now = mono_ms();
        due = due + config.iv > now ? due + config.iv : now;
        if (due > now) sleep_ms(due - now);
    }
    _exit(0);
}
