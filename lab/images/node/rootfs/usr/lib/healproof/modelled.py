"""The modelled router VM, for machines where QEMU can't run: a process on the disk image in a network namespace of its own.

It writes the same lines and the same journal records as the guest, forwards between wan and lan, and speaks CARP with the
host's ucarp. What it can't show: a guest's page cache and journal, fsck and boot, QEMU's pause and retry, image locks.
What it does on a write error (`panic`, `stop`, `report`) is decided in modelled-guest, not found out: reports say "modelled"."""
import json
import os
import signal
import subprocess

from pve import EVIDENCE, GUEST, NODE, RUN, Failure, evidence, until

PROGRAM = "/usr/lib/healproof/modelled-guest"
START_SECONDS = 10


def namespace(vm):
    return f"vm{vm.id}"


def ip(*words):
    done = subprocess.run(["ip", *words], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"ip {' '.join(words)}: {done.stderr.strip()}")


def plug(vm):
    """The same taps in name and place, but veth pairs: tap<vmid>i0 in vmbr1 (wan), tap<vmid>i1 in vmbr0 (lan)."""
    subprocess.run(["ip", "netns", "del", namespace(vm)], capture_output=True)
    ip("netns", "add", namespace(vm))
    ip("-n", namespace(vm), "link", "set", "lo", "up")
    for n, (mac, bridge) in enumerate(vm.nets()):
        tap = f"tap{vm.id}i{n}"
        ip("link", "add", tap, "type", "veth", "peer", "name", f"eth{n}", "address", mac, "netns", namespace(vm))
        ip("link", "set", tap, "master", bridge, "up")
        ip("-n", namespace(vm), "link", "set", f"eth{n}", "up")
        ip("-n", namespace(vm), "addr", "add", vm.router["wan" if n == 0 else "lan"], "dev", f"eth{n}")


def links(pid, state):
    """A stopped process does not stop the kernel's forwarding in its namespace; its links have to go down."""
    for n in (0, 1):
        subprocess.run(["nsenter", "-t", str(pid), "-n", "ip", "link", "set", f"eth{n}", state], check=False)


class ModelledBackend:
    @staticmethod
    def start(vm, incoming=None, cold=False):
        if vm.pid():
            raise Failure(f"VM {vm.id} already running")
        if incoming:
            raise Failure("a modelled VM has no state to receive; it is stopped here and started there")
        os.makedirs(RUN, exist_ok=True)
        os.makedirs(f"{EVIDENCE}/serial", exist_ok=True)
        path, _ = vm.disk
        try:
            with open(path, "r+b", buffering=0) as disk:
                disk.read(4096)  # FUSE opens a file in split-brain; only reading it fails
        except OSError as error:
            raise Failure(f"Could not open '{path}': {error.strerror}\nstart failed: modelled VM exited with code 1") from None
        plug(vm)
        setup = {"vmid": vm.id, "name": vm.name, "disk": path, "guest": GUEST, **vm.router,
                 "electnow": vm.lab.get("master", False) and not cold}
        with open(vm.run("modelled"), "w") as file:
            json.dump(setup, file)
        line = ["ip", "netns", "exec", namespace(vm), PROGRAM, vm.run("modelled"), vm.run("pid"),
                f"{EVIDENCE}/serial/{vm.id}.{NODE}.log"]
        if os.path.isdir("/run/systemd/system"):
            line = ["systemd-run", "--quiet", "--collect", "--slice=qemu.slice", f"--unit={vm.id}", *line]
            subprocess.run(line, check=True)
        else:
            subprocess.Popen(["setsid", *line], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until(START_SECONDS, vm.pid, f"VM {vm.id}: the modelled guest did not start within {START_SECONDS} s")
        ip("netns", "del", namespace(vm))  # only the name: the namespace and its links now end with the process
        evidence("vm", ev="vm", vmid=int(vm.id), name=vm.name, node=NODE, state="running", detail="modelled")
        return "modelled"

    @staticmethod
    def status(vm):
        """running, or io-error when it stopped itself at a failed write (policy `stop`), or paused by qm suspend."""
        with open(f"/proc/{vm.pid()}/stat") as file:
            stopped = file.read().rsplit(")", 1)[1].split()[0] == "T"
        if not stopped:
            return "running"
        return "io-error" if os.path.exists(vm.run("io-error")) else "paused"

    @staticmethod
    def quit(vm, pid):
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # it ended by itself in this moment
        until(5, lambda: vm.pid() is None, f"VM {vm.id}: process {pid} survived SIGKILL for 5 s; look at its mount")
        evidence("vm", ev="vm", vmid=int(vm.id), name=vm.name, node=NODE, state="exited", detail="modelled: stopped")

    @staticmethod
    def ask_shutdown(vm, pid):
        os.kill(pid, signal.SIGTERM)

    @staticmethod
    def pause(vm):
        links(vm.pid(), "down")
        os.killpg(vm.pid(), signal.SIGSTOP)

    @staticmethod
    def resume(vm):
        if os.path.exists(vm.run("io-error")):
            os.unlink(vm.run("io-error"))
        links(vm.pid(), "up")
        os.killpg(vm.pid(), signal.SIGCONT)

    @staticmethod
    def move(vm, target, pid, hand_over, start_there):
        """Migration is modelled as stop here, start there."""
        vm.set_wanted(False)
        ModelledBackend.quit(vm, pid)
        hand_over(vm, target)
        start_there()
