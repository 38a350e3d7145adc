/** Makes three machines a GlusterFS cluster with a mounted volume, by the CLI as an administrator would. */
import { bricksOf } from '../../harness/index.ts';
import type { ExecOutcome, SiteSpec } from '../../harness/index.ts';

/** Runs a bash line on a node and answers its output; throws with the output when it fails. */
export type Do = (node: string, line: string, limitMs: number) => Promise<string>;

/** Turns an outcome into output or an error that says what was done, where, and what came back. */
export function mustSucceed(node: string, line: string, outcome: ExecOutcome): string {
  if (outcome.kind === 'exited' && outcome.exitCode === 0) return outcome.stdout;
  const short = line.length > 160 ? `${line.slice(0, 160)}…` : line;
  if (outcome.kind === 'cut-off') throw new Error(`${node}: «${short}» was cut off: ${outcome.because}`);
  const said = `${outcome.stdout}\n${outcome.stderr}`.trim().split('\n').slice(-6).join('\n');
  const how =
    outcome.kind === 'timed-out'
      ? `did not end within ${outcome.afterMs} ms`
      : `ended with exit code ${outcome.exitCode}`;
  throw new Error(`${node}: «${short}» ${how}: ${said}`);
}

const gluster = (line: string): string => `gluster --mode=script --timeout=60 ${line}`;

const REPLICA = {
  'replica-2': 'replica 2',
  'replica-3': 'replica 3',
  'replica-2-arbiter': 'replica 2 arbiter 1',
} as const;

/** The lines that make the volume, in order, each with why. Pure, so that the report can show them. */
export function volumeLines(spec: SiteSpec): readonly string[] {
  const { name, layout, options, tuning, shardMiB } = spec.volume;
  const bricks = bricksOf(spec).map(({ brick }) => brick);
  const settings = [
    ...(options === 'virt' ? [`features.shard-block-size ${shardMiB}MB`] : []),
    ...tuning.map(({ option, value }) => `${option} ${value}`),
  ];
  return [
    gluster(`volume create ${name} ${REPLICA[layout]} ${bricks.join(' ')} force`),
    ...(options === 'virt' ? [gluster(`volume set ${name} group virt`)] : []),
    ...(settings.length > 0 ? [gluster(`volume set ${name} ${settings.join(' ')}`)] : []),
    gluster(`volume start ${name}`),
  ];
}

/** DEFAULT_GLUSTERD_SOCKFILE of libglusterfs. */
const GLUSTERD_SOCKET = '/var/run/glusterd.socket';

/** Waits on the node itself, so that waiting costs no round trips. */
const untilOnNode = (condition: string, seconds: number, what: string): string =>
  `for i in $(seq ${seconds * 10}); do ${condition} && exit 0; sleep 0.1; done; echo "still waiting for ${what} after ${seconds} s" >&2; exit 1`;

/**
 * glusterd answers on every node. A CLI that comes before glusterd's socket tries again only after 3 s (the reconnect timer of rpc-clnt.c),
 * so the socket is waited for first.
 */
export async function awaitGlusterd(spec: SiteSpec, run: Do): Promise<void> {
  await Promise.all(
    spec.nodes.map((node) =>
      run(
        node,
        untilOnNode(`[ -S ${GLUSTERD_SOCKET} ] && gluster pool list >/dev/null 2>&1`, 40, 'glusterd'),
        45_000,
      ),
    ),
  );
}

export async function formVolume(spec: SiteSpec, run: Do): Promise<void> {
  const [first, ...others] = spec.nodes;
  if (first === undefined) throw new Error('a site needs nodes');
  // One line for each stay on a node: on two busy cores the engine takes a quarter of a second to run one.
  const probes = others.map((other) => gluster(`peer probe ${other}`));
  await run(first, probes.join(' && '), 60_000);
  const connected = `[ "$(gluster pool list | grep -c Connected)" = ${spec.nodes.length} ]`;
  await Promise.all(
    spec.nodes.map((node) => run(node, untilOnNode(connected, 20, 'all peers connected'), 25_000)),
  );
  await run(first, volumeLines(spec).join(' && '), 90_000);
}

/** Mounts the volume where Proxmox would, on all nodes, and waits until each client has every brick. */
export async function mountEverywhere(spec: SiteSpec, run: Do): Promise<void> {
  const { name } = spec.volume;
  const count = bricksOf(spec).length;
  const connected = `[ "$(grep -lsx 'connected = 1' /mnt/pve/${name}/.meta/graphs/active/${name}-client-*/private | wc -l)" = ${count} ]`;
  await Promise.all(
    spec.nodes.map((node) =>
      run(
        node,
        `mkdir -p /etc/healproof && touch /etc/healproof/volume-mounted && systemctl start mnt-pve-${name}.mount && ${untilOnNode(connected, 20, 'the mount to reach every brick')}`,
        60_000,
      ),
    ),
  );
}

/** Writes the customers' files and answers their checksums by path below `customers/`. */
export async function writeCustomerFiles(spec: SiteSpec, run: Do): Promise<Readonly<Record<string, string>>> {
  const [first = ''] = spec.nodes;
  const { count, kib } = spec.customerFiles;
  const root = `/mnt/pve/${spec.volume.name}/customers`;
  const sums = await run(
    first,
    `mkdir -p ${root} && cd ${root} && for i in $(seq -w ${count}); do head -c ${kib * 1024} /dev/urandom > file-$i.bin; done && echo 'Welcome to the storehouse' > welcome.html && sync -f . && sha256sum file-*`,
    60_000,
  );
  return Object.fromEntries(
    sums
      .trim()
      .split('\n')
      .map((line) => {
        const [sum = '', file = ''] = line.split(/\s+/);
        return [file, sum];
      }),
  );
}
