/** Processes that die, hang or are stopped, and networks that are cut. */
import type { FaultName, NodeName } from '../../harness/index.ts';
import {
  awaitBricks,
  awaitThat,
  BRICK,
  connection,
  crawl,
  line,
  proof,
  SELF_HEAL,
  startForce,
} from './mechanism.ts';
import type { Line, Mechanism, Place } from './mechanism.ts';

const DROP_IN = '/run/systemd/system/glusterd.service.d/healproof-fault.conf';

/** Debian's unit kills the bricks with glusterd; here only glusterd goes, as with upstream's unit. */
export const stopGlusterdOnly = `mkdir -p ${DROP_IN.slice(0, DROP_IN.lastIndexOf('/'))} && printf '[Service]\\nKillMode=process\\n' >${DROP_IN} && systemctl daemon-reload && systemctl stop glusterd`;
export const startGlusterd = `rm -f ${DROP_IN}; systemctl daemon-reload; systemctl start glusterd`;

const ownStorage = `$(ip -o -4 addr show | awk -v ip="$HP_STORAGE_IP" '{ split($4, a, "/"); if (a[1] == ip) print $2 }')`;
const TABLE = 'inet healproof_fault';
const dropTable = `nft delete table ${TABLE} 2>/dev/null || true`;

/** The process that serves the mount of its node. */
const mountClient = ({ mount }: Place): string => `pgrep -f '[p]rocess-name fuse .*${mount}' | head -1`;

/** Takes the bricks of these nodes away from the client of the node that is hit, by their ports. Ended by `reconnect`. */
export const cutClientOff = (place: Place, holders: readonly NodeName[]): Line =>
  line(
    place.node,
    `nft add table ${TABLE} && nft "add chain ${TABLE} out { type filter hook output priority -300; }"; ` +
      `client=$(${mountClient(place)}); ` +
      `for ip in ${holders.map((holder) => place.ip('storage', holder)).join(' ')}; do ` +
      `port=$(ss -Htnp dst $ip | grep "pid=$client," | awk '{print $5}' | sed 's/.*://' | grep -vx 24007 | head -1); ` +
      `[ -n "$port" ] || { echo "the client has no connection to $ip to cut" >&2; exit 1; }; ` +
      `nft "add rule ${TABLE} out ip daddr $ip tcp dport $port counter reject with tcp reset" || exit 1; done; ` +
      // An idle client notices nothing before it sends something.
      `timeout 5 ls ${place.mount} >/dev/null; true`,
  );

export const reconnect = (place: Place, holders: readonly NodeName[]): readonly Line[] => [
  line(place.node, dropTable),
  ...awaitBricks(place, place.node, holders),
];

const peersOf = (place: Place, is: 'Connected' | 'Disconnected'): string =>
  `gluster --timeout=5 pool list | grep -E '^[0-9a-f-]+[[:space:]]+${place.node}[[:space:]]+${is}'`;

const intoStuck = ({ mount }: Place): string => `if=/dev/zero of=${mount}/.healproof-stuck bs=4k count=1`;

