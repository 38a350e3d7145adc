/** Planted bugs that break nothing and take the proof away: what was not looked at must never pass. */
import {
  adding,
  changing,
  NIGHT_EPOCH_MS,
  turnOf,
  withFile,
  withoutBrick,
  without,
  words,
} from '../../../harness/index.ts';
import type { Drafts, FileOnBrick } from '../../../harness/index.ts';
import { blameEachOther, BRICKS, ENDS, IMAGE, inLook, NODES, ROUTERS } from './tooth.ts';
import type { Tooth } from './tooth.ts';

const [pve1, , pve3] = BRICKS;
const isLastLook = ({ body }: Drafts[number]): boolean =>
  body.kind === 'observed' && body.snapshot.label === 'end';

const NO_LAST_LOOK: readonly Tooth[] = [
  ['no-lost-write', /nobody read the router disks after settling/],
  ['no-split-brain', /nobody looked at the bricks after settling/],
  ['replicas-agree', /nobody looked at the bricks after settling/],
  ['heal-converges', /nobody looked at the bricks after settling/],
  ['customer-files-intact', /nobody looked at the customer files after settling/],
  ['witnesses-agree', /nobody asked both witnesses after settling/],
].map(([oracle, says]) => ({
  oracle: oracle as string,
  bug: 'nobody looks after settling',
  plant: (night) => without(night, isLastLook),
  answers: 'unknown',
  says: says as RegExp,
}));

const BRICK_NOT_SEEN: readonly Tooth[] = [
  ['no-lost-write', /was not read on every data brick after settling/],
  ['replicas-agree', /the last look did not see pve3/],
  ['heal-converges', /the last look did not see pve3/],
  ['witnesses-agree', /the last look did not see pve3/],
].map(([oracle, says]) => ({
  oracle: oracle as string,
  bug: 'one brick is left out of the last look',
  plant: (night) =>
    inLook(night, 'end', (snapshot) => ({
      ...withoutBrick(snapshot, pve3),
      disks: snapshot.disks.filter(({ via }) => !('brick' in via) || via.brick !== pve3),
    })),
  answers: 'unknown',
  says: says as RegExp,
}));

/** Changed after reading began, a tenth of a second before the look was over. */
const justNow = (file: FileOnBrick): FileOnBrick => ({
  ...file,
  ctimeMs: NIGHT_EPOCH_MS + ENDS.observed - 100,
});

/** The bricks of the last look were read so slowly that much could happen in between. */
const slowly = (drafts: Drafts): Drafts =>
  inLook(drafts, 'end', (snapshot) => ({
    ...snapshot,
    bricks: snapshot.bricks.map((facts) => (facts.seen ? { ...facts, atMs: ENDS.observed - 8000 } : facts)),
  }));

const DATA: readonly Tooth[] = [
  {
    oracle: 'no-split-brain',
    bug: 'copies that conflict only because they were read far apart',
    plant: (night) =>
      slowly(
        inLook(night, 'end', (snapshot) =>
          withFile(blameEachOther(snapshot, words(1)), pve1, IMAGE, justNow),
        ),
      ),
    answers: 'unknown',
    says: /the bricks were read too far apart to be sure/,
  },
  {
    oracle: 'replicas-agree',
    bug: 'a file is written while it is read',
    plant: (night) =>
      inLook(night, 'end', (snapshot) =>
        withFile(snapshot, pve3, IMAGE, (file) => ({ ...justNow(file), sha256: 'b'.repeat(64) })),
      ),
    answers: 'unknown',
    says: /was being written while the bricks were read/,
  },
  {
    oracle: 'heal-converges',
    bug: 'nobody counts the backlog',
    plant: (night) => without(night, ({ body }) => body.kind === 'backlog'),
    answers: 'unknown',
    says: /nobody ever counted the backlog/,
  },
  {
    oracle: 'heal-converges',
    bug: 'the index can not be read at the end',
    plant: (night) =>
      inLook(night, 'end', (snapshot) => ({
        ...snapshot,
        bricks: snapshot.bricks.map((facts) =>
          facts.seen ? { ...facts, index: { seen: false, because: 'no such folder' } } : facts,
        ),
      })),
    answers: 'unknown',
    says: /the index of pve1:\S+ was not read at the end: no such folder/,
  },
  {
    oracle: 'customer-files-intact',
    bug: 'the customer files are not read at the end',
    plant: (night) =>
      inLook(night, 'end', (snapshot) => ({
        ...snapshot,
        customerFiles: { seen: false, because: 'the mount hangs' },
      })),
    answers: 'unknown',
    says: /were not read after settling: the mount hangs/,
  },
  {
    oracle: 'customer-files-intact',
    bug: 'a site without customers',
    plant: (night) =>
      changing(night, 'run-began', (body) => ({
        ...body,
        spec: { ...body.spec, customerFiles: { count: 0, kib: 0 } },
      })),
    answers: 'unknown',
    says: /the site has no customer files/,
  },
  {
    oracle: 'no-lost-write',
    bug: 'an acknowledgement comes thousands too late',
    night: { writeEveryMs: 5 },
    plant: (night) =>
      adding(
        without(
          night,
          ({ body }) =>
            body.kind === 'write-acknowledged' && body.router === ROUTERS[0] && body.record === 100,
        ),
        [
          [
            35_000,
            { kind: 'write-acknowledged', router: ROUTERS[0], record: 100, guestMs: NIGHT_EPOCH_MS + 895 },
          ],
        ],
      ),
    answers: 'unknown',
    says: /1 acknowledgement of router-a came too late/,
  },
];

