"""Prometheus, Alertmanager and the blackbox exporter in one container, kept small.

The folder (HP_MONITORING, default /etc/healproof/monitoring) holds prometheus.yml with its rules/, alertmanager.yml and blackbox.yml, ready to
be used: addresses filled in and durations scaled by whoever made the container.
"""
import asyncio
import contextlib
import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime

FOLDER = os.environ.get("HP_MONITORING", "/etc/healproof/monitoring")
DATA = "/var/lib/healproof"
PROMETHEUS, ALERTMANAGER, BLACKBOX = "http://127.0.0.1:9090", "http://127.0.0.1:9093", "http://127.0.0.1:9115"

# One core each and a tight collector: a lab has few series, and all its machines share 1.5 GB.
SMALL = {"GOMAXPROCS": "1", "GOGC": "40"}


async def answers(host):
    """Until the host answers a ping. By the blackbox exporter: this process reaps every child there is, so it can't learn how a ping ended."""

    def ask():
        with urllib.request.urlopen(f"{BLACKBOX}/probe?module=icmp&target={host}", timeout=5) as answer:
            return re.search(r"^probe_success 1$", answer.read().decode(), re.M) is not None

    while True:
        try:
            if await asyncio.to_thread(ask):
                return
        except (OSError, ValueError):
            pass
        await asyncio.sleep(0.1)


def start(children):
    """Starts without Alertmanager: a site that is being set up is no site that fails. `release` starts it."""
    os.makedirs(DATA, exist_ok=True)
    children.start(
        "blackbox",
        # The exporter leaves itself half a second of the scrape's time; of a lab's 1 s that is too much.
        ["prometheus-blackbox-exporter", f"--config.file={FOLDER}/blackbox.yml", "--timeout-offset=0.1",
         "--web.listen-address=127.0.0.1:9115", "--log.level=warn"],
        SMALL,
    )
    children.start(
        "prometheus",
        ["prometheus", f"--config.file={FOLDER}/prometheus.yml", f"--storage.tsdb.path={DATA}/prometheus",
         "--web.listen-address=127.0.0.1:9090", "--storage.tsdb.retention.time=2h",
         "--web.enable-admin-api", "--no-storage.tsdb.wal-compression", "--storage.tsdb.wal-segment-size=10MB",
         # A quick lab: targets are taken up at once instead of after 5 s, alerts are sent again soon if one was lost.
         "--scrape.discovery-reload-interval=100ms", "--rules.alert.resend-delay=1s", "--log.level=warn"],
        {**SMALL, "GOMEMLIMIT": "64MiB"},
    )


async def asked(path):
    """The `data` of Prometheus's answer, or None while it does not answer."""

    def ask():
        with urllib.request.urlopen(PROMETHEUS + path, timeout=2) as answer:
            return json.load(answer)["data"]

    try:
        return await asyncio.to_thread(ask)
    except (OSError, ValueError, urllib.error.URLError):
        return None


async def scraped_once():
    """Until each target has been scraped and Prometheus knows its Alertmanager: from then on an outage is seen.

    Takes 5 to 6 s, nearly all of it Prometheus's own: its discovery manager hands over the first targets at a 5 s beat.
    """
    while True:
        up = await asked("/api/v1/targets?state=active")
        managers = await asked("/api/v1/alertmanagers")
        targets = up["activeTargets"] if up else []
        if targets and all(one["health"] == "up" for one in targets) and managers and managers["activeAlertmanagers"]:
            return
        await asyncio.sleep(0.1)


async def release(children):
    """From here on alerts go out. By now every target has been scraped, so this takes a second or two.

    What was scraped until now is forgotten first: to rules that look back, a node that was still booting would be a node that went away.
    Nothing is reloaded: after a reload Prometheus knows no Alertmanager before the next 5 s beat of its discovery manager.
    """

    def forget():
        what = urllib.parse.urlencode({"match[]": '{__name__=~".+"}'})
        with urllib.request.urlopen(urllib.request.Request(f"{PROMETHEUS}/api/v1/admin/tsdb/delete_series?{what}", method="POST"), timeout=10):
            pass

    await asyncio.to_thread(forget)
    await _evaluated(time.time() * 1000)
    children.start(
        "alertmanager",
        ["prometheus-alertmanager", f"--config.file={FOLDER}/alertmanager.yml", f"--storage.path={DATA}/alertmanager",
         "--web.listen-address=127.0.0.1:9093", "--cluster.listen-address=", "--log.level=warn"],
        SMALL,
    )
    while True:
        try:
            with urllib.request.urlopen(f"{ALERTMANAGER}/-/ready", timeout=2):
                return
        except (OSError, ValueError):
            await asyncio.sleep(0.05)


async def _evaluated(since_ms):
    """Until every group of rules was evaluated after that, or for 5 s: a group of the operator's own may be slow."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            while True:
                rules = await asked("/api/v1/rules")
                if rules is not None and all(epoch_ms(group["lastEvaluation"]) > since_ms for group in rules["groups"]):
                    return
                await asyncio.sleep(0.1)


async def follow_rules(evidence, by, every=0.5):
    """Notes each alert's way through pending, firing and inactive, so that the time a rule takes is told apart from delivery."""
    before = {}
    while True:
        answer = await asked("/api/v1/alerts")
        if answer is not None:
            now = {json.dumps(alert["labels"], sort_keys=True): alert for alert in answer["alerts"]}
            for key, alert in now.items():
                if key not in before or before[key]["state"] != alert["state"]:
                    _note(evidence, by, alert, alert["state"])
            for key, alert in before.items():
                if key not in now:
                    _note(evidence, by, alert, "inactive")
            before = now
        await asyncio.sleep(every)


def _note(evidence, by, alert, state):
    labels = dict(alert["labels"])
    evidence.say("rule", by=by, name=labels.pop("alertname"), state=state, activeAtMs=epoch_ms(alert["activeAt"]), labels=labels)


COUNTED = re.compile(r'^alertmanager_(notification_requests_failed|notifications_failed)_total\{integration="(\w+)"[^}]*\} (\S+)$', re.M)


async def follow_failures(evidence, by, every=0.5):
    """Notes each time that Alertmanager could not hand something over: `tries` that failed so far, and messages it has `givenUp`."""

    def ask():
        with urllib.request.urlopen(f"{ALERTMANAGER}/metrics", timeout=2) as answer:
            return answer.read().decode()

    told = {}
    while True:
        try:
            counts = {}
            for what, integration, number in COUNTED.findall(await asyncio.to_thread(ask)):
                which = "tries" if what == "notification_requests_failed" else "givenUp"
                one = counts.setdefault(integration, {"tries": 0, "givenUp": 0})
                one[which] += int(float(number))
            for integration, count in counts.items():
                if count != told.get(integration, {"tries": 0, "givenUp": 0}):
                    told[integration] = count
                    evidence.say("undelivered", by=by, integration=integration, **count)
        except (OSError, ValueError, urllib.error.URLError):
            pass
        await asyncio.sleep(every)


def epoch_ms(rfc3339):
    """Go prints nanoseconds, which Python's parser does not take: six digits are enough."""
    whole, fraction, zone = re.fullmatch(r"(.*?:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", rfc3339).groups()
    stamp = f"{whole}.{(fraction or '0')[:6].ljust(6, '0')}{'+00:00' if zone == 'Z' else zone}"
    return round(datetime.fromisoformat(stamp).timestamp() * 1000)
