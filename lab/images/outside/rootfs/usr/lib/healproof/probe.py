"""Probes with a deadline. Each uses a connection of its own; one that hangs never delays the next."""
import asyncio
import errno
import time
from urllib.parse import urlsplit

from evidence import now_ms

MOST_OF_A_BODY = 65_536


class Failed(Exception):
    """The probe came to an answer, and the answer is no."""


async def _connected(host, port, doing, talk):
    doing[0] = "connecting"
    reader, writer = await asyncio.open_connection(host, port)
    try:
        return await talk(reader, writer)
    finally:
        # abort, not close: a half-dead connection must not linger behind the deadline
        writer.transport.abort()


def http_get(url, token):
    """One GET; ok when the status is 200 and the body (first 64 KiB) holds the token."""
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port or 80
    request = f"GET {parts.path or '/'} HTTP/1.0\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode()

    async def probe(doing):
        async def talk(reader, writer):
            doing[0] = "waiting for the answer"
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n", 1)[0].decode("ascii", "replace")
            status = head.split(" ")[1] if head.count(" ") >= 1 else head
            if status != "200":
                raise Failed(f"status {status}")
            doing[0] = "reading the body"
            body = b""
            while len(body) < MOST_OF_A_BODY and (piece := await reader.read(MOST_OF_A_BODY)):
                body += piece
            if token.encode() not in body:
                raise Failed(f"no token {token!r} in {len(body)} bytes")
            return "200"

        return await _connected(host, port, doing, talk)

    return probe


def ssh_banner(host, port=22):
    """Connects and reads the greeting; ok when an SSH server speaks."""

    async def probe(doing):
        async def talk(reader, _writer):
            doing[0] = "waiting for the banner"
            banner = (await reader.readline()).decode("ascii", "replace").strip()
            if not banner.startswith("SSH-"):
                raise Failed(f"no SSH banner but {banner[:40]!r}")
            return banner

        return await _connected(host, port, doing, talk)

    return probe


async def _look(probe, limit_ms):
    """(ok, detail) of one probe, always within the deadline."""
    doing = ["starting"]
    try:
        async with asyncio.timeout(limit_ms / 1000):
            return True, await probe(doing)
    except TimeoutError:
        return False, f"no end of {doing[0]} within {limit_ms} ms"
    except Failed as no:
        return False, str(no)
    except asyncio.IncompleteReadError as short:
        return False, f"connection closed after {len(short.partial)} bytes while {doing[0]}"
    except (asyncio.LimitOverrunError, ValueError, IndexError) as odd:
        return False, f"not understood while {doing[0]}: {odd}"
    except OSError as refused:
        name = errno.errorcode.get(refused.errno, "") if refused.errno else ""
        return False, f"{name or refused} while {doing[0]}"


async def keep_probing(evidence, by, target, probe, every_ms, limit_ms):
    """Sends a probe at each beat for ever. `at` is when it was sent, so an outage starts where it started.

    More than a deadline's worth in flight can only be this process being starved; such a beat is noted as `probe-skipped`,
    never as a failure of the target.
    """
    most = limit_ms // every_ms + 3
    flying = set()

    async def one():
        at, began = now_ms(), time.monotonic()
        ok, detail = await _look(probe, limit_ms)
        took = round((time.monotonic() - began) * 1000)
        evidence.say("probe", at, by=by, target=target, ok=ok, tookMs=took, detail=detail)

    beat = time.monotonic()
    while True:
        if len(flying) < most:
            task = asyncio.create_task(one())
            flying.add(task)
            task.add_done_callback(flying.discard)
        else:
            evidence.say("probe-skipped", by=by, target=target, inFlight=len(flying))
        beat += every_ms / 1000
        late = time.monotonic() - beat
        if late > 1:
            # The machine stood still; beats that were missed can't be sent any more.
            evidence.say("probe-skipped", by=by, target=target, lateMs=round(late * 1000))
            beat = time.monotonic()
        await asyncio.sleep(max(0, beat - time.monotonic()))
