/* routerd: what a router's userland does to its disk, and nothing else. PID 1 of the guest. */
#ifndef ROUTERD_H
#define ROUTERD_H
#include <stdint.h>

#define JOURNAL_PATH "/var/log/journal.bin"
#define RECORD_SIZE 256
#define JOURNAL_SLOTS 65536u /* 16 MiB, preallocated when the disk is made */

enum policy { POLICY_PANIC, POLICY_STOP, POLICY_REPORT };
enum disk_state { DISK_NONE, DISK_OK, DISK_FAILED };

struct config {
    char name[16];
    char fsck[8];          /* exit code of the boot's e2fsck, for the BOOT line */
    enum policy policy;
    unsigned iv;           /* ms between journal records; 0 = writes nothing */
    unsigned rrd, log, cfg; /* every n-th record also: graph block, log line, config rewrite; 0 = never */
    unsigned panicms;      /* policy panic: how long writes must fail before the guest panics */
    unsigned vhid, skew, base, dead, preempt, electnow;
    char wan[24], wvip[16];
};

/* Shared between the writer and the heartbeat, which has to go on while the writer hangs in a write. */
struct shared {
    volatile uint64_t ack;     /* last acknowledged seq */
    volatile uint32_t errors;
    volatile int disk;         /* enum disk_state */
    volatile uint64_t op_since; /* monotonic ms at which the running disk operation began; 0 = none */
    volatile uint64_t op_longest; /* longest finished operation since the last heartbeat, ms */
};

extern struct config config;
extern struct shared *shared;

uint64_t epoch_ms(void);
uint64_t mono_ms(void);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
void guest_panic(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

void op_begin(void);
void op_end(void);

/* journal.c */
struct recovery { uint64_t records, last, bad, torn; int error; };
struct recovery journal_replay(void);
int journal_write(int fd, uint64_t seq); /* 0 or errno */

/* churn.c: the writes of a router that are not the journal. 0 or errno; *what names the step. */
void churn_open(void);
int churn(uint64_t seq, const char **what);

/* writer.c */
void writer_run(void) __attribute__((noreturn));
#endif
