"""Live migration as Proxmox VE does it: the target starts QEMU over ssh, the source sends, the configuration moves."""
import os
import socket
import subprocess
import time

from backend import QemuBackend, backend_of
from pve import NODE, NODES, Failure, Qmp, conf_path, log

PORTS = range(60000, 60050)
SSH = ["ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
       "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=5"]
MIGRATE_SECONDS = 60


def address_of(node):
    """Where migrations go: the node's lan address when it has a name of its own (`<node>.lan`), as `migration: network=` says
    on a Proxmox site with a network just for storage."""
    try:
        return socket.gethostbyname(f"{node}.lan")
    except OSError:
        return socket.gethostbyname(node)


def own_address():
    return address_of(NODE)


def free_port():
    for port in PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((own_address(), port))
                return port
            except OSError:
                continue
    raise Failure(f"unable to find free port ({PORTS.start}-{PORTS.stop - 1})")


def on(target, *words):
    """Runs a command on another node; returns its output or raises Failure with its error."""
    done = subprocess.run([*SSH, f"root@{address_of(target)}", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure((done.stderr or done.stdout).strip() or f"'{words[0]}' on {target} exited with code {done.returncode}")
    return done.stdout


def run(vm, target, online):
    if target == NODE:
        raise Failure("target is local node.")
    if not os.path.isdir(f"{NODES}/{target}"):
        raise Failure(f"no such cluster node '{target}'")
    began = time.monotonic()
    pid = vm.pid()
    if pid and not online:
        raise Failure("can't migrate running VM without --online")
    log(f"starting migration of VM {vm.id} to node '{target}' ({address_of(target)})")
    try:
        on(target, "/bin/true")
        if pid:
            move_running(vm, target, pid)
        else:
            hand_over(vm, target)
    except Failure as failure:
        log(f"ERROR: {failure}")
        log("aborting phase 2 - cleanup resources")
        log("ERROR: migration finished with problems (duration %s)" % duration(began))
        raise Failure("migration problems") from None
    log(f"migration finished successfully (duration {duration(began)})")


def move_running(vm, target, pid):
    backend = backend_of(vm)
    if backend is not QemuBackend:
        backend.move(vm, target, pid, hand_over, lambda: on(target, "qm", "start", vm.id))
        return
    log(f"starting VM {vm.id} on remote node '{target}'")
    try:
        words = on(target, "qm", "start", vm.id, "--skiplock", "--migratedfrom", NODE, "--stateuri", "tcp").split()
    except Failure as failure:
        raise Failure(f"online migrate failure - remote command failed: {failure}") from None
    uri = words[-1]
    log(f"start migrate command to {uri}")
    try:
        with Qmp(vm.run("qmp"), seconds=10) as qmp:
            send(vm, qmp, uri)
            vm.set_wanted(False)
            hand_over(vm, target)
    except Failure as failure:
        on(target, "qm", "stop", vm.id, "--skiplock", "--migratedfrom", NODE)
        raise Failure(f"online migrate failure - {failure}") from None
    backend.quit(vm, pid)


def send(vm, qmp, uri):
    """Sends the state. The target runs by itself as soon as it has everything; until then nothing is lost here."""
    qmp.call("migrate-set-parameters", **{"max-bandwidth": 2**30})
    qmp.call("migrate", uri=uri)
    deadline = time.monotonic() + MIGRATE_SECONDS
    while True:
        info = qmp.call("query-migrate")
        state = info.get("status")
        if state == "completed":
            log(f"average migration speed: {info['ram']['mbps'] / 8:.1f} MiB/s - downtime {info['downtime']} ms")
            log("migration status: completed")
            return
        if state in ("failed", "cancelled"):
            raise Failure(f"aborting: {info.get('error-desc', 'migration ' + state)}")
        if time.monotonic() > deadline:
            qmp.call("migrate_cancel")
            raise Failure(f"aborting: not finished within {MIGRATE_SECONDS} s (status '{state}')")
        time.sleep(0.05)


def hand_over(vm, target):
    """The node that has the configuration owns the VM; a rename is the moment it changes hands."""
    os.rename(vm.path, conf_path(vm.id, target))
    if vm.pid():
        on(target, "touch", vm.run("wanted"))


def duration(began):
    seconds = int(time.monotonic() - began)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
