"""What qm, vzdump, pve-guests, vm-watch and the HA share: VM configurations, storage paths, QMP, evidence.

A VM belongs to the node in whose folder its configuration lies, as in Proxmox VE:
/etc/pve/nodes/<node>/qemu-server/<vmid>.conf. A line `#healproof: {json}` in it carries what only the lab needs.
"""
import contextlib
import fcntl
import json
import os
import re
import socket
import sys
import time

NODES = "/etc/pve/nodes"
STORAGE = {"vmstore": "/mnt/pve/vmstore"}
RUN = "/run/qemu-server"
EVIDENCE = "/evidence"
GUEST = os.environ.get("HEALPROOF_GUEST", "/usr/lib/healproof/guest")
NODE = os.uname().nodename


class Failure(Exception):
    """Something an operator has to read; the message is the whole story."""


def main(run):
    """Runs a command line tool as Proxmox's do: the error on stderr, exit code 255."""
    try:
        sys.exit(run(sys.argv[1:]) or 0)
    except Failure as failure:
        print(failure, file=sys.stderr)
        sys.exit(255)
    except KeyboardInterrupt:
        sys.exit(130)


def log(text):
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}", flush=True)


def evidence(source, **fields):
    """Appends one line to /evidence/<source>.<node>.ndjson (one write, so lines of two writers stay whole)."""
    line = json.dumps({"at": int(time.time() * 1000), **fields}) + "\n"
    with open(f"{EVIDENCE}/{source}.{NODE}.ndjson", "a") as file:
        file.write(line)


class Vm:
    """One configuration file, parsed. `conf` keeps its keys, `lab` the json of the #healproof line."""

    def __init__(self, vmid, node=NODE):
        self.id, self.node = str(vmid), node
        self.path = conf_path(vmid, node)
        try:
            with open(self.path) as file:
                self.text = file.read()
        except FileNotFoundError:
            raise Failure(f"Configuration file 'nodes/{node}/qemu-server/{vmid}.conf' does not exist") from None
        self.conf, self.lab = {}, {}
        for line in self.text.splitlines():
            if line.startswith("#healproof:"):
                self.lab = json.loads(line.split(":", 1)[1])
            elif ":" in line and not line.startswith("#"):
                key, value = line.split(":", 1)
                self.conf[key.strip()] = value.strip()

    name = property(lambda self: self.conf.get("name", f"VM {self.id}"))
    memory = property(lambda self: int(self.conf.get("memory", "96")))
    onboot = property(lambda self: self.conf.get("onboot") == "1")
    accel = property(lambda self: self.lab.get("accel", "tcg"))
    router = property(lambda self: self.lab.get("router", {}))

    @property
    def disk_key(self):
        for key in ("virtio0", "scsi0"):
            if key in self.conf:
                return key
        raise Failure(f"VM {self.id} has no disk (virtio0 or scsi0) in {self.path}")

    @property
    def disk(self):
        """Path and options of the only disk: ("/mnt/…/vm-101-disk-0.raw", {"werror": "report", …})."""
        volid, *options = self.conf[self.disk_key].split(",")
        return volume_path(volid), dict(option.split("=", 1) for option in options)

    def nets(self):
        """[(mac, bridge)] of net0, net1, …"""
        found = []
        for n in range(8):
            if f"net{n}" in self.conf:
                fields = dict(field.split("=", 1) for field in self.conf[f"net{n}"].split(","))
                found.append((fields["virtio"], fields["bridge"]))
        return found

    def run(self, suffix):
        return f"{RUN}/{self.id}.{suffix}"

    def pid(self):
        """The pid of its running process on this node, or None."""
        try:
            with open(self.run("pid")) as file:
                pid = int(file.read())
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                return pid if f"{RUN}/{self.id}.".encode() in file.read() else None
        except (OSError, ValueError):
            return None

    def set_wanted(self, wanted):
        """Remembers whether the VM is meant to run; the HA restarts only those that are."""
        if wanted:
            open(self.run("wanted"), "w").close()
        else:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.run("wanted"))

    def rewrite(self, key, value):
        self.text = re.sub(rf"(?m)^{key}:.*$", f"{key}: {value}", self.text)
        with open(self.path + ".tmp", "w") as file:
            file.write(self.text)
        os.rename(self.path + ".tmp", self.path)
        self.conf[key] = value


def conf_path(vmid, node=NODE):
    return f"{NODES}/{node}/qemu-server/{vmid}.conf"


def volume_path(volid):
    storage, _, name = volid.partition(":")
    if storage not in STORAGE:
        raise Failure(f"storage '{storage}' does not exist")
    return f"{STORAGE[storage]}/images/{name}"


def vmids(node=NODE):
    try:
        names = os.listdir(f"{NODES}/{node}/qemu-server")
    except FileNotFoundError:
        return []
    return sorted(int(name[:-5]) for name in names if re.fullmatch(r"\d+\.conf", name))


@contextlib.contextmanager
def locked(vmid, seconds=10):
    """Proxmox's lock per VM: one start, stop or migration at a time."""
    os.makedirs("/run/lock/qemu-server", exist_ok=True)
    os.makedirs(RUN, exist_ok=True)
    path = f"/run/lock/qemu-server/lock-{vmid}.conf"
    with open(path, "w") as file:
        until(seconds, lambda: try_lock(file), f"can't lock file '{path}' - got timeout")
        yield


def try_lock(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False


def until(seconds, condition, otherwise, step=0.02):
    """Waits until condition() is true and returns its value, or raises Failure(otherwise)."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() >= deadline:
            raise Failure(otherwise)
        time.sleep(step)
    return value


class Qmp:
    """A QMP connection. `call` returns QEMU's answer or raises Failure with QEMU's words."""

    def __init__(self, path, seconds=5):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(seconds)
        try:
            self.socket.connect(path)
            self.file = self.socket.makefile("rb")
            self.receive()
            self.call("qmp_capabilities")
        except OSError as error:
            self.socket.close()
            raise Failure(f"unable to connect to {path} - {error}") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()  # the connection stays open as long as either lives, and QEMU serves one at a time
        self.socket.close()

    def receive(self):
        line = self.file.readline()
        if not line:
            raise ConnectionResetError("QEMU closed the connection")
        return json.loads(line)

    def call(self, command, **arguments):
        try:
            self.socket.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
            while True:
                answer = self.receive()
                if "error" in answer:
                    raise Failure(f"QMP command '{command}' failed - {answer['error']['desc']}")
                if "return" in answer:
                    return answer["return"]
        except OSError as error:
            raise Failure(f"QMP command '{command}' failed - {error}") from None
