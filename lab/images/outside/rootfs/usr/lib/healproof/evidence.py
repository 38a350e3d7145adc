"""The evidence bus: one NDJSON file per actor, one line per thing seen, stamped with the host's clock."""
import json
import os
import time


def now_ms():
    return time.time_ns() // 1_000_000


class Evidence:
    """Appends to $HP_EVIDENCE/<source>.ndjson. A line is one write(2) with O_APPEND, so a reader never sees two mixed."""

    def __init__(self, source):
        folder = os.environ.get("HP_EVIDENCE", "/evidence")
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, f"{source}.ndjson")
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)

    def say(self, ev, at=None, **more):
        line = {"at": now_ms() if at is None else at, "ev": ev, **more}
        os.write(self._file, json.dumps(line, separators=(",", ":")).encode() + b"\n")
