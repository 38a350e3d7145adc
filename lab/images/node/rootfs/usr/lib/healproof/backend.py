"""The two kinds of router VM behind the same verbs: a QEMU guest, or the modelled one where QEMU can't run."""
import contextlib
import os
import signal

import qemu
from pve import Failure, Qmp, until

STOP_SECONDS = 10


class QemuBackend:
    start = staticmethod(qemu.start)

    @staticmethod
    def status(vm):
        """running, paused, io-error, inmigrate, internal-error, … as QEMU says it."""
        try:
            with Qmp(vm.run("qmp"), seconds=2) as qmp:
                return qmp.call("query-status")["status"]
        except Failure:
            return "unknown"

    @staticmethod
    def quit(vm, pid):
        """`quit`, then SIGTERM, then SIGKILL: a QEMU that hangs in a dead mount answers to none of them."""
        try:
            with Qmp(vm.run("qmp"), seconds=2) as qmp:
                qmp.call("quit")
        except Failure:
            send(pid, signal.SIGTERM)
        try:
            until(STOP_SECONDS / 2, lambda: not qemu.alive(pid), "still there")
        except Failure:
            send(pid, signal.SIGKILL)
            until(STOP_SECONDS / 2, lambda: not qemu.alive(pid),
                  f"VM {vm.id}: process {pid} survived SIGKILL for {STOP_SECONDS / 2} s; it hangs in the kernel, look at its mount")

    @staticmethod
    def ask_shutdown(vm, pid):
        """A word on the guest's command port; it does not matter here if nobody hears it yet."""
        with contextlib.suppress(Failure):
            qemu.tell(vm, "shutdown", seconds=1)

    @staticmethod
    def pause(vm):
        with Qmp(vm.run("qmp")) as qmp:
            qmp.call("stop")

    @staticmethod
    def resume(vm):
        with Qmp(vm.run("qmp")) as qmp:
            qmp.call("cont")


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def backend_of(vm):
    if vm.accel == "modelled":
        from modelled import ModelledBackend
        return ModelledBackend
    return QemuBackend
