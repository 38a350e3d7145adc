/* Numbered, checksummed, fsynced records: the only thing in the guest that can prove a lost write. */
#define _GNU_SOURCE
#include "routerd.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static const char MAGIC[8] = "HPREC1\0";

static uint32_t crc32(const unsigned char *p, size_t n) {
    static uint32_t table[256];
    if (!table[1])
        for (uint32_t i = 0; i < 256; i++) {
            uint32_t c = i;
            for (int k = 0; k < 8; k++) c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
            table[i] = c;
        }
    uint32_t c = 0xFFFFFFFFu;
    while (n--) c = table[(c ^ *p++) & 0xFF] ^ (c >> 8);
    return ~c;
}

/* x86 only, hence little endian without conversion, as the record format wants it. */
static void encode(unsigned char *r, uint64_t seq) {
    uint64_t ms = epoch_ms();
    memset(r, 0, RECORD_SIZE);
    memcpy(r, MAGIC, 8);
    memcpy(r + 8, &seq, 8);
    memcpy(r + 16, &ms, 8);
    memcpy(r + 24, config.name, strnlen(config.name, 16));
    uint32_t crc = crc32(r, 252);
    memcpy(r + 252, &crc, 4);
}

int journal_write(int fd, uint64_t seq) {
    unsigned char r[RECORD_SIZE];
    encode(r, seq);
    ssize_t n = pwrite(fd, r, RECORD_SIZE, (off_t)(seq % JOURNAL_SLOTS) * RECORD_SIZE);
    if (n < 0) return errno;
    if (n != RECORD_SIZE) return ENOSPC;
    return fdatasync(fd) ? errno : 0;
}

/* By words: an emulated processor takes long over glibc's vectorised memcmp. */
static int is_empty(const unsigned char *r) {
    const uint64_t *word = (const uint64_t *)(const void *)r;
    uint64_t any = 0;
    for (int i = 0; i < RECORD_SIZE / 8; i++) any |= word[i];
    return any == 0;
}

static void look_at(struct recovery *found, const unsigned char *r, uint64_t slot) {
    if (is_empty(r)) return;
    if (memcmp(r, MAGIC, 8)) { found->bad++; return; }
    uint32_t crc;
    uint64_t seq;
    memcpy(&crc, r + 252, 4);
    memcpy(&seq, r + 8, 8);
    if (crc != crc32(r, 252)) { found->torn++; return; }
    if (seq % JOURNAL_SLOTS != slot) { found->bad++; return; }
    found->records++;
    if (seq > found->last) found->last = seq;
}

/* Reads past the page cache: in big requests, without a copy, and as it is on the disk. */
struct recovery journal_replay(void) {
    static unsigned char chunk[1 << 20] __attribute__((aligned(4096)));
    struct recovery found = {0};
    int fd = open(JOURNAL_PATH, O_RDONLY | O_DIRECT);
    if (fd < 0) { found.error = errno; return found; }
    for (uint64_t at = 0; at < (uint64_t)JOURNAL_SLOTS * RECORD_SIZE; at += sizeof chunk) {
        ssize_t n = pread(fd, chunk, sizeof chunk, (off_t)at);
        if (n < 0) { found.error = errno; break; }
        for (ssize_t i = 0; i + RECORD_SIZE <= n; i += RECORD_SIZE)
            look_at(&found, chunk + i, (at + (uint64_t)i) / RECORD_SIZE);
    }
    close(fd);
    return found;
}