/** Every n-th probe of a prober is left. */
const sparse = (drafts: Drafts, by: string, everyMs: number, failing: readonly [number, number]): Drafts =>
  without(
    drafts,
    ({ atMs, body }) => body.kind === 'probe' && body.by === by && (atMs - 500) % everyMs !== 0,
  ).map((draft) =>
    draft.body.kind === 'probe' &&
    draft.body.by === by &&
    draft.atMs >= failing[0] &&
    draft.atMs <= failing[1]
      ? { ...draft, body: { ...draft.body, ok: false } }
      : draft,
  );

const SERVICE: readonly Tooth[] = [
  {
    oracle: 'gateway-available',
    bug: 'probes too far apart to tell a failover from an outage',
    plant: (night) => sparse(night, 'customer', 4000, [20_000, 25_000]),
    answers: 'unknown',
    says: /the probes are too far apart to tell/,
  },
  {
    oracle: 'operator-reach',
    bug: 'probes too far apart to tell a failover from a lock-out',
    plant: (night) => sparse(night, 'operator', 6000, [18_000, 25_000]),
    answers: 'unknown',
    says: /the probes are too far apart to tell/,
  },
  {
    oracle: 'operator-reach',
    bug: 'nobody looks for a while',
    plant: (night) =>
      without(
        night,
        ({ atMs, body }) => body.kind === 'probe' && body.by === 'operator' && atMs > 15_000 && atMs < 30_000,
      ),
    answers: 'unknown',
    says: /nobody looked for a way in from 15\.0 s to 30\.0 s/,
  },
  {
    oracle: 'quorum-kept',
    bug: 'a client that never connects after its node came up',
    night: { idleMs: 90_000 },
    plant: (night) =>
      changing(night, 'brick', (body, { atMs }) =>
        body.seenBy === NODES[0] && atMs > turnOf(0) + 5000 ? { ...body, connected: false } : undefined,
      ),
    answers: 'unknown',
    says: /the client on pve1 showed no quorum for \S+ s after it came up/,
  },
  {
    oracle: 'witnesses-agree',
    bug: 'heal info does not answer',
    plant: (night) =>
      inLook(night, 'end', (snapshot) => ({ ...snapshot, cli: { seen: false, because: 'timed out' } })),
    answers: 'unknown',
    says: /heal info did not answer at the last look: timed out/,
  },
  {
    oracle: 'witnesses-agree',
    bug: 'heal info calls something split-brain that nobody read',
    plant: (night) =>
      inLook(night, 'end', (snapshot) =>
        snapshot.cli.seen
          ? {
              ...snapshot,
              cli: {
                ...snapshot.cli,
                healInfo: snapshot.cli.healInfo.map((each) => ({ ...each, inSplitBrain: ['/elsewhere'] })),
              },
            }
          : snapshot,
      ),
    answers: 'unknown',
    says: /heal info calls \/elsewhere split-brain, but its copies were not read/,
  },
];

const DISTURBED: readonly Tooth[] = [
  {
    oracle: 'faults-took-hold',
    bug: 'nothing is disturbed',
    plant: (night) =>
      without(
        night,
        ({ atMs, body }) =>
          (body.kind === 'node' && atMs > 1000) || ('command' in body && body.command === 'reboot'),
      ),
    answers: 'unknown',
    says: /nothing was disturbed/,
  },
  {
    oracle: 'faults-took-hold',
    bug: 'a fault that nobody ends',
    plant: (night) => {
      const began = [20_000, { kind: 'fault-began', fault: 'power loss', target: 'pve2' }] as const;
      const more = adding(night, [began]);
      const of = more.at(-1)?.key ?? -1;
      return adding(more, [
        [20_100, { kind: 'receipt', of, receipt: { what: 'gone', seenBy: 'the machine room' } }],
      ]);
    },
    answers: 'unknown',
    says: /power loss on pve2 was never ended/,
  },
  {
    oracle: 'faults-took-hold',
    bug: 'a reboot step without an end',
    plant: (night) => {
      const step = night.find(({ body }) => 'command' in body && body.command === 'reboot');
      return without(night, ({ body }) => body.kind === 'step-ended' && body.of === step?.key);
    },
    answers: 'unknown',
    says: /the reboot of pve1 .* never ended/,
  },
  {
    oracle: 'faults-took-hold',
    bug: 'boot ids are not told',
    plant: (night) => changing(night, 'node', ({ kind, node, state }) => ({ kind, node, state })),
    answers: 'unknown',
    says: /shows no boot id before and after/,
  },
];

export const DOUBT_TEETH: readonly Tooth[] = [
  ...NO_LAST_LOOK,
  ...BRICK_NOT_SEEN,
  ...DATA,
  ...SERVICE,
  ...DISTURBED,
];
