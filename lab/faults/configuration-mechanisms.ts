/** Options that are set and records that differ. */
import type { FaultName } from '../../harness/index.ts';
import { awaitBricks, awaitThat, BRICK, line, proof, startForce } from './mechanism.ts';
import type { Mechanism, Place } from './mechanism.ts';
import { startGlusterd, stopGlusterdOnly } from './process-mechanisms.ts';

const set = ({ witness, volume }: Place, words: string) =>
  line(witness, `gluster --mode=script --timeout=20 volume set ${volume} ${words}`, 25_000);
const reset = ({ witness, volume }: Place, option: string) =>
  line(witness, `gluster --mode=script --timeout=20 volume reset ${volume} ${option} force`, 25_000);
const shows = ({ volume }: Place, option: string): string =>
  `gluster --mode=script volume info ${volume} | grep '^${option}'`;

const OTHER = 'other';
/** Off the volume and its bricks, on what all nodes share. */
const OTHER_BRICK = '/mnt/backup/other-volume';
const PROGRAM = 'readlink -f "$(command -v glusterfsd)"';

const KEPT = '/var/lib/healproof/fault-info';

export const CONFIGURATION_MECHANISMS = {
  'self-heal-disabled': {
    begin: (place) => [set(place, 'cluster.self-heal-daemon off')],
    proofs: (place) => [
      proof(place.node, shows(place, 'cluster.self-heal-daemon: off'), {
        what: 'switched off',
        seenBy: `volume info of another node than the one that set it`,
      }),
      proof(
        place.node,
        `gluster --mode=script --timeout=4 volume heal ${place.volume} statistics heal-count 2>&1 | grep 'Self-heal-daemon is disabled'`,
        { what: 'the daemons are refused', seenBy: `glusterd on ${place.node}` },
      ),
    ],
    end: (place) => [reset(place, 'cluster.self-heal-daemon')],
  },
  'quorum-switched-off': {
    begin: (place) => [set(place, 'cluster.quorum-type none')],
    proofs: (place) => [
      proof(
        place.node,
        `grep -h 'quorum-type' ${place.mount}/.meta/graphs/active/${place.volume}-replicate-0/private | grep none`,
        { what: 'no quorum is used', seenBy: `the running client, asked on its own node` },
      ),
    ],
    end: (place) => [set(place, 'cluster.quorum-type auto')],
  },
  'favorite-child': {
    begin: (place) => [set(place, 'cluster.favorite-child-policy mtime')],
    proofs: (place) => [
      proof(place.node, shows(place, 'cluster.favorite-child-policy: mtime'), {
        what: 'policy mtime',
        seenBy: `volume info of another node than the one that set it`,
      }),
    ],
    end: (place) => [reset(place, 'cluster.favorite-child-policy')],
  },
  'other-volume': {
    begin: ({ node }) => [
      line(
        node,
        `gluster --mode=script --timeout=20 volume create ${OTHER} ${node}:${OTHER_BRICK} force && gluster --mode=script --timeout=20 volume start ${OTHER}`,
        45_000,
      ),
    ],
    proofs: ({ witness }) => [
      proof(witness, `gluster --mode=script --timeout=5 volume info ${OTHER} | grep '^Status: Started'`, {
        what: 'Status: Started',
        seenBy: `glusterd on ${witness}`,
      }),
    ],
    end: ({ node }) => [
      line(
        node,
        `if gluster --mode=script --timeout=5 volume info ${OTHER} >/dev/null 2>&1; then gluster --mode=script --timeout=20 volume stop ${OTHER} force; ` +
          `gluster --mode=script --timeout=20 volume delete ${OTHER} || exit 1; fi; rm -rf ${OTHER_BRICK}`,
        60_000,
      ),
    ],
  },
  'brick-outdated': {
    begin: ({ node }) => [line(node, `p=$(${PROGRAM}) && cp -p "$p" "$p.new" && mv "$p.new" "$p"`)],
    proofs: ({ node }) => [
      proof(node, `readlink /proc/$(${BRICK})/exe | grep ' (deleted)$'`, {
        what: 'the program of the brick’s process is deleted',
        seenBy: `the kernel of ${node}`,
      }),
    ],
    end: (place) => [
      line(
        place.node,
        `if readlink /proc/$(${BRICK})/exe | grep -q ' (deleted)$'; then kill $(${BRICK}); ${awaitThat(`! ${BRICK}`, 10, 'the brick to end')}; fi`,
        15_000,
      ),
      startForce(place, place.node),
      ...place.spec.nodes.flatMap((node) => awaitBricks(place, node, [place.node])),
    ],
  },
  'peer-rejected': {
    begin: ({ node, volume }) => [
      line(
        node,
        `${stopGlusterdOnly} && mkdir -p ${KEPT} && cp -p /var/lib/glusterd/vols/${volume}/info /var/lib/glusterd/vols/${volume}/cksum ${KEPT} && ` +
          `echo 'diagnostics.brick-log-level=INFO' >>/var/lib/glusterd/vols/${volume}/info && systemctl start glusterd`,
        30_000,
      ),
    ],
    proofs: ({ witness, node }) => [
      proof(
        witness,
        `gluster --timeout=5 peer status | grep -A2 'Hostname: ${node}$' | grep 'Peer Rejected'`,
        {
          what: 'Peer Rejected',
          seenBy: `glusterd on ${witness}`,
        },
      ),
    ],
    end: ({ node, witness, volume }) => [
      line(
        node,
        `if [ -e ${KEPT}/info ]; then ${stopGlusterdOnly}; cp -p ${KEPT}/* /var/lib/glusterd/vols/${volume}/ && rm -rf ${KEPT}; fi; ${startGlusterd}`,
        40_000,
      ),
      line(
        witness,
        awaitThat(
          `gluster --timeout=5 peer status | grep -A2 'Hostname: ${node}$' | grep -q 'Peer in Cluster (Connected)'`,
          20,
          'the peer to be in the cluster again',
        ),
        25_000,
      ),
    ],
  },
} satisfies Partial<Record<FaultName, Mechanism>>;
