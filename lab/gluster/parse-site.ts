/** What surrounds the volume: `pvecm status`, systemd, `qm`, backups, bridges. All throw with the reason. */
import type {
  Automation,
  BackupFacts,
  BackupFile,
  ClusterQuorum,
  Guest,
  GuestFacts,
  RouterRoles,
} from '../../harness/index.ts';
import { pairs } from './parse-node.ts';
import { parts } from './sections.ts';
import { count, excerpt } from './seen.ts';

/** Text of `pvecm status` (corosync-quorumtool behind it). */
export function parseCluster(text: string): ClusterQuorum {
  const value = (name: string): string => {
    const found = new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`pvecm status has no "${name}": ${excerpt(text)}`);
    return found;
  };
  const number = (name: string): number => {
    const found = count(value(name));
    if (found === undefined) throw new Error(`"${name}" of pvecm status is ${value(name)}, not a number`);
    return found;
  };
  const quorate = value('Quorate');
  if (quorate !== 'Yes' && quorate !== 'No') throw new Error(`Quorate is "${quorate}", neither Yes nor No`);
  const own = count(/^0x[0-9a-f]+\s+(\d+)\s.*\(local\)\s*$/m.exec(text)?.[1]);
  return {
    quorate: quorate === 'Yes',
    expectedVotes: number('Expected votes'),
    totalVotes: number('Total votes'),
    quorum: number('Quorum'),
    ownVotes: own ?? 1,
  };
}

