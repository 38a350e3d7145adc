/**
 * Rewrites harness/afr/golden/<GlusterFS version>/<state>/: one folder per brick in exactly the format of
 * `healproof inspect --print-collect`, and happened.json with what GlusterFS then really did:
 *
 *   node lab/gluster-captures/capture.ts IMAGE [STATE…]
 *
 * IMAGE holds glusterd and the FUSE client. Makes four containers and a network named hpcap-*, and removes them again.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gluster, on, openCluster, pause, tryClient, tryGluster } from './cluster.ts';
import type { Made } from './making.ts';
import { STATES } from './states.ts';

const GOLDEN = join(import.meta.dirname, '../../harness/afr/golden');
const HEAL_SECONDS = 25;

/** How a read of one file ended, as the application saw it. */
function read(made: Made, file: string): { readonly result: string; readonly sha256?: string } {
  const { mount } = made.volume;
  const { code, out, err } = tryClient(
    `echo 3 > /proc/sys/vm/drop_caches 2>/dev/null; sha256sum '${mount}/${file}'`,
  );
  if (code === 0) return { result: 'ok', sha256: out.slice(0, 64) };
  const known: Record<string, string> = {
    'Input/output error': 'EIO',
    'Transport endpoint is not connected': 'ENOTCONN',
    'No such file or directory': 'ENOENT',
    'Is a directory': 'EISDIR',
  };
  const hit = Object.keys(known).find((text) => err.includes(text));
  return { result: hit === undefined ? err.trim() : (known[hit] ?? '') };
}

/** sha256 of every file on every brick with data, by path. */
function sums(made: Made): Record<string, Record<string, string>> {
  const all: Record<string, Record<string, string>> = {};
  for (const { name, node, path } of made.volume.bricks.filter((b) => b.data)) {
    const listing = on(
      node,
      `cd ${path} && find . -path ./.glusterfs -prune -o -type f ! -perm 1000 -print0 | xargs -0 -r sha256sum`,
    );
    for (const line of listing.split('\n').filter((l) => l !== ''))
      (all[line.slice(67)] ??= {})[name] = line.slice(0, 64);
  }
  return all;
}

const healInfo = (made: Made): { info: string; splitBrain: string } => ({
  info: tryGluster(`volume heal ${made.volume.name} info`),
  splitBrain: tryGluster(`volume heal ${made.volume.name} info split-brain`),
});

function collectAll(made: Made, folder: string): void {
  for (const node of made.volume.nodes)
    if (made.away?.includes(node) !== true) made.volume.collect(node, folder);
}

/** By path: which bricks' bytes all bricks have after the heal, among those whose copies differed before. */
function winners(
  before: Record<string, Record<string, string>>,
  after: Record<string, Record<string, string>>,
): Record<string, string> {
  const won: Record<string, string> = {};
  for (const [path, copies] of Object.entries(before)) {
    if (new Set(Object.values(copies)).size === 1 && Object.keys(copies).length > 1) continue;
    const ends = new Set(Object.values(after[path] ?? {}));
    const [end] = ends;
    const who = Object.keys(copies).filter((node) => copies[node] === end);
    won[path] =
      ends.size === 0
        ? 'gone'
        : ends.size > 1
          ? 'still different'
          : who.length === 0
            ? 'nobody'
            : who.join(' ');
  }
  return won;
}

function capture(state: string, version: string): void {
  const { says, make } = STATES[state] ?? never(state);
  const name = `v${Object.keys(STATES).indexOf(state)}`;
  const folder = join(GOLDEN, version, state);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const made = make(name);
  collectAll(made, join(folder, 'bricks'));
  if (made.between !== undefined) {
    made.between();
    collectAll(made, join(folder, 'later'));
  }
  writeFileSync(join(folder, 'volume-info.txt'), gluster(`volume info ${name}`));
  made.after?.();
  const before = sums(made);
  const { ledger, bricks } = made.volume;
  // The disks before anybody looks a name up: that alone brings it back to a brick that lacks it.
  const found = ledger.find(name, bricks);
  const reads = Object.fromEntries(made.files.map((f) => [f, read(made, f)]));
  const heal = healInfo(made);
  made.volume.up();
  for (const option of ['self-heal-daemon', 'data-self-heal', 'metadata-self-heal', 'entry-self-heal'])
    gluster(`volume set ${name} cluster.${option} on`);
  for (let waited = 0; waited < HEAL_SECONDS; waited += 5) {
    tryGluster(`volume heal ${name}`);
    pause(5);
    if (!/Number of entries: [^0]/.test(tryGluster(`volume heal ${name} info`))) break;
  }
  const after = sums(made);
  const happened = {
    state,
    says,
    glusterfs: version,
    away: made.away ?? [],
    reads,
    acknowledged: { records: ledger.count, were: ledger.says, ...found },
    healInfo: heal,
    afterHeal: {
      reads: Object.fromEntries(made.files.map((f) => [f, read(made, f)])),
      winners: winners(before, after),
      acknowledged: ledger.find(name, bricks),
      healInfo: healInfo(made),
    },
  };
  writeFileSync(join(folder, 'happened.json'), `${JSON.stringify(happened, undefined, 2)}\n`);
  made.volume.close();
}

const never = (state: string): never => {
  throw new Error(`no state is called ${state}: ${Object.keys(STATES).join(', ')}`);
};

function main(image: string | undefined, wanted: readonly string[]): void {
  if (image === undefined)
    throw new Error('give the image: node lab/gluster-captures/capture.ts IMAGE [STATE…]');
  using cluster = openCluster(image);
  const { version } = cluster;
  let failed = 0;
  for (const state of wanted.length > 0 ? wanted : Object.keys(STATES)) {
    try {
      capture(state, version);
      process.stdout.write(`${state}: captured\n`);
    } catch (error) {
      failed += 1;
      process.stdout.write(`${state}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  }
  process.exitCode = failed === 0 ? 0 : 1;
}

const [image, ...wanted] = process.argv.slice(2);
main(image, wanted);
