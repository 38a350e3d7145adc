import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { attackStates, DEFAULT_SITE } from '../../harness/index.ts';
import type { AttackResult } from '../../harness/index.ts';
import { attack, attackCommand } from './attack.ts';
import type { Attacked, CommandOptions } from './attack.ts';
import { runCommand } from './run-command.ts';
import { letTimePass, stageEnvironment } from './stage.ts';

// Each starts dozens of processes, which a busy machine may be slow at.
vi.setConfig({ testTimeout: 60_000 });

function script(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-gate-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gate');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

async function meet(
  state: string,
  text: string,
  options: Partial<CommandOptions> = {},
  words: readonly string[] = [],
): Promise<AttackResult> {
  const [result] = await attackCommand([script(text), ...words], {
    site: DEFAULT_SITE,
    states: attackStates(DEFAULT_SITE).filter((one) => one.name === state),
    when: { kind: 'exit', code: 0 },
    limitMs: 30_000,
    speed: 1000,
    leastPatienceSeconds: 0.2,
    ...options,
  });
  if (result === undefined) throw new Error(`no state ${state}`);
  return result;
}

const stdoutOf = ({ run }: AttackResult): string => run.stdout;
const commands = ({ calls }: AttackResult): readonly string[] =>
  calls.map((one) => `${one.kind} ${one.view} ${one.look} ${one.command}`);

test('options may stand anywhere, and a gate is told what it is asked', async () => {
  const result = await meet(
    'count-120',
    `echo "$1 $2 $HEALPROOF_NODE $HEALPROOF_VOLUME $HEALPROOF_NODES $(hostname)"
gluster volume heal $HEALPROOF_VOLUME info --xml --mode=script | grep -c '<file '
gluster --timeout=20 vol heal vmstore info | grep 'Number of'`,
    {},
    ['{node}', '{volume}'],
  );
  expect(stdoutOf(result)).toBe(`pve2 vmstore pve2 vmstore pve1 pve2 pve3 pve1
1
Number of entries: 120
Number of entries: 0
Number of entries: 120
`);
  expect(commands(result)).toEqual([
    'asked pve1 0 gluster volume heal vmstore info',
    'asked pve1 0 gluster volume heal vmstore info',
  ]);
});

test('other nodes are asked by ssh, with their own view and their own files', async () => {
  const result = await meet(
    'glusterd-stopped-there',
    `ssh -o BatchMode=yes -n root@pve3 gluster peer status; echo "code $?"
ssh pve2 'hostname; /usr/sbin/gluster pool list | tail -1; ls /bricks/vmstore/brick/images; cat /proc/self/mounts'
ssh pve2 'getfattr -d -m . -e hex /bricks/vmstore/brick/images/101/vm-101-disk-0.raw; exit 7'; echo "code $?"
echo hostname | ssh pve1 sh -s
ssh elsewhere true; echo "code $?"`,
  );
  expect(stdoutOf(result)).toBe(`Connection failed. Please check if gluster daemon is operational.
code 1
pve2
22222222-2222-4222-8222-222222222222\tlocalhost\tConnected 
101
102
pve2:/vmstore /mnt/pve/vmstore fuse.glusterfs rw,relatime 0 0
# file: /bricks/vmstore/brick/images/101/vm-101-disk-0.raw
trusted.gfid=0x5ca1ab1e000040008000000000000001

code 7
pve1
code 255
`);
});

test('a command for another node can not get past the stand-ins by a full path', async () => {
  const result = await meet('healthy-idle', `ssh pve2 '/usr/bin/curl --version'; echo "code $?"`);
  expect(stdoutOf(result)).toBe('code 127\n');
  expect(result.notes).toEqual(['not let through: curl --version']);
});

test('sudo runs its command with the stand-ins still first, whatever its options', async () => {
  const result = await meet(
    'count-120',
    `sudo -nu root gluster volume heal vmstore info | grep -c ': 120'
ssh pve3 "sudo -E -H LC_ALL=C PATH=\\$PATH:/sbin /usr/bin/sudo gluster volume heal vmstore info" | grep -c ': 120'
echo 'gluster volume list' | sudo -s; sudo --user=root -- sh -c 'hostname'; sudo -i 'hostname; exit 7'; echo "code $?"
sudo -v; sudo curl --version; echo "code $?"`,
  );
  expect(stdoutOf(result)).toBe('2\n2\nvmstore\npve1\npve1\ncode 7\ncode 127\n');
  expect(result.notes).toEqual(['not let through: curl --version']);
});

test('a node that is off can not be reached', async () => {
  const result = await meet('node-down', 'ssh pve3 true; echo "code $?"');
  expect(stdoutOf(result)).toBe('code 255\n');
  expect(result.run.stderr).toContain('ssh: connect to host pve3 port 22: Connection timed out');
});

const LOOK = `gluster volume heal vmstore info | grep -c ': 7'
gluster volume heal vmstore info split-brain >/dev/null`;

test('the same question after a sleep begins a new look, another question does not', async () => {
  const result = await meet('flicker', `${LOOK}; sleep 60; ${LOOK}; sleep 60; ${LOOK}`);
  expect(stdoutOf(result)).toBe('0\n2\n0\n');
});

test('the same question in a row is one look; other waiting counts by the clock', async () => {
  const ask = `gluster volume heal vmstore info | grep -c ': 7'`;
  const twice = await meet('flicker', `${ask}; ${ask}; ssh pve3 "${ask}"; ssh pve3 "${ask}"`);
  expect(stdoutOf(twice)).toBe('0\n0\n0\n0\n');
  // A watchdog that is ended has not slept.
  const watched = await meet('flicker', `sleep 86400000 & ${ask}; kill $!; wait $!; ${ask}`);
  expect(stdoutOf(watched)).toBe('0\n0\n');
  const waits = 'ends=$(($(date +%s) + 3)); while [ "$(date +%s)" -lt "$ends" ]; do :; done';
  expect(stdoutOf(await meet('flicker', `${ask}; ${waits}; ${ask}`))).toBe('0\n2\n');
});

test('who dates its looks instead of waiting lets time pass on the stage', async () => {
  const words = 'volume heal vmstore info'.split(' ');
  const dates: Attacked = async (stage, { site, limitMs }) => {
    const look = () =>
      runCommand([join(stage.bin, 'gluster'), ...words], { env: stageEnvironment(stage, site), limitMs });
    await look();
    letTimePass(stage);
    return look();
  };
  const [result] = await attack(dates, {
    site: DEFAULT_SITE,
    states: attackStates(DEFAULT_SITE).filter((one) => one.name === 'flicker'),
    when: { kind: 'exit', code: 0 },
    limitMs: 30_000,
    speed: 1000,
  });
  expect(result?.calls.map((one) => one.look)).toEqual([0, 1]);
  expect(result?.run.stdout).toContain('Number of entries: 7');
});

test('a daemon that hangs: heal-count never answers and leaves the volume locked', async () => {
  const result = await meet(
    'daemon-stuck',
    `timeout 60 gluster volume heal vmstore statistics heal-count; echo "code $?"
gluster volume status vmstore; echo "code $?"
gluster volume heal vmstore info | grep -c 'entries: 3'`,
    // Its own patience is 120 s, the gate's is half of that.
    { speed: 100 },
  );
  expect(stdoutOf(result)).toBe('code 124\ncode 1\n2\n');
  expect(result.run.stderr).toContain('Another transaction is in progress for vmstore');
  expect(result.notes).toEqual([
    'it leaves the volume locked: gluster volume heal vmstore statistics heal-count',
  ]);
});

test('the CLI has a patience of its own, a heal walk has none', async () => {
  const result = await meet(
    'time-out',
    'gluster --timeout=1 volume status vmstore; echo "code $?"; gluster volume list',
  );
  expect(stdoutOf(result)).toBe('Error : Request timed out\ncode 1\nvmstore\n');
});

// Harmless calls, should ever one get through.
test('what would change the cluster, or reach something real, is noted and does not happen', async () => {
  const result = await meet(
    'healthy-idle',
    `gluster volume heal vmstore; gluster volume set vmstore cluster.quorum-type none; gluster volume stop vmstore
systemctl --version || reboot --help || curl --version || scp || docker --version; echo "code $?"
gluster volume frobnicate vmstore || echo unknown`,
  );
  expect(stdoutOf(result)).toContain('code 127\nunknown\n');
  expect(result.notes).toEqual([
    'it changes the cluster: gluster volume heal vmstore; gluster volume set vmstore cluster.quorum-type none; 1 more',
    'not let through: systemctl --version; reboot --help; 3 more',
    'no answer was prepared for: gluster volume frobnicate vmstore',
  ]);
});

test('options and other volumes are told as gluster tells them', async () => {
  const result = await meet(
    'other-volume-healthy',
    `gluster volume list; gluster volume get vmstore cluster.quorum-type | tail -1 | tr -s ' '
gluster volume heal archive info | grep -c ': 0'; gluster volume heal nowhere info; echo "code $?"
gluster volume status | grep '^Status of'; gluster volume info all --xml | grep -o '<name>archive</name>'`,
  );
  expect(stdoutOf(result)).toBe(`archive
vmstore
cluster.quorum-type auto 
3
code 1
Status of volume: archive
Status of volume: vmstore
<name>archive</name>
`);
});

/** Processes that carry the mark of any attack of this process. */
function leftOver(mark: string): readonly string[] {
  return readdirSync('/proc').filter((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/environ`, 'utf8').includes(mark);
    } catch {
      return false;
    }
  });
}

test('a gate that hangs is ended with everything it began, and that is no error', async () => {
  const mark = `HEALPROOF_TEST_MARK=${process.pid}-${performance.now()}`;
  const result = await meet(
    'hangs',
    `export ${mark}
setsid sleep 86400000 &
timeout 9999999 sleep 86400000 &
gluster volume heal vmstore info`,
    { limitMs: 1000 },
  );
  expect(result).toMatchObject({
    worth: 'survived',
    said: 'no-go',
    run: { kind: 'out-of-time', afterMs: 1000 },
  });
  expect(result.notes).toEqual(['it did not end within 1 s and was ended; counted as no-go']);
  expect(leftOver(mark)).toEqual([]);
});

test('what a gate leaves running is ended when it ends, and does not hold it up', async () => {
  const result = await meet('healthy-idle', 'sleep 86400000 & exit 0');
  // Held up, it would end by its limit only: the sleeper outlasts that by far.
  expect(result).toMatchObject({ said: 'go', run: { kind: 'ended', exitCode: 0 } });
});

test('where a network of its own is not to be had, that is told before the first run', async () => {
  vi.stubEnv('PATH', '/nonexistent');
  onTestFinished(() => void vi.unstubAllEnvs());
  const begins = vi.fn<(network: string) => void>();
  await meet('healthy-idle', 'gluster volume list', { begins });
  expect(begins.mock.calls).toEqual([['of this machine']]);
});

test('what can not be run, or would go past the stand-ins, is refused', async () => {
  await expect(meet('healthy-idle', '/usr/sbin/gluster volume list')).rejects.toThrow(
    /calls gluster by its full path \(\/usr\/sbin\/gluster volume list\).*Call it by its name/,
  );
  await expect(meet('healthy-idle', 'PATH=/usr/bin:/bin\ngluster volume list')).rejects.toThrow(
    /line 2, sets PATH/,
  );
  await expect(meet('healthy-idle', 'no-such-helper')).rejects.toThrow(
    /could not be started in any state; it said: .*no-such-helper/,
  );
  const options = {
    site: DEFAULT_SITE,
    states: [],
    when: { kind: 'exit', code: 0 },
    limitMs: 1,
    speed: 1,
  } as const;
  await expect(attackCommand(['no-such-gate'], options)).rejects.toThrow('no such program on PATH');
  await expect(attackCommand(['./no/such/gate'], options)).rejects.toThrow('there is no such file');
  await expect(attackCommand(['sudo', './gate'], options)).rejects.toThrow(/running sudo: .*Leave it away/);
  const plain = script('');
  chmodSync(plain, 0o644);
  await expect(attackCommand([plain], options)).rejects.toThrow('it is not executable; chmod +x');
});
