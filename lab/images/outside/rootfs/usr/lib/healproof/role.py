"""What every role shares: it is PID 1 of its container, reaps, ends at once on SIGTERM, keeps its default route and its children."""
import asyncio
import os
import signal
import socket
import struct
import subprocess
import sys

RESTART_PAUSE = 0.5
MOST_RESTARTS = 5
ROUTE_CHECK_EVERY = 0.5


def setting(name, default=None):
    """An HP_* variable; a missing one without a default ends the role with a sentence that names it."""
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        sys.exit(f"{os.path.basename(sys.argv[0])}: the environment variable {name} is not set; give it with docker run -e")
    return value


def milliseconds(name, default):
    text = setting(name, str(default))
    if not text.isdigit() or int(text) == 0:
        sys.exit(f"{os.path.basename(sys.argv[0])}: {name} must be a number of milliseconds above 0, not {text!r}")
    return int(text)


class Children:
    """Long-lived processes of a role. One that ends is noted in the evidence and started again; one that keeps ending ends
    the role too, with its own words in the container's log: a poller that can't poll must not look like a quiet night."""

    def __init__(self, evidence):
        self._evidence = evidence
        self._running = {}
        self._ended = {}

    def start(self, name, argv, env=None):
        blocked = [signal.SIGTERM, signal.SIGINT, signal.SIGCHLD]
        pid = os.posix_spawnp(argv[0], argv, {**os.environ, **(env or {})}, setsigmask=[], setsigdef=blocked)
        self._running[pid] = (name, argv, env)
        return pid

    def reap(self):
        """Takes every ended process, orphans of `docker exec` too: PID 1 is their parent then."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self._running:
                name, argv, env = self._running.pop(pid)
                code = os.waitstatus_to_exitcode(status)
                self._evidence.say("process-ended", who=name, status=code)
                self._ended[name] = self._ended.get(name, 0) + 1
                if self._ended[name] > MOST_RESTARTS:
                    sys.stderr.write(f"{name} ended {self._ended[name]} times, last with {code}; its own words are above\n")
                    self.kill()
                    os._exit(1)
                asyncio.get_running_loop().call_later(RESTART_PAUSE, self.start, name, argv, env)

    def kill(self):
        for pid in self._running:
            os.kill(pid, signal.SIGKILL)


def default_gateway():
    """The gateway of the default route, from the kernel's table, or None."""
    with open("/proc/net/route", encoding="ascii") as table:
        for line in table.readlines()[1:]:
            fields = line.split()
            if fields[1] == "00000000" and fields[7] == "00000000":
                return socket.inet_ntoa(struct.pack("<L", int(fields[2], 16)))
    return None


async def keep_default_route(evidence, gateway, first_set=None):
    """The engine moves the default route when a network is plugged in later; whoever lives on wan or lan has one gateway only."""
    while True:
        if default_gateway() != gateway:
            # The table is read again instead of trusting the exit code: the interface may not be there yet.
            subprocess.run(["ip", "route", "replace", "default", "via", gateway], stderr=subprocess.DEVNULL, check=False)
            if default_gateway() == gateway:
                evidence.say("route", default=gateway)
        if first_set is not None and default_gateway() == gateway:
            first_set.set()
        await asyncio.sleep(ROUTE_CHECK_EVERY if default_gateway() == gateway else 0.1)


def run(main, children=None):
    """Runs the coroutine `main` until SIGTERM or SIGINT; both end the process at once: nothing of ours needs a farewell."""

    async def supervised():
        loop = asyncio.get_running_loop()

        def end():
            if children is not None:
                children.kill()
            os._exit(0)

        loop.add_signal_handler(signal.SIGTERM, end)
        loop.add_signal_handler(signal.SIGINT, end)
        loop.add_signal_handler(signal.SIGCHLD, children.reap if children is not None else reap_orphans)
        await main()

    asyncio.run(supervised())


def reap_orphans():
    try:
        while os.waitpid(-1, os.WNOHANG)[0] != 0:
            pass
    except ChildProcessError:
        pass
