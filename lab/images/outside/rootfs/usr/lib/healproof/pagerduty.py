"""Incidents as PagerDuty's Events API v2 keeps them: trigger opens one or adds to an open one with the same key, acknowledge and resolve
find theirs by the key, and a trigger after a resolve opens another. Rules: developer.pagerduty.com/docs/send-alert-event."""

ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "error", "warning", "info")
LONGEST_KEY, LONGEST_SUMMARY = 255, 1024


class Invalid(Exception):
    """The event is answered with 400."""


def _valid(event):
    action, key, payload = event.get("event_action"), event.get("dedup_key"), event.get("payload")
    if not isinstance(event.get("routing_key"), str) or not event["routing_key"]:
        raise Invalid("'routing_key' is missing or blank")
    if action not in ACTIONS:
        raise Invalid(f"'event_action' is {action!r}, none of {', '.join(ACTIONS)}")
    if key is not None and (not isinstance(key, str) or len(key) > LONGEST_KEY):
        raise Invalid(f"'dedup_key' is no text of at most {LONGEST_KEY} characters")
    if action != "trigger":
        if not key:
            raise Invalid(f"'dedup_key' is missing for {action}")
        return
    if not isinstance(payload, dict):
        raise Invalid("'payload' is missing")
    for name in ("summary", "source"):
        if not isinstance(payload.get(name), str) or not payload[name]:
            raise Invalid(f"'payload.{name}' is missing or blank")
    if len(payload["summary"]) > LONGEST_SUMMARY:
        raise Invalid(f"'payload.summary' is longer than {LONGEST_SUMMARY} characters")
    if payload.get("severity") not in SEVERITIES:
        raise Invalid(f"'payload.severity' is {payload.get('severity')!r}, none of {', '.join(SEVERITIES)}")


class PagerDuty:
    def __init__(self):
        self.incidents = []

    def _open(self, routing_key, key):
        mine = [one for one in self.incidents if one["dedup_key"] == key and one["routing_key"] == routing_key]
        return mine[-1] if mine and mine[-1]["status"] != "resolved" else None

    def take(self, event):
        """(number of the incident or None, what the event did, its key). Raises Invalid."""
        _valid(event)
        action = event["event_action"]
        key = event.get("dedup_key") or f"generated-{len(self.incidents) + 1}"
        there = self._open(event["routing_key"], key)
        if action == "trigger" and there is None:
            there = {"number": len(self.incidents) + 1, "routing_key": event["routing_key"], "dedup_key": key, "status": "triggered",
                     "summary": event["payload"]["summary"], "severity": event["payload"]["severity"], "triggers": 1}
            self.incidents.append(there)
            return there["number"], "opened", key
        if there is None:
            # PagerDuty accepts it and drops it: there is nothing to acknowledge or resolve.
            return None, "ignored", key
        if action == "trigger":
            there["triggers"] += 1
            return there["number"], "repeated", key
        there["status"] = {"acknowledge": "acknowledged", "resolve": "resolved"}[action]
        return there["number"], there["status"], key
