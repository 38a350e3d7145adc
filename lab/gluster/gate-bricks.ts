/** What a look read straight from the bricks, put together from the nodes' answers. */
import type {
  BrickFacts,
  FileOnBrick,
  GateFacts,
  NodeFacts,
  Profile,
  ReplicaSet,
  Seen,
  Shell,
} from '../../harness/index.ts';
import type { Asked } from './ask.ts';
import { brickFacts } from './bricks.ts';
import type { BrickReading } from './bricks.ts';
import { AUDIT, AUDIT_GFIDS, INDEX } from './commands.ts';
import type { Command } from './command.ts';
import { parseFiles, parseIndexes } from './parse-bricks.ts';
import { notSeen, read, seen } from './seen.ts';

/** What one node answered in each round. */
export interface Answers {
  readonly shell: Shell;
  readonly raw: Asked;
  readonly cli: Asked | undefined;
  readonly heal: Asked | undefined;
  readonly status: Asked | undefined;
  readonly audit: Asked | undefined;
  readonly gfids: Asked | undefined;
}

/** Every brick of the layout, with what its own node read of it. */
export function bricksOf(
  answers: readonly Answers[],
  nodes: readonly NodeFacts[],
  atMs: number,
  profile: Profile,
): readonly BrickFacts[] {
  const layouts = nodes.flatMap((one) =>
    one.layout.seen && one.layout.sets.length > 0 ? [one.layout.sets] : [],
  );
  const sets: readonly ReplicaSet[] = layouts[0] ?? [];
  const readings = answers.flatMap((one) => readingsOf(one, profile));
  const away = answers.filter((one) => !one.raw.reached).map((one) => one.shell.node);
  return brickFacts(sets, readings, atMs, away);
}

function readingsOf(one: Answers, profile: Profile): readonly BrickReading[] {
  const indexes = read(one.raw.text(INDEX), (text) => parseIndexes(one.raw.nonce, text));
  if (!indexes.seen) return [];
  const audited = filesOf(one.audit, AUDIT);
  const pending = filesOf(one.gfids, AUDIT_GFIDS);
  return indexes.bricks.map((found) => {
    const lists = [audited, pending].flatMap((list) => (list === undefined ? [] : [list]));
    return {
      brick: found.brick,
      index: found.names,
      files: profile === 'fast' ? { seen: true, list: [] } : joined(lists.map((list) => list(found.brick))),
    };
  });
}

type FilesOf = (brick: string) => Seen<{ readonly list: readonly FileOnBrick[] }>;

function filesOf(asked: Asked | undefined, command: Command): FilesOf | undefined {
  if (asked === undefined) return undefined;
  const parsed = read(asked.text(command), (text) => parseFiles(asked.nonce, text));
  return (brick) => {
    if (!parsed.seen) return parsed;
    return parsed.bricks.find((one) => one.brick === brick)?.files ?? notSeen(`${command.name} left it out`);
  };
}

/** One list out of several; a file that is named by path and by gfid is kept once, by its path. */
function joined(
  lists: readonly Seen<{ readonly list: readonly FileOnBrick[] }>[],
): Seen<{ readonly list: readonly FileOnBrick[] }> {
  const blind = lists.find((one) => !one.seen);
  if (blind !== undefined) return blind;
  const list = lists.flatMap((one) => (one.seen ? one.list : []));
  const named = new Set(
    list.filter((file) => !file.path.startsWith('<gfid:')).map((file) => file.xattrs['trusted.gfid']),
  );
  return {
    seen: true,
    list: list.filter((file) => !file.path.startsWith('<gfid:') || !named.has(file.xattrs['trusted.gfid'])),
  };
}

/** Which images the audit met, over all bricks. */
export function auditedImages(
  answers: readonly Answers[],
  profile: Profile,
  patterns: readonly string[],
): GateFacts['audited'] {
  if (profile === 'fast') return notSeen('profile fast reads no attributes of files');
  const matchers = patterns.map((pattern) => globMatcher(pattern));
  return seen(() => {
    const images = answers.flatMap(({ audit }) => {
      if (audit === undefined) return [];
      const parsed = read(audit.text(AUDIT), (text) => parseFiles(audit.nonce, text));
      const lists = parsed.seen ? parsed.bricks.flatMap((one) => (one.files.seen ? one.files.list : [])) : [];
      return lists
        .filter((file) => file.type === 'file' && matchers.some((match) => match.test(file.path)))
        .map((file) => file.path);
    });
    return { images: [...new Set(images)].toSorted(), patterns };
  });
}

/** The shell's `*` and `?` do not cross a slash. */
function globMatcher(pattern: string): RegExp {
  const escaped = pattern
    .replaceAll('.', String.raw`\.`)
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^/${escaped}$`);
}
