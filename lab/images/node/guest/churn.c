/* The rest of what a pfSense-like router writes: graphs in place, a config rewrite, log files. */
#include "routerd.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define GRAPHS 8
#define BLOCK 4096
static int graph[GRAPHS];
static off_t graph_blocks;

void churn_open(void) {
    for (int i = 0; i < GRAPHS; i++) {
        char path[40];
        struct stat st;
        snprintf(path, sizeof path, "/var/db/rrd/%d.rrd", i);
        graph[i] = open(path, O_RDWR);
        if (graph[i] >= 0 && !fstat(graph[i], &st)) graph_blocks = st.st_size / BLOCK;
    }
}

/* The eight files fill most of the disk. Successive writes go to successive files, and inside a file in
   steps of the golden section, so a few dozen writes touch every shard of the image. */
static int write_graph(uint64_t n) {
    static char block[BLOCK];
    int fd = graph[n % GRAPHS];
    if (fd < 0 || graph_blocks == 0) return ENOENT;
    uint64_t step = (uint64_t)((double)graph_blocks * 0.618) | 1;
    off_t at = (off_t)((n / GRAPHS * step) % (uint64_t)graph_blocks);
    memset(block, 'a' + (int)(n % 26), BLOCK);
    snprintf(block, BLOCK, "HPRRD1 %s %llu %llu\n", config.name, (unsigned long long)n, (unsigned long long)epoch_ms());
    if (pwrite(fd, block, BLOCK, at * BLOCK) != BLOCK) return errno ? errno : ENOSPC;
    return fdatasync(fd) ? errno : 0;
}

static int write_config(uint64_t seq) {
    const char *dir = "/cf/conf", *new = "/cf/conf/config.xml.new", *old = "/cf/conf/config.xml";
    int fd = open(new, O_CREAT | O_TRUNC | O_WRONLY, 0644), bad = 0;
    if (fd < 0) return errno;
    for (int i = 0; i < 200 && !bad; i++)
        if (dprintf(fd, "<rule seq=\"%llu\" n=\"%d\"><descr>allow</descr></rule>\n", (unsigned long long)seq, i) < 0) bad = errno;
    if (!bad && fsync(fd)) bad = errno;
    close(fd);
    if (!bad && rename(new, old)) bad = errno;
    if (bad) return bad;
    int d = open(dir, O_RDONLY | O_DIRECTORY);
    if (d < 0) return errno;
    if (fsync(d)) bad = errno;
    close(d);
    return bad;
}

/* A log file per 16 lines, the one before it removed: directory and inode writes, never fsynced, as syslog does. */
static int write_log(uint64_t n) {
    char path[48];
    snprintf(path, sizeof path, "/var/log/filter.%llu.log", (unsigned long long)(n / 16));
    int fd = open(path, O_CREAT | O_APPEND | O_WRONLY, 0644), bad = 0;
    if (fd < 0) return errno;
    if (dprintf(fd, "%llu filterlog: pass in on vtnet0 %llu\n", (unsigned long long)epoch_ms(), (unsigned long long)n) < 0) bad = errno;
    close(fd);
    if (!bad && n % 16 == 0 && n >= 16) {
        snprintf(path, sizeof path, "/var/log/filter.%llu.log", (unsigned long long)(n / 16 - 1));
        if (unlink(path) && errno != ENOENT) bad = errno;
    }
    return bad;
}

int churn(uint64_t seq, const char **what) {
    int bad = 0;
    errno = 0;
    *what = "rrd";
    if (config.rrd && seq % config.rrd == 0) bad = write_graph(seq / config.rrd);
    if (bad) return bad;
    *what = "config";
    if (config.cfg && seq % config.cfg == 0) bad = write_config(seq);
    if (bad) return bad;
    *what = "log";
    if (config.log && seq % config.log == 0) bad = write_log(seq / config.log);
    return bad;
}
