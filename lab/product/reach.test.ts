/** What a program loads, found without running it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { reach } from './reach.ts';

function project(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'healproof-reach-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const pack = (more: object = {}): string => JSON.stringify({ version: '1.0.0', ...more });

test('modules that are imported, on several lines and for their effects too; no types, and none that is imported when it is needed', () => {
  const root = project({
    'cli/a.ts': [
      "import {\n  one,\n  two,\n} from '../lab/b.ts';",
      "import '../lab/effect.ts';",
      "import type { T } from '../lab/types.ts';",
      "export { three } from './c.ts';",
      "export type { U } from '../lab/types.ts';",
      "const later = () => import('../lab/later.ts');",
      "import fs from 'node:fs';",
    ].join('\n'),
    'lab/b.ts': "import { a } from '../cli/a.ts';",
    'lab/effect.ts': '',
    'lab/types.ts': '',
    'lab/later.ts': '',
    'cli/c.ts': '',
  });
  expect(reach(root, ['cli/a.ts']).modules).toEqual(['cli/a.ts', 'cli/c.ts', 'lab/b.ts', 'lab/effect.ts']);
});

test('packages with all that they need, where Node would find it; what is optional may be missing', () => {
  const root = project({
    'a.ts': "import x from '@scope/x/deep/file.js';\nimport y from 'y';",
    'node_modules/@scope/x/package.json': pack({
      dependencies: { z: '2' },
      peerDependencies: { peer: '1', gone: '1' },
    }),
    'node_modules/@scope/x/node_modules/z/package.json': pack({ version: '2.0.0' }),
    'node_modules/y/package.json': pack({ dependencies: { z: '1' }, optionalDependencies: { native: '1' } }),
    'node_modules/z/package.json': pack(),
    'node_modules/peer/package.json': pack(),
    'node_modules/nobodys/package.json': pack(),
    'node_modules/node_modules/peer/package.json': pack({ version: '9.0.0' }),
  });
  expect(reach(root, ['a.ts']).packages).toEqual([
    { folder: 'node_modules/@scope/x', version: '1.0.0' },
    { folder: 'node_modules/@scope/x/node_modules/z', version: '2.0.0' },
    { folder: 'node_modules/peer', version: '1.0.0' },
    { folder: 'node_modules/y', version: '1.0.0' },
    { folder: 'node_modules/z', version: '1.0.0' },
  ]);
});

test('a package that is not installed is named, with who needs it', () => {
  const root = project({
    'a.ts': "import y from 'y';",
    'node_modules/y/package.json': pack({ dependencies: { z: '1' } }),
  });
  expect(() => reach(root, ['a.ts'])).toThrow('z, which node_modules/y needs, is not in node_modules');
});
