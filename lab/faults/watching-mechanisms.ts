/** What goes wrong with those who watch: on the machine inside and the one offsite, not on nodes. */
import type { FaultName } from '../../harness/index.ts';
import { NODE_EXPORTER_PORT, PAGER_PORTS } from '../monitoring/plan.ts';
import { NODE_AT, PRODUCT_AT } from '../product/index.ts';
import { line, proof, WATCHERS } from './mechanism.ts';
import type { Line, Mechanism, Place, Proof } from './mechanism.ts';

const ALERTMANAGER = 'http://127.0.0.1:9093';
const AMTOOL = `amtool --alertmanager.url=${ALERTMANAGER}`;
const ALERTMANAGER_PROCESS = 'prometheus-alertmanager --config';
const PROMETHEUS_PROCESS = 'prometheus --config';
const PROBER_PROCESS = 'prometheus-blackbox-exporter';
const PROBER = 'http://127.0.0.1:9115';
const SITE_EXPORTER = `${NODE_AT}/node ${PRODUCT_AT}`;
const UP_SITE_EXPORTER = `http://127.0.0.1:9090/api/v1/query --data-urlencode 'query=up{job="healproof"}'`;

const everywhere = (sh: string): readonly Line[] => Object.values(WATCHERS).map((on) => line(on, sh));
const provenEverywhere = (sh: string, what: string, seenBy: string): readonly [Proof, Proof] => [
  proof(WATCHERS.inside, sh, { what, seenBy: `${seenBy} inside` }),
  proof(WATCHERS.offsite, sh, { what, seenBy: `${seenBy} offsite` }),
];
const signalled = (signal: 'STOP' | 'CONT', ...processes: readonly string[]): string =>
  processes.map((process) => `pkill -${signal} -f '^${process}'`).join(' && ');
const HEARTBEATS = `curl -s -m 2 http://127.0.0.1:${PAGER_PORTS.http}/metrics | tail -n 1`;
/** When a node's textfile was written, as its node exporter tells: once a second in a lab. */
const writtenAt = (place: Place): string =>
  `curl -s -m 2 http://${place.ip('lan', place.node)}:${NODE_EXPORTER_PORT}/metrics | grep '^node_textfile_mtime_seconds.*/healproof.prom'`;
/** Says something, and the same again after so many seconds. */
const standsStill = (says: string, seconds: number): string =>
  `a=$(${says}); sleep ${seconds}; b=$(${says}); [ -n "$a" ] && [ "$a" = "$b" ] && echo "$b"`;
/** More than two heartbeats of a lab. */
const NO_HEARTBEAT = standsStill(HEARTBEATS, 3.5);

export const WATCHING_MECHANISMS = {
  'silence-left-on': {
    begin: () =>
      everywhere(
        `${AMTOOL} silence add 'alertname=~.+' --duration=24h --author=operator --comment=maintenance`,
      ),
    proofs: () =>
      provenEverywhere(
        `${AMTOOL} silence query -q | grep .`,
        'a silence for everything is active',
        'the Alertmanager',
      ),
    end: () => everywhere(`${AMTOOL} silence query -q | xargs -r ${AMTOOL} silence expire`),
  },
  'alertmanager-down': {
    begin: () => everywhere(signalled('STOP', ALERTMANAGER_PROCESS)),
    proofs: () =>
      provenEverywhere(`! curl -s -m 1 ${ALERTMANAGER}/-/ready`, 'no answer', 'a request on the machine'),
    end: () => everywhere(signalled('CONT', ALERTMANAGER_PROCESS)),
  },
  'exporter-gone': {
    begin: ({ node }) => [line(node, 'systemctl stop prometheus-node-exporter')],
    proofs: (place) => [
      proof(
        place.witness,
        `! timeout 2 bash -c '</dev/tcp/${place.ip('lan', place.node)}/${NODE_EXPORTER_PORT}'`,
        { what: 'nobody listens at the exporter’s port', seenBy: `a connection from ${place.witness}` },
      ),
    ],
    end: ({ node }) => [line(node, 'systemctl start prometheus-node-exporter')],
  },
  'site-exporter-stuck': {
    begin: () => [line(WATCHERS.inside, signalled('STOP', SITE_EXPORTER))],
    proofs: () => [
      proof(WATCHERS.inside, `curl -sG -m 2 ${UP_SITE_EXPORTER} | grep -F ',"0"]'`, {
        what: 'it answers no scrape',
        seenBy: 'Prometheus inside',
      }),
    ],
    // Where none was running there is none to wake.
    end: () => [line(WATCHERS.inside, `${signalled('CONT', SITE_EXPORTER)} || true`)],
  },
  'textfile-stale': {
    begin: ({ node }) => [line(node, 'systemctl kill --signal=STOP healproof-gluster-watch')],
    proofs: (place) => [
      proof(place.witness, standsStill(writtenAt(place), 3), {
        what: 'its textfile is not written any more',
        seenBy: `two requests from ${place.witness}`,
      }),
    ],
    end: ({ node }) => [line(node, 'systemctl kill --signal=CONT healproof-gluster-watch')],
  },
  'probers-gone': {
    begin: () => everywhere(signalled('STOP', PROBER_PROCESS)),
    proofs: () =>
      provenEverywhere(`! curl -s -m 1 ${PROBER}/metrics`, 'no answer', 'a request on the machine'),
    end: () => everywhere(signalled('CONT', PROBER_PROCESS)),
  },
  'inside-monitoring-dead': {
    begin: () => [line(WATCHERS.inside, signalled('STOP', ALERTMANAGER_PROCESS, PROMETHEUS_PROCESS))],
    proofs: () => [
      proof(WATCHERS.offsite, NO_HEARTBEAT, {
        what: 'no more heartbeats arrive',
        seenBy: 'the offsite pager',
        withinMs: 20_000,
      }),
    ],
    end: () => [line(WATCHERS.inside, signalled('CONT', ALERTMANAGER_PROCESS, PROMETHEUS_PROCESS))],
  },
} satisfies Partial<Record<FaultName, Mechanism>>;