export const PROCESS_MECHANISMS = {
  'brick-killed': {
    begin: ({ node }) => [line(node, `kill -9 $(${BRICK})`)],
    proofs: (place) => [
      proof(place.witness, connection(place, place.node, 0), {
        what: 'connection to the brick lost',
        seenBy: `the client on ${place.witness}`,
      }),
    ],
    end: (place) => [startForce(place, place.node)],
  },
  'brick-stuck': {
    begin: (place) => [
      // Made before: a name that is made while a brick is stuck may stay in an index that nobody crawls any more (seen).
      line(place.witness, `timeout 40 dd ${intoStuck(place)} conv=fsync`, 45_000),
      line(place.node, `kill -STOP $(${BRICK})`),
    ],
    proofs: (place) => [
      proof(place.node, `grep '^State:[[:space:]]*T' /proc/$(${BRICK})/status`, {
        what: 'the brick process is stopped',
        seenBy: `the kernel’s process table on ${place.node}`,
      }),
      proof(
        place.witness,
        // Whoever waits for a brick can't be ended by a signal: the writer goes its own way, and is looked for.
        `rm -f /run/healproof/stuck; (setsid sh -c 'dd ${intoStuck(place)} conv=notrunc,fsync; : >/run/healproof/stuck' >/dev/null 2>&1 &) ; sleep 2; [ ! -e /run/healproof/stuck ]`,
        {
          what: 'a write does not come back within 2 s',
          seenBy: `a writer on ${place.witness}`,
        },
      ),
    ],
    end: (place) => [
      line(place.node, `kill -CONT $(${BRICK})`),
      line(place.witness, awaitThat(connection(place, place.node, 1), 30, 'the brick to be back'), 35_000),
      line(place.witness, `timeout 40 rm -f ${place.mount}/.healproof-stuck`, 45_000),
      // Seen: daemons that had given up the brick did not crawl by themselves when it went on.
      crawl(place),
    ],
  },
  'client-stuck': {
    begin: (place) => [line(place.node, `kill -STOP $(${mountClient(place)})`)],
    proofs: (place) => [
      proof(place.node, `grep '^State:[[:space:]]*T' /proc/$(${mountClient(place)})/status`, {
        what: 'the client of the mount is stopped',
        seenBy: `the kernel’s process table on ${place.node}`,
      }),
      proof(place.node, `! timeout -k 1 2 cat ${place.mount}/.meta/version >/dev/null 2>&1`, {
        what: 'a read does not come back within 2 s',
        seenBy: `a reader on ${place.node}`,
      }),
    ],
    end: (place) => [line(place.node, `kill -CONT $(${mountClient(place)})`)],
  },
  'storage-cut': {
    begin: ({ node }) => [
      line(
        node,
        `nft add table ${TABLE} && nft "add chain ${TABLE} in { type filter hook input priority -300; }; add chain ${TABLE} out { type filter hook output priority -300; }; ` +
          `add rule ${TABLE} in iifname ${ownStorage} counter drop; add rule ${TABLE} out oifname ${ownStorage} counter drop"`,
      ),
    ],
    proofs: (place) => [
      proof(place.witness, `! ping -c 1 -W 1 ${place.ip('storage', place.node)} >/dev/null`, {
        what: 'no answer on the storage network',
        seenBy: `a ping from ${place.witness}`,
      }),
      proof(place.witness, connection(place, place.node, 0), {
        what: 'connection to the brick lost',
        seenBy: `the client on ${place.witness}`,
        // The ping time-out of 20 s, and what was measured on top of it.
        withinMs: 60_000,
      }),
    ],
    end: (place) => [
      line(place.node, dropTable),
      // What was sent in vain is sent again after as long again: with a cut of two minutes peers meet up to a minute after its end, and
      // only then glusterd starts the brick that it had stopped for want of quorum. It may lose it as after a start of its own: clients have
      // it, and its row says N for ever (seen). The guard watches for half a minute after a start of glusterd, so it is called.
      line(place.witness, awaitThat(peersOf(place, 'Connected'), 120, 'the peer to be back'), 125_000),
      line(place.node, 'systemctl restart healproof-brick-guard'),
      line(place.witness, awaitThat(connection(place, place.node, 1), 120, 'the brick to be back'), 125_000),
    ],
  },
  'client-cut-off': {
    begin: (place) => [cutClientOff(place, [place.witness])],
    proofs: (place) => [
      proof(place.node, `nft list table ${TABLE} | grep -E 'packets [1-9]'`, {
        what: 'packets to the brick are turned away',
        seenBy: `the packet filter’s counter on ${place.node}`,
      }),
      proof(place.node, connection(place, place.witness, 0), {
        what: `the client has lost the brick of ${place.witness}`,
        seenBy: `the client’s own table on ${place.node}`,
        withinMs: 30_000,
      }),
    ],
    end: (place) => reconnect(place, [place.witness]),
  },
  'glusterd-stopped': {
    begin: ({ node }) => [line(node, stopGlusterdOnly)],
    proofs: (place) => [
      proof(place.witness, peersOf(place, 'Disconnected'), {
        what: 'disconnected in the pool',
        seenBy: `glusterd on ${place.witness}`,
      }),
      proof(place.witness, connection(place, place.node, 1), {
        what: 'the brick still serves',
        seenBy: `the client on ${place.witness}`,
      }),
    ],
    end: (place) => [
      line(place.node, startGlusterd, 30_000),
      line(place.witness, awaitThat(peersOf(place, 'Connected'), 20, 'the peer to be back'), 25_000),
    ],
  },
  'self-heal-killed': {
    begin: ({ node }) => [line(node, `kill -9 $(${SELF_HEAL})`)],
    proofs: (place) => [
      proof(
        place.witness,
        `gluster --mode=script --timeout=4 volume status ${place.volume} shd | grep -E 'Self-heal Daemon on ${place.node} .* N '`,
        { what: 'not online', seenBy: `volume status on ${place.witness}` },
      ),
    ],
    end: (place) => [startForce(place, place.node)],
  },
  'self-heal-stuck': {
    begin: ({ node }) => [line(node, `kill -STOP $(${SELF_HEAL})`)],
    proofs: ({ node }) => [
      proof(node, `grep '^State:[[:space:]]*T' /proc/$(${SELF_HEAL} | head -1)/status`, {
        what: 'the daemon is stopped',
        seenBy: `the kernel’s process table on ${node}`,
      }),
    ],
    end: ({ node }) => [line(node, `kill -CONT $(${SELF_HEAL})`)],
  },
} satisfies Partial<Record<FaultName, Mechanism>>;
