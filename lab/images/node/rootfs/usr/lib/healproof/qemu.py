"""Starting, stopping and describing the QEMU process of a VM."""
import json
import os
import socket
import subprocess
import time

from pve import EVIDENCE, GUEST, RUN, Failure, Qmp, until

STATE = "/var/lib/healproof/guest/state.zst"
BRIDGE_SCRIPT = "/usr/lib/healproof/tap-to-bridge"
START_SECONDS = 30  # QEMU up and, from a saved state, loaded; the guest itself may take longer
# The kernel talks on the third port, so that its messages never break a line of the guest's report on the first.
APPEND = "console=ttyS2 panic=-1 quiet mitigations=off cryptomgr.notests audit=0 8250.nr_uarts=3"


def machine(accel, memory):
    """What a saved state depends on, except the devices."""
    acceleration = "kvm" if accel == "kvm" else "tcg,tb-size=32"
    return ["-M", "q35", "-accel", acceleration, "-cpu", "host" if accel == "kvm" else "max", "-smp", "1",
            "-m", str(memory), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-kernel", f"{GUEST}/vmlinuz", "-initrd", f"{GUEST}/initrd.gz"]


def serial(n, chardev):
    return ["-chardev", f"{chardev},id=s{n}", "-serial", f"chardev:s{n}"]


def block(path, werror="report", rerror="report"):
    return ["-blockdev", f"driver=file,node-name=f0,filename={path},cache.direct=on,aio=threads",
            "-blockdev", "driver=raw,node-name=d0,file=f0,cache.direct=on",
            "-device", f"virtio-blk-pci,drive=d0,id=virtio0,werror={werror},rerror={rerror}"]


def net(n, tap, mac):
    return ["-netdev", f"tap,id=net{n},ifname={tap},script={BRIDGE_SCRIPT},downscript=no",
            "-device", f"virtio-net-pci,netdev=net{n},id=nic{n},mac={mac}"]


def command(vm, append=APPEND):
    """The command line, the same for a cold start, a restored state and the target of a migration."""
    path, options = vm.disk
    default = "stop" if vm.router.get("policy") == "stop" else "report"
    line = ["qemu-system-x86_64", "-name", f"{vm.name},process={vm.id}.{vm.name}"]
    line += machine(vm.accel, vm.memory) + ["-append", append]
    line += serial(0, f"file,path={EVIDENCE}/serial/{vm.id}.{os.uname().nodename}.log,append=on")
    line += serial(1, f"socket,path={vm.run('cfg')},server=on,wait=off")
    line += serial(2, f"file,path={EVIDENCE}/console/{vm.id}.{os.uname().nodename}.log,append=on")
    for monitor in ("qmp", "watch"):
        line += ["-qmp", f"unix:{vm.run(monitor)},server=on,wait=off"]
    line += block(path, options.get("werror", default), options.get("rerror", default))
    for n, (mac, _) in enumerate(vm.nets()):
        line += net(n, f"tap{vm.id}i{n}", mac)
    return line + ["-pidfile", vm.run("pid"), "-daemonize"]


def router_words(vm, **more):
    """The one line that tells the guest who it is: r.name=… r.wan=… …"""
    macs = [mac for mac, _ in vm.nets()]
    words = {"name": vm.name, "wmac": macs[0], "lmac": macs[1], **vm.router, **more}
    return " ".join(f"r.{key}={int(value) if isinstance(value, bool) else value}" for key, value in words.items())


def fingerprint(accel="tcg", memory=96):
    """A saved state fits only the QEMU, guest and processor it was made with. The guest's clock counts the
    host's TSC under TCG, so the processor's frequency belongs to it."""
    version = subprocess.run(["qemu-system-x86_64", "--version"], capture_output=True, text=True).stdout.split("\n")[0]
    with open("/proc/cpuinfo") as file:
        cpu = dict(line.split(":", 1) for line in file.read().split("\n\n")[0].splitlines() if ":" in line)
    cpu = {key.strip(): value.strip() for key, value in cpu.items()}
    files = [os.stat(f"{GUEST}/{name}") for name in ("vmlinuz", "initrd.gz")]
    return {"qemu": version, "cpu": cpu.get("model name"), "bogomips": cpu.get("bogomips"),
            "flags": cpu.get("flags") if accel == "kvm" else "tcg", "accel": accel, "memory": memory,
            "guest": [file.st_size for file in files]}


def state_fits(vm):
    try:
        with open(STATE.replace(".zst", ".json")) as file:
            return json.load(file)["fingerprint"] == fingerprint(vm.accel, vm.memory)
    except (OSError, ValueError, KeyError):
        return False


def launch(vm, line):
    """Runs QEMU detached from the caller's session, in a scope of its own as Proxmox does; it dies with the node."""
    for folder in (RUN, f"{EVIDENCE}/serial", f"{EVIDENCE}/console"):
        os.makedirs(folder, exist_ok=True)
    if os.path.isdir("/run/systemd/system"):
        # When the node goes down, pve-guests gets to shut the guest down before systemd stops the scope, and that before the mount.
        # Before whoever looks at the node, as bricks are (glusterd.service.d).
        scope = ["systemd-run", "--quiet", "--scope", "--collect", "--nice=-5", "--slice=qemu.slice", f"--unit={vm.id}",
                 "-p", "Before=pve-guests.service", "-p", "After=mnt-pve-vmstore.mount", "-p", "After=glusterd.service"]
    else:
        scope = ["setsid"]
    bridges = {f"BRIDGE_tap{vm.id}i{n}": bridge for n, (_, bridge) in enumerate(vm.nets())}
    done = subprocess.run(scope + line, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env={**os.environ, **bridges})
    if done.returncode != 0:
        raise Failure(f"{(done.stderr or done.stdout).strip()}\nstart failed: QEMU exited with code {done.returncode}")


def start(vm, incoming=None, cold=False):
    """Starts the VM: as the target of a migration, from the saved state, or cold. Returns which."""
    if vm.pid():
        raise Failure(f"VM {vm.id} already running")
    if incoming:
        launch(vm, command(vm) + ["-incoming", incoming])
        return "incoming"
    if vm.lab.get("start") == "state" and not cold and state_fits(vm):
        launch(vm, command(vm) + ["-incoming", f"exec:zstd -dcq {STATE}"])
        restore(vm)
        return "state"
    launch(vm, command(vm, f"{APPEND} {router_words(vm)}"))
    return "cold"


def restore(vm):
    """Lets the loaded state run and tells the guest who it is. A state stands for a router that has been up for
    weeks: the one marked `master` gets its role after 1 s instead of 3."""
    with Qmp(vm.run("qmp")) as qmp:
        until(START_SECONDS, lambda: qmp.call("query-status")["status"] != "inmigrate",
              f"VM {vm.id}: the saved state was not loaded within {START_SECONDS} s", 0.005)
        qmp.call("cont")
    elect = {"electnow": 1} if vm.lab.get("master") else {}
    tell(vm, router_words(vm, epoch=int(time.time() * 1000), **elect))


def tell(vm, line, seconds=5):
    """Writes one line to the guest's command port."""
    with socket.socket(socket.AF_UNIX) as port:
        port.settimeout(seconds)
        try:
            port.connect(vm.run("cfg"))
            port.sendall(line.encode() + b"\n")
            port.shutdown(socket.SHUT_WR)
            while port.recv(64):  # QEMU closes when it has taken everything
                pass
        except OSError as error:
            raise Failure(f"VM {vm.id}: its command port {vm.run('cfg')} did not take '{line[:40]}' - {error}") from None


def alive(pid):
    """Whether the process still runs; a zombie that nobody has reaped does not."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
