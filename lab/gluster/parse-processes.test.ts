import { describe, expect, it } from 'vitest';
import { parseProcesses } from './parse-processes.ts';

/** Lines of a node of GlusterFS 10.3, shortened. */
const stat = (state: string, startTicks: number): string =>
  `stat=${state} 1 273 273 0 -1 4194624 1 0 0 0 1 0 0 0 20 0 12 0 ${startTicks} 684728320 3183`;
const args = (...words: readonly string[]): string => words.map((word) => `arg=${word}\n\0`).join('');
const BRICK = `${stat('S', 90_000)}
exe=/usr/sbin/glusterfsd
replaced=0
${args('/usr/sbin/glusterfsd', '-s', 'pve1', '--volfile-id', 'vmstore.pve1.bricks-vmstore-brick', '-p', '/x.pid', '--brick-name', '/bricks/vmstore/brick', '--process-name', 'brick', '--brick-port', '55964')}`;
const HEALER = `${stat('T', 90_000)}
exe=/usr/sbin/glusterfsd
replaced=0
${args('/usr/sbin/glusterfs', '-s', 'localhost', '--volfile-id', 'shd/vmstore', '--process-name', 'glustershd', '--client-pid=-6')}`;
const MOUNT = `${stat('S', 90_000)}
exe=/usr/sbin/glusterfsd (deleted)
replaced=0
${args('/usr/sbin/glusterfs', '--process-name', 'fuse', '--volfile-server=pve1', '--volfile-id=/vmstore', '/mnt/pve/vmstore')}`;
const SOCKETS = `LISTEN 0      1024         0.0.0.0:55964       0.0.0.0:*     users:(("glusterfsd",pid=273,fd=11))
ESTAB  0      0        198.18.0.11:55964   198.18.0.12:49148 users:(("glusterfsd",pid=273,fd=270))
ESTAB  0      0      [::ffff:198.18.0.11]:49134 [::ffff:198.18.0.12]:49763 users:(("glusterfs",pid=293,fd=11))
TIME-WAIT 0   0        198.18.0.11:49100   198.18.0.12:24007
LISTEN 0      128              [::]:22             [::]:*     users:(("sshd",pid=121,fd=4))
`;
const all = (processes: Readonly<Record<string, string>>, sockets = SOCKETS): string =>
  [
    ['uptime', '1000.00\n'],
    ['addresses', '198.18.0.11\n198.18.1.11\n'],
    ...Object.entries(processes).map(([pid, text]) => [`process ${pid}`, `${text}\n`]),
    ['sockets', sockets],
    ['all', ''],
  ]
    .map(([name, text]) => `\n#N part ${name}\n${text}`)
    .join('');

describe('processes of a node', () => {
  it('tells bricks, healers and mounts apart, with their sockets', () => {
    const found = parseProcesses('N', all({ 273: BRICK, 293: HEALER, 433: MOUNT }));
    expect(found.addresses).toEqual(['198.18.0.11', '198.18.1.11']);
    expect(found.list).toMatchObject([
      {
        pid: 273,
        kind: 'brick',
        brickPath: '/bricks/vmstore/brick',
        volume: 'vmstore',
        state: 'S',
        ageMs: 100_000,
        replacedOnDisk: false,
        listens: [55_964],
        connections: [{ peer: { address: '198.18.0.12', port: 49_148 } }],
      },
      {
        pid: 293,
        kind: 'self-heal',
        state: 'T',
        connections: [{ peer: { address: '198.18.0.12', port: 49_763 } }],
      },
      { pid: 433, kind: 'mount', mountPoint: '/mnt/pve/vmstore', volume: 'vmstore', replacedOnDisk: true },
    ]);
  });

  it('what hands the volume on to others by libgfapi is a client, and its arguments stay with it', () => {
    const ganesha = `${stat('S', 90_000)}\nexe=/usr/bin/ganesha.nfsd\nreplaced=0\n${args('/usr/bin/ganesha.nfsd')}`;
    expect(parseProcesses('N', all({ 500: ganesha })).list).toMatchObject([{ pid: 500, kind: 'gateway' }]);
  });

  it('an upgraded library below a running process counts like its program', () => {
    const found = parseProcesses('N', all({ 273: BRICK.replace('replaced=0', 'replaced=3') }));
    expect(found.list[0]?.replacedOnDisk).toBe(true);
  });

  it('does not guess: a list that was cut off, odd sockets, no address', () => {
    expect(() => parseProcesses('N', all({ 273: BRICK }).replace('part all', 'part'))).toThrow(/cut off/);
    expect(() => parseProcesses('N', all({}, 'ESTAB 0 0 nonsense also users:\n'))).toThrow(/not understood/);
    expect(() => parseProcesses('N', all({}).replace(/198\.18\.\d\.11/g, ''))).toThrow(/no address/);
    expect(() => parseProcesses('N', all({ 9: 'stat=\nexe=x' }))).toThrow(/no stat line/);
  });
});
