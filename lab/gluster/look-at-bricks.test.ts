import { expect, test } from 'vitest';
import { judgeVolume, node } from '../../harness/index.ts';
import type { ExecOutcome, Shell } from '../../harness/index.ts';
import { lookAtBricks } from './look-at-bricks.ts';

const BRICK = '/bricks/v/brick';
const GFID = 'aaaaaaaa000000000000000000000001';
const NOW_MS = 1_800_000_000_000;

const client = (n: number): string =>
  `volume v-client-${n}\n type protocol/client\n option remote-host n${n}\n option remote-subvolume ${BRICK}\nend-volume\n`;
const set = (first: number): string =>
  `volume v-replicate-${first}\n type cluster/replicate\n option afr-pending-xattr v-client-${first},v-client-${first + 1}\n${first === 0 ? ' option favorite-child-policy mtime\n' : ''} subvolumes v-client-${first} v-client-${first + 1}\nend-volume\n`;
/** Two replica sets of two bricks. */
const VOLFILE = [client(0), client(1), set(0), client(2), client(3), set(2)].join('');

/** Answers the line as the node's shell would, from what its brick holds; notes which sections were asked for. */
function nodeShell(n: number, xattrs: string, asked: string[] = []): Shell {
  const answer = (name: string, nonce: string): string => {
    const part = (what: string, text: string): string => `\n#${nonce} part ${what}\n${text}`;
    const walk = (body: string): string =>
      `${part(`brick n${n}:${BRICK}`, '')}${body}${part('done 0', '')}${part('all', '')}`;
    if (name === 'identity') return `uuid=u${n}\nboot=b\ninit=100\nuptime=99.0\nnow=${NOW_MS + n}\n`;
    if (name === 'layout') return VOLFILE;
    if (name === 'index') return walk(part('index', ''));
    if (name.startsWith('files')) {
      const found = ['', '/f'].map(
        (path) => `${path === '' ? 'd' : 'f'} 7 1.5 1.5 644 0 0 ${BRICK}${path}\0`,
      );
      const dump = `# file: ${BRICK}\ntrusted.gfid=0x${'0'.repeat(31)}1\n\n# file: ${BRICK}/f\n${xattrs}trusted.gfid=0x${GFID}\n\n`;
      return walk(part('files', found.join('')) + part('xattrs', dump));
    }
    return '';
  };
  return {
    node: node(`n${n}`),
    run: (line): Promise<ExecOutcome> => {
      const nonce = /^N='([^']+)'/m.exec(line)?.[1] ?? '';
      const names = [...line.matchAll(/^section (\S+) \d+ /gm)].map(([, name = '']) => name);
      asked.push(...names);
      const stdout = names
        .map((name) => `#${nonce} begin ${name}\n${answer(name, nonce)}\n#${nonce} end ${name} 0 1\n`)
        .join('');
      return Promise.resolve({ kind: 'exited', exitCode: 0, stdout, stderr: '', tookMs: 1 });
    },
  };
}
const away = (n: number): Shell => ({
  node: node(`n${n}`),
  run: () => Promise.resolve({ kind: 'cut-off', because: 'no route to host' }),
});
const OPTIONS = { hash: false, healInfo: false };
const ACCUSES_1 = `trusted.afr.v-client-1=0x00000001${'0'.repeat(16)}\n`;

test('each replica set has its bricks, its own quorum, and the clock of the node that read it', async () => {
  const shells = [nodeShell(0, ACCUSES_1), nodeShell(1, ''), nodeShell(2, ''), nodeShell(3, '')];
  const look = await lookAtBricks(shells, 'v', OPTIONS);
  expect(look.sets.map((one) => one.bricks.map((b) => b.brick))).toEqual([
    [`n0:${BRICK}`, `n1:${BRICK}`],
    [`n2:${BRICK}`, `n3:${BRICK}`],
  ]);
  expect(look.sets[0]?.rules).toEqual({ quorum: { type: 'none' }, favoriteChild: 'mtime' });
  expect([...look.readAtMs.values()]).toEqual([0, 1, 2, 3].map((n) => NOW_MS + n));
  expect(look.away).toEqual([]);
  const judged = judgeVolume({ volume: 'v', sets: look.sets });
  const states = judged.files.filter((f) => f.verdict.path === '/f').map((f) => f.verdict.state);
  expect([judged.worst, ...states]).toEqual(['sole-good-copy', 'sole-good-copy', 'clean']);
});

test('a replica set that nobody read keeps the whole from being clean', async () => {
  const shells = [nodeShell(0, ''), nodeShell(1, ''), away(2), away(3)];
  const look = await lookAtBricks(shells, 'v', OPTIONS);
  expect(look.away).toEqual(
    [2, 3].map((n) => ({ node: `n${n}`, because: expect.stringContaining('no route') })),
  );
  const judged = judgeVolume({ volume: 'v', sets: look.sets });
  expect(judged.states).toMatchObject({ clean: 2, undecidable: 0 });
  expect(judged.worst).toBe('undecidable');
});

test('nobody answers: an error that names every node', async () => {
  await expect(lookAtBricks([away(0), away(1)], 'v', OPTIONS)).rejects.toThrow(
    /no node could tell which bricks volume v has \(n0: .*no route.*; n1: /,
  );
});

test('it reads bricks, and asks the CLI only when told to, and after the bricks', async () => {
  const asked: string[] = [];
  await lookAtBricks([nodeShell(0, '', asked)], 'v', OPTIONS);
  expect(asked).toEqual(['identity', 'layout', 'index', 'files']);
  await lookAtBricks([nodeShell(0, '', asked)], 'v', { hash: true, healInfo: true });
  expect(asked.slice(4)).toEqual(['identity', 'layout', 'index', 'files-with-sums', 'heal-info']);
});
