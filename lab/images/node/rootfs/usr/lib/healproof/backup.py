"""Copying a router's disk to a backup and back, sparsely."""
import contextlib
import os
import subprocess

from pve import Failure, Qmp, until

COPY_SECONDS = 300


def copy_image(source, target):
    """A sparse copy by qemu-img, which takes QEMU's lock and so refuses an image that is in use."""
    done = subprocess.run(["qemu-img", "convert", "-f", "raw", "-O", "raw", source, target],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(done.stderr.strip() or f"qemu-img convert {source} {target} exited with code {done.returncode}")


def backup_running(vm, target):
    """The disk as it is now, while the VM goes on. QEMU allocates the holes in its copy, hence the second one."""
    full = target + ".full"
    try:
        copy_on_write(vm, full)
        copy_image(full, target)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(full)


def copy_on_write(vm, target):
    """QEMU copies each block before the guest overwrites it: the target is the disk at one moment."""
    with open(target, "wb") as file:
        file.truncate(os.stat(vm.disk[0]).st_size)
    with Qmp(vm.run("qmp"), seconds=30) as qmp:
        qmp.call("blockdev-add", **{"driver": "raw", "node-name": "backup",
                                    "file": {"driver": "file", "filename": target}})
        try:
            qmp.call("blockdev-backup", **{"job-id": "backup", "device": "d0", "target": "backup", "sync": "full",
                                           "auto-dismiss": False})
            job = until(COPY_SECONDS, lambda: concluded(qmp), f"VM {vm.id}: backup not finished within {COPY_SECONDS} s", 0.05)
            qmp.call("job-dismiss", id="backup")
            if "error" in job:
                raise Failure(f"job failed with err - {job['error']}")
        finally:
            qmp.call("blockdev-del", **{"node-name": "backup"})


def concluded(qmp):
    jobs = [job for job in qmp.call("query-jobs") if job["id"] == "backup"]
    return jobs[0] if jobs and jobs[0]["status"] == "concluded" else None
