"""What this node knows of its bricks, its mount and its guests, for node exporter's textfile collector. Names: lab/monitoring/metrics.md.

What could not be seen is left out, never 0."""
import glob
import os
import re
import time

FOLDER = "/run/healproof/textfile"
GLUSTER_RUN = "/run/gluster"
SERIAL = "/evidence/serial"
# A router writes its state on the console once a second.
FRESH_S, TAIL = 4, 2048
STATE = re.compile(rb"^HB \S+ role=\w+ ack=\d+ err=\d+ disk=(ok|failed|none)", re.M)


def line(name, value, **labels):
    inside = ",".join(f'{key}="{text}"' for key, text in labels.items())
    return f"{name}{{{inside}}} {value}" if inside else f"{name} {value}"


def serves(pidfile):
    """1 or 0: a process that is gone leaves its file, and one that is stopped (T, t) or dead (Z) serves nobody."""
    try:
        with open(pidfile) as file, open(f"/proc/{int(file.read())}/stat") as stat:
            return int(stat.read().rpartition(") ")[2][0] not in "TtZ")
    except (OSError, ValueError, IndexError):
        return 0


def of_bricks(volume, local, counts, node):
    """`local`: this node's bricks; `counts`: brick -> its index counts, or an error."""
    for brick in local:
        where = brick.split(":", 1)[1]
        pidfile = f"{GLUSTER_RUN}/vols/{volume}/{brick.split(':', 1)[0]}{where.replace('/', '-')}.pid"
        yield line("healproof_brick_online", serves(pidfile), volume=volume, brick=brick)
        seen = counts.get(brick)
        if seen is not None and "error" not in seen:
            for kind, key in (("xattrop", "xattrop"), ("dirty", "dirty"), ("entry-changes", "entryChanges")):
                yield line("healproof_index_entries", seen[key], volume=volume, brick=brick, kind=kind)
    daemons = glob.glob(f"{GLUSTER_RUN}/shd/{volume}/*.pid") + glob.glob(f"{GLUSTER_RUN}/glustershd/*.pid")
    yield line("healproof_shd_running", int(any(serves(one) for one in daemons)), volume=volume, node=node)


def quorum(options, connected):
    """Bricks that a client needs to write (afr.c, quorum-type): under `auto` exactly half are enough when the first one is among them."""
    kind = re.search(r"option quorum-type (\S+)", options)
    if kind and kind[1] == "fixed":
        count = re.search(r"option quorum-count (\d+)", options)
        return max(1, int(count[1])) if count else 1
    if (kind and kind[1] == "none") or (kind is None and len(connected) < 3):
        return 1
    return -(-len(connected) // 2) if connected[0] else len(connected) // 2 + 1


def of_mount(volume, connected, volfile, node):
    """`connected`: brick -> whether the client that is mounted here has it."""
    yield line("healproof_volume_bricks", len(connected), volume=volume)
    for brick, has in connected.items():
        yield line("healproof_client_brick_connected", int(has), volume=volume, node=node, brick=brick)
    if connected:
        has = list(connected.values())
        margin = sum(has) - quorum(volfile, has)
        yield line("healproof_quorum_margin", margin, volume=volume, node=node)


def of_guests(node, names):
    """What each router that runs here last said of its own disk. On a real site the router's own agent tells."""
    for path in glob.glob(f"{SERIAL}/*.{node}.log"):
        try:
            with open(path, "rb") as file:
                if time.time() - os.fstat(file.fileno()).st_mtime > FRESH_S:
                    continue
                file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL))
                said = STATE.findall(file.read())
        except OSError:
            continue
        vmid = os.path.basename(path).split(".")[0]
        if said and said[-1] != b"none":
            yield line("healproof_router_disk_ok", int(said[-1] == b"ok"), router=names(vmid))


def name_of(vmid):
    """A guest's name by its configuration, wherever it lies; the number when there is none."""
    for path in glob.glob(f"/etc/pve/nodes/*/qemu-server/{vmid}.conf"):
        try:
            with open(path) as file:
                if found := re.search(r"^name: (\S+)$", file.read(), re.M):
                    return found[1]
        except OSError:
            continue
    return vmid


def write(lines):
    """The collector must never see half a file."""
    os.makedirs(FOLDER, exist_ok=True)
    fresh = f"{FOLDER}/.healproof.prom"
    with open(fresh, "w") as file:
        file.write("\n".join(sorted(lines)) + "\n")
    os.rename(fresh, f"{FOLDER}/healproof.prom")
