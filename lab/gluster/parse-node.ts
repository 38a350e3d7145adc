/** What a node's files and logs tell: `storage`, `config`, `logs`, `reach`. All throw with the reason. */
import type { BrickStorage, LogFacts, NodeConfig, Reach } from '../../harness/index.ts';
import { brickChunks } from './parse-bricks.ts';
import { parts } from './sections.ts';
import { count, excerpt, notSeen, seen } from './seen.ts';

/** Output of the `storage` command, brick by brick. */
export function parseStorage(nonce: string, text: string): { readonly bricks: readonly BrickStorage[] } {
  return {
    bricks: brickChunks(nonce, text).map((chunk) => {
      const part = chunk.parts.find((one) => one.name === 'storage')?.text ?? '';
      return {
        brick: chunk.brick,
        storage:
          chunk.exitCode === 0
            ? seen(() => storage(part))
            : notSeen(`reading it ended with ${chunk.exitCode ?? 'nothing'}: ${excerpt(part)}`),
      };
    }),
  };
}

type Storage = Omit<Extract<BrickStorage['storage'], { readonly seen: true }>, 'seen'>;

function storage(text: string): Storage {
  if (text.trim() === 'missing') throw new Error('its folder is not there: is its file system mounted?');
  const mount = pairs(text);
  const number = (name: string): number => {
    const value = count(new RegExp(`\\b${name}=(\\S+)`).exec(text)?.[1]);
    if (value === undefined) throw new Error(`${name} is missing in ${excerpt(text)}`);
    return value;
  };
  const options = (mount.get('OPTIONS') ?? '').split(',');
  const device = mount.get('SOURCE') ?? '';
  const mountedOn = mount.get('TARGET') ?? '';
  if (device === '' || mountedOn === '') throw new Error(`no file system in ${excerpt(text)}`);
  const blockBytes = number('size');
  return {
    device,
    mountedOn,
    insideMount: /^mount_dir=(.*)$/m.exec(text)?.[1],
    fileSystem: mount.get('FSTYPE') ?? '',
    readOnly: options.includes('ro'),
    volumeId: /trusted\.glusterfs\.volume-id=0x([0-9a-f]{32})/.exec(text)?.[1],
    freeBytes: number('free') * blockBytes,
    totalBytes: number('total') * blockBytes,
    freeInodes: number('ifree'),
    totalInodes: number('inodes'),
  };
}

/** `KEY="value"` as `findmnt -P` prints it, with `\x20` for what does not print. */
export const pairs = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/([A-Z]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [
      key,
      value.replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
        String.fromCodePoint(Number.parseInt(hex, 16)),
      ),
    ]),
  );

/** Output of the `config` command. */
export function parseConfig(text: string): NodeConfig {
  const value = (name: string): string => {
    const found = new RegExp(`^${name}=(.+)$`, 'm').exec(text)?.[1]?.trim();
    if (found === undefined) throw new Error(`the node did not tell its ${name}`);
    return found;
  };
  const number = (name: string): number => {
    const found = count(value(name));
    if (found === undefined) throw new Error(`${name} is ${excerpt(value(name))}, not a number`);
    return found;
  };
  return {
    checksum: value('checksum'),
    volumeId: value('volume-id').replaceAll('-', '').toLowerCase(),
    opVersion: number('operating'),
    clientOpVersion: number('client-op-version'),
    installed: value('installed'),
  };
}

/** Output of the `logs` command. GlusterFS writes UTC. */
export function parseLogs(nonce: string, text: string): LogFacts {
  const found = parts(nonce, text);
  if (found.at(-1)?.name !== 'all') throw new Error('the logs were cut off');
  const logs = found.filter((part) => part.name.startsWith('log '));
  if (logs.length === 0) throw new Error('there is no log in /var/log/glusterfs');
  const kernel = found.find((part) => part.name === 'kernel')?.text;
  const written = count(found.find((part) => part.name === 'kernel-log')?.text.trim()) ?? 0;
  return {
    logs: logs.map((part) => part.name.slice(4)),
    lines: logs.flatMap((part) =>
      lines(part.text).map((line) => ({ log: part.name.slice(4), ...logLine(line) })),
    ),
    // A journal without a single line of the kernel keeps none: that nothing is in it proves nothing.
    kernel:
      kernel === undefined || written === 0
        ? notSeen('the journal holds no line of the kernel')
        : { seen: true, lines: lines(kernel) },
  };
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '');

/**
 * `[2026-11-25 04:35:31.123456 +0000] W [MSGID: 108001] [afr-common.c:1:f] 0-v: …`; another offset with cluster.localtime-logging. Before
 * GlusterFS 9 there was none, and then it is not known when it was.
 */
function logLine(line: string): { readonly atMs: number; readonly text: string } {
  const found = /^\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d{3})?\d* ([+-]\d\d)(\d\d)\] ([A-Z]) (.*)$/.exec(
    line,
  );
  if (found === null)
    throw new Error(`a line of a log whose time or form is not understood: ${excerpt(line)}`);
  const [, day = '', time = '', fraction = '', hours = '', minutes = '', severity = '', said = ''] = found;
  const text = said.replace(/^\[MSGID: \d+\] /, '').replace(/^\[[^\]]*\] /, '');
  return { atMs: Date.parse(`${day}T${time}${fraction}${hours}:${minutes}`), text: `${severity} ${text}` };
}

/** Lines `HOST:PORT 0|1 MILLISECONDS`. */
export function parseReach(text: string): { readonly tried: readonly Reach[] } {
  return {
    tried: lines(text).map((line) => {
      const found = /^(\S+):(\d+) ([01]) (\d+)$/.exec(line);
      if (found === null) throw new Error(`a line that is not understood: ${excerpt(line)}`);
      const [, host = '', port = '', ok = '', took = ''] = found;
      return { host, port: Number(port), ok: ok === '1', tookMs: Number(took) };
    }),
  };
}
