"""Prometheus, Alertmanager and the blackbox exporter in one container, kept small."""
import asyncio
import glob
import json
import os
import re
import sys
import urllib.error
import urllib.request
from datetime import datetime

FILLED = "/run/healproof/monitoring"
DATA = "/var/lib/healproof"
PROMETHEUS = "http://127.0.0.1:9090"

# One core each and a tight collector: a lab has few series, and all its machines share 1.5 GB.
SMALL = {"GOMAXPROCS": "1", "GOGC": "40"}


def filled(defaults):
    """Copies the folder with every ${HP_...} filled in; one that is not set anywhere ends the role with its file and name."""
    source = os.environ.get("HP_MONITORING", "/etc/healproof/monitoring")
    values = {**defaults, **{name: value for name, value in os.environ.items() if name.startswith("HP_")}}
    for path in glob.glob(f"{source}/**/*.yml", recursive=True):

        def value(match, path=path):
            if match[1] not in values:
                sys.exit(f"role-offsite: {path} needs {match[1]}, which is not set; give it with docker run -e")
            return values[match[1]]

        with open(path, encoding="utf-8") as file:
            text = re.sub(r"\$\{(HP_[A-Z_]+)\}", value, file.read())
        copy = os.path.join(FILLED, os.path.relpath(path, source))
        os.makedirs(os.path.dirname(copy), exist_ok=True)
        with open(copy, "w", encoding="utf-8") as file:
            file.write(text)
    return FILLED


def start(children, folder):
    os.makedirs(DATA, exist_ok=True)
    children.start(
        "blackbox",
        # The exporter leaves itself half a second of the scrape's time; of a lab's 1 s that is too much.
        ["prometheus-blackbox-exporter", f"--config.file={folder}/blackbox.yml", "--timeout-offset=0.1",
         "--web.listen-address=127.0.0.1:9115", "--log.level=warn"],
        SMALL,
    )
    children.start(
        "alertmanager",
        ["prometheus-alertmanager", f"--config.file={folder}/alertmanager.yml", f"--storage.path={DATA}/alertmanager",
         "--web.listen-address=127.0.0.1:9093", "--cluster.listen-address=", "--log.level=warn"],
        SMALL,
    )
    children.start(
        "prometheus",
        ["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={DATA}/prometheus",
         "--web.listen-address=127.0.0.1:9090", "--storage.tsdb.retention.time=2h",
         "--no-storage.tsdb.wal-compression", "--storage.tsdb.wal-segment-size=10MB",
         # A quick lab: targets are taken up at once instead of after 5 s, alerts are sent again soon if one was lost.
         "--scrape.discovery-reload-interval=100ms", "--rules.alert.resend-delay=5s", "--log.level=warn"],
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


async def follow_rules(evidence, every=0.5):
    """Notes each alert's way through pending, firing and inactive, so that the time a rule takes is told apart from delivery."""
    before = {}
    while True:
        answer = await asked("/api/v1/alerts")
        if answer is not None:
            now = {json.dumps(alert["labels"], sort_keys=True): alert for alert in answer["alerts"]}
            for key, alert in now.items():
                if key not in before or before[key]["state"] != alert["state"]:
                    _note(evidence, alert, alert["state"])
            for key, alert in before.items():
                if key not in now:
                    _note(evidence, alert, "inactive")
            before = now
        await asyncio.sleep(every)


def _note(evidence, alert, state):
    labels = dict(alert["labels"])
    evidence.say("rule", name=labels.pop("alertname"), state=state, activeAtMs=epoch_ms(alert["activeAt"]), labels=labels)


def epoch_ms(rfc3339):
    """Go prints nanoseconds, which Python's parser does not take: six digits are enough."""
    whole, fraction, zone = re.fullmatch(r"(.*?:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)", rfc3339).groups()
    stamp = f"{whole}.{(fraction or '0')[:6].ljust(6, '0')}{'+00:00' if zone == 'Z' else zone}"
    return round(datetime.fromisoformat(stamp).timestamp() * 1000)
