"""The provider's mail server, as much of SMTP (RFC 5321) as Alertmanager speaks. Every mail is one `mail` line, and one `alert` line per alert
that its text lists. Mail wakes nobody; it is here to see whether it left the site at all."""
import asyncio
import email
import email.policy

from pager import listed, tell

LONGEST = 1_048_576


async def listen(evidence, host, port):
    async def serve(reader, writer):
        try:
            async with asyncio.timeout(30):
                await _session(evidence, reader, writer)
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError, TimeoutError, ValueError):
            pass
        finally:
            writer.transport.abort()

    return await asyncio.start_server(serve, host, port, limit=LONGEST)


async def _session(evidence, reader, writer):
    async def answer(line):
        writer.write(line.encode() + b"\r\n")
        await writer.drain()

    by, to = "unnamed", []
    await answer("220 offsite ESMTP")
    while line := (await reader.readline()).decode("latin-1").strip():
        verb, _, rest = line.partition(" ")
        match verb.upper():
            case "EHLO" | "HELO":
                by = rest if rest in ("inside", "offsite") else "unnamed"
                await answer("250 offsite")
            case "MAIL" | "RSET" | "NOOP":
                to = []
                await answer("250 ok")
            case "RCPT":
                to.append(rest.partition(":")[2].strip(" <>"))
                await answer("250 ok")
            case "DATA":
                await answer("354 go on")
                _keep(evidence, by, to, await reader.readuntil(b"\r\n.\r\n"))
                await answer("250 kept")
            case "QUIT":
                return await answer("221 bye")
            case _:
                await answer("502 not here")


def _keep(evidence, by, to, raw):
    message = email.message_from_bytes(raw.replace(b"\r\n..", b"\r\n.")[:-5], policy=email.policy.default)
    body = message.get_body(("plain",))
    text = body.get_content() if body is not None else ""
    evidence.say("mail", by=by, to=to, subject=str(message["subject"]), bytes=len(raw))
    tell(evidence, by, "mail", "mail", listed(text))
