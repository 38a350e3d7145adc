"""The pager: what the alerting chain hands over at its end. Speaks Alertmanager's webhook (version 4) and PagerDuty Events v2.

POST /alertmanager/<receiver>   -> one `alert` line per alert of the message
POST /heartbeat                 -> one `heartbeat` line: the monitoring inside the site lives (its Watchdog's webhook)
GET  /metrics                   -> healproof_heartbeats_received_total, for the offsite Prometheus
POST /v2/enqueue                -> one `page` line; answered as PagerDuty answers (202, status, message, dedup_key)

What is not understood is answered with 400 and noted as `pager-refused`: a chain that ends in a refusal reached nobody.
"""
import asyncio
import json

from monitoring import epoch_ms

LONGEST = 4 * 1_048_576
heartbeats = 0
REASONS = {200: "OK", 202: "Accepted", 400: "Bad Request", 404: "Not Found"}


async def listen(evidence, host, port):
    async def serve(reader, writer):
        try:
            async with asyncio.timeout(10):
                while await _one_request(evidence, reader, writer):
                    pass
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError, ValueError):
            pass
        finally:
            writer.transport.abort()

    return await asyncio.start_server(serve, host, port)


async def _one_request(evidence, reader, writer):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    length = int(headers.get("content-length", "0"))
    if length > LONGEST:
        raise ValueError(f"a message of {length} bytes")
    status, answer = _taken(evidence, method, path, await reader.readexactly(length))
    plain = isinstance(answer, str)
    body = (answer if plain else json.dumps(answer)).encode()
    kind = "text/plain; version=0.0.4" if plain else "application/json"
    head = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await writer.drain()
    return headers.get("connection", "").lower() != "close"


def _taken(evidence, method, path, body):
    """(status, answer) for one message; writes its evidence."""
    if method == "GET" and path == "/-/ready":
        return 200, {"status": "ready"}
    if method == "GET" and path == "/metrics":
        return 200, f"# TYPE healproof_heartbeats_received_total counter\nhealproof_heartbeats_received_total {heartbeats}\n"
    try:
        message = json.loads(body)
        if method == "POST" and path == "/heartbeat":
            return _heartbeat(evidence, message)
        if method == "POST" and path.startswith("/alertmanager"):
            return _alertmanager(evidence, path, message)
        if method == "POST" and path == "/v2/enqueue":
            return _pagerduty(evidence, message)
    except (ValueError, KeyError, TypeError, AttributeError) as bad:
        evidence.say("pager-refused", path=path, because=f"{type(bad).__name__}: {bad}", body=body[:2000].decode("utf-8", "replace"))
        return 400, {"status": "invalid event", "message": "Event object is invalid", "errors": [str(bad)]}
    evidence.say("pager-refused", path=path, because=f"no such door: {method} {path}", body="")
    return 404, {"status": "not found"}


def _alertmanager(evidence, _path, message):
    if message["version"] != "4":
        raise ValueError(f"webhook version {message['version']!r}, not '4'")
    told = []
    for alert in message["alerts"]:
        labels = dict(alert["labels"])
        told.append({
            "name": labels.pop("alertname"),
            "state": {"firing": "firing", "resolved": "resolved"}[alert["status"]],
            "receiver": message["receiver"],
            "startsAt": alert["startsAt"],
            "startsAtMs": epoch_ms(alert["startsAt"]),
            "labels": labels,
            "annotations": alert["annotations"],
        })
    for one in told:
        evidence.say("alert", **one)
    return 200, {"status": "success"}


def _heartbeat(evidence, message):
    """Only a firing alert is a sign of life: a `resolved` one says that the heart has stopped."""
    global heartbeats
    if any(alert["status"] == "firing" for alert in message["alerts"]):
        heartbeats += 1
        evidence.say("heartbeat", count=heartbeats)
    return 200, {"status": "success"}


def _pagerduty(evidence, message):
    """Events v2: trigger needs a payload with summary, source and severity; acknowledge and resolve need a dedup_key."""
    action, key = message["event_action"], message.get("dedup_key")
    if action not in ("trigger", "acknowledge", "resolve"):
        raise ValueError(f"event_action {action!r} is none of trigger, acknowledge, resolve")
    if not message["routing_key"]:
        raise ValueError("routing_key is empty")
    payload = message.get("payload", {})
    if action == "trigger":
        payload = {name: payload[name] for name in ("summary", "source", "severity")} | payload
    elif not key:
        raise ValueError(f"dedup_key is missing for {action}")
    evidence.say("page", action=action, dedupKey=key, routingKey=message["routing_key"], payload=payload)
    return 202, {"status": "success", "message": "Event processed", "dedup_key": key or "unnamed"}
