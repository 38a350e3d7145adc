import { describe, expect, it } from 'vitest';
import { parseAutomation, parseBackups, parseCluster, parseGuests, parseRoles } from './parse-site.ts';

const part = (name: string, text: string): string => `\n#N part ${name}\n${text}`;
const ALL = part('all', '');

const PVECM = `Quorum information
------------------
Date:             Wed Nov 25 04:45:31 2026
Nodes:            3
Quorate:          Yes

Votequorum information
----------------------
Expected votes:   4
Highest expected: 4
Total votes:      4
Quorum:           3
Flags:            Quorate

Membership information
----------------------
    Nodeid      Votes Name
0x00000001          2 198.18.0.11 (local)
0x00000002          1 198.18.0.12
`;

describe('pvecm status', () => {
  it('reads votes, also a node’s own', () => {
    expect(parseCluster(PVECM)).toEqual({
      quorate: true,
      expectedVotes: 4,
      totalVotes: 4,
      quorum: 3,
      ownVotes: 2,
    });
    expect(parseCluster(PVECM.replace('Quorate:          Yes', 'Quorate:          No')).quorate).toBe(false);
    // While the cluster is not quorate it says so behind the number.
    expect(
      parseCluster(PVECM.replace('Quorum:           3', 'Quorum:           3 Activity blocked')).quorum,
    ).toBe(3);
  });
  it('nothing is made up', () => {
    expect(() => parseCluster('')).toThrow(/no "Quorate"/);
    expect(() => parseCluster(PVECM.replace('Total votes:      4', 'Total votes:      -'))).toThrow(
      /not a number/,
    );
  });
});

describe('systemd', () => {
  const UNITS = `Id=unattended-upgrades.service
LoadState=not-found
ActiveState=inactive
UnitFileState=

Id=apt-daily.timer
LoadState=masked
ActiveState=inactive
UnitFileState=masked

Id=apt-daily-upgrade.timer
LoadState=loaded
ActiveState=active
UnitFileState=enabled
`;
  const text = (jobs: string, packaging = ''): string =>
    part('system', 'running\n') +
    part('jobs', jobs) +
    part('units', UNITS) +
    part('packaging', packaging) +
    ALL;

  it('reads units that are installed, jobs that end in a reboot, and package managers', () => {
    const jobs = '1234 reboot.target start waiting\n1235 foo.service stop running\n';
    expect(parseAutomation('N', text(jobs, '77 dpkg\n'))).toEqual({
      system: 'running',
      goingDown: ['1234 reboot.target start waiting'],
      units: [
        { name: 'apt-daily.timer', enabled: 'masked', active: 'inactive' },
        { name: 'apt-daily-upgrade.timer', enabled: 'enabled', active: 'active' },
      ],
      packaging: ['77 dpkg'],
    });
    expect(parseAutomation('N', text('No jobs running.\n')).goingDown).toEqual([]);
  });
  it('a reboot that waits for its time has no job yet; a warning of one is none', () => {
    // systemd 252: shutdown -r +5
    const scheduled = (mode: string): string => `USEC=1764554400000000\nWARN_WALL=1\nMODE=${mode}\nUID=0\n`;
    const down = (mode: string) =>
      parseAutomation('N', text(`No jobs running.\n${scheduled(mode)}`)).goingDown;
    expect(down('reboot')).toEqual(['reboot scheduled for 2025-12-01T02:00:00.000Z']);
    expect(down('dry-reboot')).toEqual([]);
  });
  it('a node without systemd is not seen', () => {
    expect(() => parseAutomation('N', text('').replace('running\n', 'Failed to connect to bus\n'))).toThrow(
      /state is/,
    );
  });
});

