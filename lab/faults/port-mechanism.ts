/** A brick that runs and that its glusterd does not know of: GlusterFS's own race, run until it is lost. */
import type { FaultName } from '../../harness/index.ts';
import { awaitThat, BRICK, connection, line, proof, startForce } from './mechanism.ts';
import type { Mechanism, Place } from './mechanism.ts';

/** How often the race is lost follows from timing: after 26 of 45 starts on one machine, after none of 15 on another one that was idle. */
const TRIES = 40;
/** Every other start happens on a node that is busy, so that the tries differ in timing. */
const BUSY = `[ $((i % 2)) = 1 ] || for n in 1 2; do timeout 4 sh -c 'while :; do :; done' & done; `;
/** Once glusterd has met its peers again it has started its bricks; what it has forgotten twice so long after that it does not remember by itself. */
const SETTLED_SECONDS = 4;
const MEETS_SECONDS = 20;

const FOLDER = '/run/healproof/forgotten';

/** Ends with 0 when a process serves the brick and glusterd has no port for it. */
const forgotten = ({ node, brick }: Place): string =>
  `${BRICK} >/dev/null && gluster --mode=script --timeout=10 get-state glusterd odir ${FOLDER} file state >/dev/null 2>&1 && ` +
  `n=$(sed -n 's#^\\(Volume[0-9]*[.]Brick[0-9]*\\)[.]path: ${node}:${brick}$#\\1#p' ${FOLDER}/state) && [ -n "$n" ] && ` +
  `{ grep -qx "$n[.]port: 0" ${FOLDER}/state || ! grep -qx "$n[.]status: Started" ${FOLDER}/state; }`;

const allMet = ({ spec }: Place): string =>
  `[ "$(gluster --mode=script pool list 2>/dev/null | grep -c Connected)" = ${spec.nodes.length} ]`;

export const PORT_MECHANISM = {
  'brick-forgotten': {
    begin: (place) => [
      line(
        place.node,
        `mkdir -p ${FOLDER}; for i in $(seq ${TRIES}); do ${BUSY}systemctl reset-failed glusterd; systemctl restart glusterd; ` +
          `( ${awaitThat(allMet(place), MEETS_SECONDS, 'glusterd to meet its peers')} ); ` +
          `sleep ${SETTLED_SECONDS}; { ${forgotten(place)}; } && sleep ${SETTLED_SECONDS} && { ${forgotten(place)}; } && exit 0; ` +
          `done; echo "glusterd remembered its brick ${TRIES} times" >&2; exit 1`,
        TRIES * (MEETS_SECONDS + 3 * SETTLED_SECONDS) * 1000,
      ),
    ],
    proofs: (place) => [
      proof(place.witness, connection(place, place.node, 0), {
        what: 'connection to the brick lost',
        seenBy: `the client on ${place.witness}`,
      }),
      proof(place.node, `ss -Hltnp | grep "pid=$(${BRICK} | head -1),"`, {
        what: 'the brick runs and listens',
        seenBy: `the kernel’s table of sockets on ${place.node}`,
      }),
    ],
    end: (place) => [
      startForce(place, place.node),
      // Where a third start has found the brick running, glusterd takes it for started, and force mends nothing until its process has ended.
      line(
        place.node,
        `sleep ${SETTLED_SECONDS}; if { ${forgotten(place)}; }; then pkill -x glusterfsd; ` +
          `( ${awaitThat(`! ${BRICK} >/dev/null`, 5, 'the end of the brick’s process')} ) && ${startForce(place, place.node).sh}; fi`,
        60_000,
      ),
      line(place.witness, awaitThat(connection(place, place.node, 1), 30, 'the brick to be back'), 35_000),
    ],
  },
} satisfies Partial<Record<FaultName, Mechanism>>;
