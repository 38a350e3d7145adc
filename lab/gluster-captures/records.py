"""Numbered records: writes them so that each is acknowledged by an fsync, and finds out which of them a file still holds.

    records.py write LOG FILE FIRST BLOCK...     one record a block, one after another; a line `number block` in LOG once acknowledged
    records.py sync LOG FILE FIRST BLOCK...      the same through O_SYNC: an fsync would end AFR's transaction each time
    records.py fill LOG FILE FIRST BLOCKS        blocks 0 to BLOCKS-1 with one fsync at the end
    records.py loop LOG FILE FIRST STEP BLOCKS   every STEP-th block of the first BLOCKS, again and again until it is killed
    records.py held ROOT                         below a mount or a brick: reads what to look for from standard input as JSON, answers as JSON

A record fills a block of 4 KiB with its number, again and again, so that half a record is no record.
"""
import errno, functools, json, mmap, os, stat, sys

BLOCK = 4096
SHARD_BLOCKS = 1024


def bytes_of(number):
    return (b"record %024d\n" % number) * 128


def number_of(block):
    if len(block) < BLOCK or block != block[:32] * 128 or not block.startswith(b"record "):
        return 0
    return int(block[7:31])


def write(log, path, first, blocks, how=os.fsync, flags=0):
    with open(log, "a", buffering=1) as acknowledged:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | flags)
        for number, block in enumerate(blocks, first):
            os.pwrite(file, bytes_of(number), block * BLOCK)
            how(file)
            acknowledged.write(f"{number} {block}\n")
        os.close(file)


def fill(log, path, first, blocks):
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    for block in range(0, blocks, SHARD_BLOCKS):
        many = range(block, min(blocks, block + SHARD_BLOCKS))
        os.pwrite(file, b"".join(bytes_of(first + one) for one in many), block * BLOCK)
    os.fsync(file)
    os.close(file)
    with open(log, "a") as acknowledged:
        acknowledged.writelines(f"{first + one} {one}\n" for one in range(blocks))


def loop(log, path, first, step, blocks):
    places = range(0, blocks, step)
    while True:
        write(log, path, first, places)
        first += len(places)


def place(root, wanted):
    """On a brick block 1024 of an image is the first of its shard 1; on a mount the image is one file."""
    path, block = os.path.join(root, wanted["file"]), wanted.get("block", 0)
    shard = block // SHARD_BLOCKS
    if wanted.get("gfid") is None or shard == 0:
        return path, block
    return os.path.join(root, ".shard", f"{wanted['gfid']}.{shard}"), block % SHARD_BLOCKS


@functools.cache
def direct(path):
    """A client that still has the bytes in its page cache would hide what became of them."""
    try:
        return os.open(path, os.O_RDONLY | os.O_DIRECT)
    except OSError as failed:
        if failed.errno != errno.EINVAL:
            raise
        return os.open(path, os.O_RDONLY)


def read(path, block):
    page = mmap.mmap(-1, BLOCK)
    count = os.preadv(direct(path), [page], block * BLOCK)
    return page[:count]


def is_pointer(path):
    """A file that only tells in which replica set the file is."""
    about = os.lstat(path)
    return stat.S_IMODE(about.st_mode) == 0o1000 and about.st_size == 0


def answer(root, wanted):
    """`kept`, `lost`, `absent`: no such name, `unreadable`: an error."""
    path, block = place(root, wanted)
    try:
        if wanted["kind"] == "gone":
            return "lost" if os.path.lexists(path) else "kept"
        if is_pointer(path):
            return "absent"
        if wanted["kind"] == "directory":
            return "kept" if stat.S_ISDIR(os.lstat(path).st_mode) else "lost"
        if wanted["kind"] == "mode":
            return "kept" if stat.S_IMODE(os.lstat(path).st_mode) == int(wanted["mode"], 8) else "lost"
        if stat.S_ISDIR(os.lstat(path).st_mode):
            return "lost"
        if wanted["kind"] == "line":
            return "kept" if b"record %d\n" % wanted["number"] in read(path, 0) else "lost"
        return "kept" if number_of(read(path, block)) >= wanted["number"] else "lost"
    except FileNotFoundError:
        return "absent"
    except OSError:
        return "unreadable"


def main(words):
    if words[0] == "held":
        json.dump([answer(words[1], wanted) for wanted in json.load(sys.stdin)], sys.stdout)
        return
    how, log, path = words[0], words[1], words[2]
    numbers = [int(word) for word in words[3:]]
    if how == "write":
        write(log, path, numbers[0], numbers[1:])
    elif how == "sync":
        write(log, path, numbers[0], numbers[1:], lambda file: None, os.O_SYNC)
    elif how == "fill":
        fill(log, path, *numbers)
    else:
        loop(log, path, *numbers)


main(sys.argv[1:])