describe('guests', () => {
  const HEAD = '      VMID NAME                 STATUS     MEM(MB)    BOOTDISK(GB) PID       \n';
  const row = (id: number, status: string, pid: number): string =>
    `       ${id} router ${id}           ${status.padEnd(10)} 96                 0.12 ${pid}       \n`;
  it('reads each that runs with QEMU’s own word', () => {
    const text =
      part('list', HEAD + row(101, 'running', 564) + row(102, 'stopped', 0)) +
      part('guest 101', 'qmpstatus: io-error\nstatus: running\n') +
      ALL;
    expect(parseGuests('N', text).list).toEqual([
      { vmid: 101, name: 'router 101', status: 'running', qmpStatus: 'io-error' },
      { vmid: 102, name: 'router 102', status: 'stopped', qmpStatus: undefined },
    ]);
    expect(parseGuests('N', part('list', HEAD) + ALL).list).toEqual([]);
    // qm prints nothing at all on a node without guests.
    expect(parseGuests('N', part('list', '\n') + ALL).list).toEqual([]);
  });
  it('containers are guests too', () => {
    const pct =
      'VMID       Status     Lock         Name\n103        running                 web\n104        stopped    backup       db\n';
    expect(parseGuests('N', part('list', HEAD) + part('containers', pct) + ALL).list).toEqual([
      { vmid: 103, name: 'web', status: 'running', qmpStatus: 'running' },
      { vmid: 104, name: 'db', status: 'stopped', qmpStatus: undefined },
    ]);
  });
  it('a guest that told nothing, and a list that is none', () => {
    expect(() => parseGuests('N', part('list', HEAD + row(101, 'running', 5)) + ALL)).toThrow(/guest 101/);
    expect(() => parseGuests('N', part('list', 'error\n') + ALL)).toThrow(/no header/);
    expect(() => parseGuests('N', part('list', HEAD))).toThrow(/cut off/);
  });
});

it('backups: archives only, with what they lie on', () => {
  const text =
    part(
      'folder /mnt/backup/dump',
      'SOURCE="nas:/dump" FSTYPE="nfs4"\n' +
        '10 1764000000.5 vzdump-qemu-101-2026_11_25-02_00_00.vma.zst\n' +
        '20 1764000001.0 vzdump-qemu-101-2026_11_25-02_00_00.log\n' +
        '30 1764000002.0 vzdump-qemu-102.raw\n',
    ) + ALL;
  expect(parseBackups('N', text).folders).toEqual([
    {
      path: '/mnt/backup/dump',
      source: 'nas:/dump',
      fileSystem: 'nfs4',
      files: [
        {
          path: '/mnt/backup/dump/vzdump-qemu-101-2026_11_25-02_00_00.vma.zst',
          vmid: 101,
          bytes: 10,
          atMs: 1_764_000_000_500,
        },
        { path: '/mnt/backup/dump/vzdump-qemu-102.raw', vmid: 102, bytes: 30, atMs: 1_764_000_002_000 },
      ],
    },
  ]);
  expect(() => parseBackups('N', part('folder /x', '') + ALL)).toThrow(/what is mounted/);
});

it('roles: who answers, and behind which guest’s port; a port’s own address is not learned', () => {
  const text =
    part('address 198.18.1.1', 'rtt\n198.18.1.1 dev vmbr0 lladdr 52:54:00:50:65:01 REACHABLE\n') +
    part('address 198.18.2.1', '\n198.18.2.1 dev vmbr1 FAILED\n') +
    part(
      'fdb',
      '52:54:00:50:65:01 dev tap101i1 master vmbr0 \n' +
        'fe:54:00:50:65:01 dev tap101i1 master vmbr0 permanent\n' +
        '00:00:5e:00:01:07 dev fwpr102p1 master vmbr0 \n' +
        '52:54:00:50:65:01 dev eth0 master vmbr0 \n',
    ) +
    ALL;
  expect(parseRoles('N', text)).toEqual({
    answers: [
      { address: '198.18.1.1', mac: '52:54:00:50:65:01' },
      { address: '198.18.2.1', mac: undefined },
    ],
    learned: [
      { mac: '52:54:00:50:65:01', vmid: 101 },
      { mac: '00:00:5e:00:01:07', vmid: 102 },
    ],
  });
});