function whole(nonce: string, text: string): (name: string) => string {
  const found = parts(nonce, text);
  if (found.at(-1)?.name !== 'all') throw new Error('the answer was cut off');
  return (name) => {
    const part = found.find((one) => one.name === name);
    if (part === undefined) throw new Error(`the part "${name}" is missing`);
    return part.text;
  };
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');

const GOES_DOWN = /\b(?:reboot|poweroff|halt|kexec|shutdown|umount|exit)\.target\b/;

/** logind's record of `shutdown +5` (login/logind-dbus.c `update_schedule_file`); what only warns has a mode that begins with "dry-". */
function scheduled(text: string): readonly string[] {
  const mode = /^MODE=(.*)$/m.exec(text)?.[1];
  if (mode === undefined || mode.startsWith('dry-')) return [];
  const atMs = Number(/^USEC=(\d+)$/m.exec(text)?.[1]) / 1000;
  return [`${mode} scheduled${Number.isNaN(atMs) ? '' : ` for ${new Date(atMs).toISOString()}`}`];
}

/** Output of the `automation` command. A unit that is not installed is left out. */
export function parseAutomation(nonce: string, text: string): Automation {
  const part = whole(nonce, text);
  const system = part('system').trim();
  if (!/^[a-z-]+$/.test(system)) throw new Error(`systemd’s state is ${excerpt(system)}`);
  const units = part('units')
    .split(/\n\s*\n/)
    .filter((block) => block.trim() !== '')
    .map((block) => {
      const value = (key: string): string => new RegExp(`^${key}=(.*)$`, 'm').exec(block)?.[1] ?? '';
      const name = value('Id');
      if (name === '') throw new Error(`a unit without a name: ${excerpt(block)}`);
      return {
        name,
        load: value('LoadState'),
        enabled: value('UnitFileState'),
        active: value('ActiveState'),
      };
    });
  return {
    system,
    goingDown: [
      ...lines(part('jobs'))
        .filter((line) => GOES_DOWN.test(line))
        .map((line) => line.trim()),
      ...scheduled(part('jobs')),
    ],
    units: units
      .filter((unit) => unit.load !== 'not-found')
      .map(({ name, load, enabled, active }) => ({
        name,
        enabled: load === 'masked' ? load : enabled,
        active,
      })),
    packaging: lines(part('packaging')).map((line) => line.trim()),
  };
}

/** Output of the `guests` command. */
export function parseGuests(nonce: string, text: string): GuestFacts {
  const part = whole(nonce, text);
  const rows = lines(part('list'));
  if (rows.length > 0 && !/\bVMID\b.*\bSTATUS\b/.test(rows[0] ?? ''))
    throw new Error(`the list of guests has no header: ${excerpt(rows[0] ?? '')}`);
  const containers = lines(parts(nonce, text).find((one) => one.name === 'containers')?.text ?? '');
  return {
    list: [
      ...rows.slice(1).map((row) => guest(row, part)),
      ...containers.slice(1).map((row) => container(row)),
    ],
  };
}

/** A line of `pct list`: id, status, lock (often none), name. A container has no QEMU that could stop by itself. */
function container(row: string): Guest {
  const [, id = '', status = '', name = ''] = /^\s*(\d+)\s+([a-z]+)\s+(?:\S+\s+)?(\S+)\s*$/.exec(row) ?? [];
  if (id === '') throw new Error(`a line of pct list that is not understood: ${excerpt(row)}`);
  return { vmid: Number(id), name, status, qmpStatus: status === 'stopped' ? undefined : status };
}

function guest(row: string, part: (name: string) => string): Guest {
  const found = /^\s*(\d+)\s+(\S.*?)\s+([a-z-]+)\s+\d+\s+[\d.]+\s+\d+\s*$/.exec(row);
  if (found === null) throw new Error(`a line of qm list that is not understood: ${excerpt(row)}`);
  const [, id = '', name = '', status = ''] = found;
  const vmid = Number(id);
  if (status === 'stopped') return { vmid, name, status, qmpStatus: undefined };
  const qmp = /^qmpstatus: (\S+)$/m.exec(part(`guest ${vmid}`))?.[1];
  if (qmp === undefined) throw new Error(`guest ${vmid} is "${status}", but told no qmpstatus`);
  return { vmid, name, status, qmpStatus: qmp };
}

const ARCHIVE =
  /^(\d+) ([\d.]+) (vzdump-qemu-(\d+)(?:-\S+?)?\.(?:vma|vma\.(?:zst|gz|lzo)|raw|raw\.zst|img|img\.zst))$/;

/** Output of the `backups` command. Logs and notes beside the archives are left out. */
export function parseBackups(nonce: string, text: string): BackupFacts {
  const found = parts(nonce, text);
  if (found.at(-1)?.name !== 'all') throw new Error('the list of backups was cut off');
  const folders = found
    .filter((part) => part.name.startsWith('folder '))
    .map((part) => {
      const mount = pairs(part.text);
      const path = part.name.slice(7);
      const source = mount.get('SOURCE');
      if (source === undefined)
        throw new Error(`what is mounted at ${path} was not told: ${excerpt(part.text)}`);
      const files = lines(part.text).flatMap((line): readonly BackupFile[] => {
        const [, bytes = '', seconds = '', name = '', vmid = ''] = ARCHIVE.exec(line) ?? [];
        return name === ''
          ? []
          : [
              {
                path: `${path}/${name}`,
                vmid: Number(vmid),
                bytes: Number(bytes),
                atMs: Math.round(Number(seconds) * 1000),
              },
            ];
      });
      return { path, source, fileSystem: mount.get('FSTYPE') ?? '', files };
    });
  return { folders };
}

const MAC = /[0-9a-f]{2}(?::[0-9a-f]{2}){5}/;

/** Output of the `roles` command. Proxmox names a guest's port `tap<vmid>i<n>`, or `fwpr<vmid>p<n>` behind its firewall. */
export function parseRoles(nonce: string, text: string): RouterRoles {
  const part = whole(nonce, text);
  const answers = parts(nonce, text)
    .filter((one) => one.name.startsWith('address '))
    .map((one) => ({
      address: one.name.slice(8),
      mac: new RegExp(`lladdr (${MAC.source})`).exec(one.text)?.[1],
    }));
  const learned = lines(part('fdb')).flatMap((line) => {
    const found = new RegExp(`^(${MAC.source}) dev (?:tap|fwpr)(\\d+)[ip]\\d+ `).exec(`${line} `);
    const permanent = /\bpermanent\b|\bself\b/.test(line);
    return found === null || permanent ? [] : [{ mac: found[1] ?? '', vmid: Number(found[2]) }];
  });
  return { answers, learned: [...new Map(learned.map((one) => [`${one.mac} ${one.vmid}`, one])).values()] };
}
