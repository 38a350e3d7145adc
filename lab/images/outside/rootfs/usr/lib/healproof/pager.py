"""The pager: what the alerting chain hands over at its end. Speaks Alertmanager's webhook (version 4) and PagerDuty Events v2.

POST [/BY]/alertmanager[/<channel>]   one `alert` line per alert of the message; a Watchdog counts as a heartbeat instead
POST [/BY]/v2/enqueue                 one `page` line, and one `alert` line per alert that its details list; answered as PagerDuty answers
POST [/BY]/heartbeat                  one `heartbeat` line: the monitoring inside the site lives (its Watchdog's webhook)
GET  /incidents                       PagerDuty's incidents, as JSON
GET  /metrics                         healproof_heartbeats_received_total, for the offsite Prometheus
GET  /-/ready

BY says which Alertmanager speaks: inside or offsite. What is not understood is answered with 400 and noted as `pager-refused`: a chain that
ends in a refusal reached nobody.
"""
import asyncio
import json
import re

from monitoring import epoch_ms
from pagerduty import Invalid, PagerDuty

LONGEST = 4 * 1_048_576
REASONS = {200: "OK", 202: "Accepted", 400: "Bad Request", 404: "Not Found", 413: "Payload Too Large"}
OF_MESSAGE = {"version": str, "groupKey": str, "status": str, "receiver": str, "groupLabels": dict, "commonLabels": dict,
              "commonAnnotations": dict, "externalURL": str, "alerts": list}
OF_ALERT = {"status": str, "labels": dict, "annotations": dict, "startsAt": str, "endsAt": str, "generatorURL": str}


async def listen(evidence, host, port):
    """Answers an event that is set by the first heartbeat."""
    pager = Pager(evidence)

    async def serve(reader, writer):
        try:
            while await _one_request(pager, reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError, ValueError):
            pass
        finally:
            writer.transport.abort()

    await asyncio.start_server(serve, host, port)
    return pager.beating


async def _one_request(pager, reader, writer):
    # A connection may stay idle: whoever closes it under an Alertmanager that is about to use it again makes a delivery fail.
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    length = int(headers.get("content-length", "0"))
    if length > LONGEST:
        status, answer, kept = 413, {"status": "invalid event", "message": f"{length} bytes"}, False
    else:
        async with asyncio.timeout(10):
            body = await reader.readexactly(length)
        status, answer = pager.taken(method, path, body)
        kept = headers.get("connection", "").lower() != "close"
    plain = isinstance(answer, str)
    told = (answer if plain else json.dumps(answer)).encode()
    kind = "text/plain; version=0.0.4" if plain else "application/json"
    first = f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Type: {kind}\r\nContent-Length: {len(told)}\r\n\r\n"
    writer.write(first.encode() + told)
    await writer.drain()
    return kept


# What kube-prometheus and most others call the alert that always fires.
HEARTBEATS = ("Watchdog", "DeadMansSwitch")


class Pager:
    def __init__(self, evidence):
        self._evidence, self._heartbeats, self._duty = evidence, 0, PagerDuty()
        self.beating = asyncio.Event()

    def taken(self, method, path, body):
        """(status, answer) for one message; writes its evidence."""
        by, door = re.fullmatch(r"(?:/(inside|offsite))?(/.*)", path).groups()
        if method == "GET":
            return self._shown(path)
        take = {"alertmanager": self._alertmanager, "heartbeat": self._heartbeat, "v2": self._pagerduty}.get(door.split("/")[1])
        if take is None or method != "POST":
            self._evidence.say("pager-refused", path=path, because=f"no such door: {method} {path}", body="")
            return 404, {"status": "not found"}
        try:
            return take(by or "unnamed", json.loads(body), door)
        except (Invalid, ValueError, KeyError, TypeError, AttributeError) as bad:
            because = f"{type(bad).__name__}: {bad}"
            self._evidence.say("pager-refused", path=path, because=because, body=body[:2000].decode("utf-8", "replace"))
            return 400, {"status": "invalid event", "message": "Event object is invalid", "errors": [str(bad)]}

    def _shown(self, path):
        if path == "/metrics":
            return 200, f"# TYPE healproof_heartbeats_received_total counter\nhealproof_heartbeats_received_total {self._heartbeats}\n"
        if path == "/incidents":
            return 200, {"incidents": self._duty.incidents}
        return (200, {"status": "ready"}) if path == "/-/ready" else (404, {"status": "not found"})

    def _alertmanager(self, by, message, door):
        _has(message, OF_MESSAGE, "the message")
        if message["version"] != "4":
            raise ValueError(f"webhook version {message['version']!r}, not '4'")
        for alert in message["alerts"]:
            _has(alert, OF_ALERT, "an alert")
        beats = [alert for alert in message["alerts"] if alert["labels"].get("alertname") in HEARTBEATS]
        if beats:
            self._heartbeat(by, {"alerts": beats}, door)
        # Who groups by nothing has the heartbeat in one message with all the rest.
        channel = (door.split("/") + ["", ""])[2] or "webhook"
        tell(self._evidence, by, channel, message["receiver"], [alert for alert in message["alerts"] if alert not in beats])
        return 200, {"status": "success"}

    def _heartbeat(self, by, message, _door):
        """Only a firing alert is a sign of life: a `resolved` one says that the heart has stopped. And only one from inside: that is the
        heart that is listened for out here."""
        if by != "offsite" and any(alert["status"] == "firing" for alert in message["alerts"]):
            self._heartbeats += 1
            self.beating.set()
            self._evidence.say("heartbeat", by=by, count=self._heartbeats)
        return 200, {"status": "success"}

    def _pagerduty(self, by, message, _door):
        incident, effect, key = self._duty.take(message)
        payload = message.get("payload", {})
        self._evidence.say("page", by=by, action=message["event_action"], effect=effect, incident=incident, dedupKey=key, payload=payload)
        details = payload.get("custom_details")
        tell(self._evidence, by, "pagerduty", "pager", listed(details.get("healproof", "") if isinstance(details, dict) else ""))
        return 202, {"status": "success", "message": "Event processed", "dedup_key": key}


def _has(thing, fields, what):
    for name, kind in fields.items():
        if not isinstance(thing[name], kind):
            raise ValueError(f"{name} of {what} is {type(thing[name]).__name__}, not {kind.__name__}")


def listed(text):
    """Alerts out of a channel that carries text: one JSON object per line, among lines that are none."""
    found = []
    for line in text.splitlines():
        if line.startswith('{"status":'):
            found.append(json.loads(line))
    return found


def tell(evidence, by, channel, receiver, alerts):
    """One line per alert; all of them are understood before the first is told."""
    lines = []
    for alert in alerts:
        labels = dict(alert["labels"])
        lines.append({
            "name": labels.pop("alertname"),
            "state": {"firing": "firing", "resolved": "resolved"}[alert["status"]],
            "by": by,
            "channel": channel,
            "receiver": alert.get("receiver", receiver),
            "startsAt": alert["startsAt"],
            "startsAtMs": epoch_ms(alert["startsAt"]),
            "labels": labels,
            "annotations": alert.get("annotations", {}),
        })
    for line in lines:
        evidence.say("alert", **line)
