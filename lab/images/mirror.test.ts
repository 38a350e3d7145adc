import { expect, test } from 'vitest';
import { parseSources, sourceLines } from './mirror.ts';

const STANZAS = `Enabled: no
Types: deb
URIs: http://off.example/debian
Suites: trixie

Types: deb
URIs: http://mirror.example/debian
Suites: trixie trixie-updates
Components: main
# a comment
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: trixie-security
Components: main
`;

test('the mirror of another release is carried over to the one of the images', () => {
  expect(sourceLines(parseSources('debian.sources', STANZAS), 'trixie', 'bookworm')).toEqual([
    'deb http://mirror.example/debian bookworm main',
    'deb http://mirror.example/debian bookworm-updates main',
    'deb http://mirror.example/debian-security bookworm-security main',
  ]);
});

test('one-line sources with options; others than Debian are left out', () => {
  const text = `# deb http://no.example/debian bookworm main
deb [signed-by=/k.gpg arch=amd64] https://mirror.example/debian/ bookworm main contrib
deb https://tools.example/apt stable main
`;
  expect(sourceLines(parseSources('sources.list', text), 'bookworm', 'bookworm')).toEqual([
    'deb https://mirror.example/debian/ bookworm main',
  ]);
});

test('nothing that can be carried over: the default of the tool', () => {
  const text = 'deb mirror+file:/etc/apt/mirrors.list bookworm main\n';
  expect(sourceLines(parseSources('sources.list', text), 'bookworm', 'bookworm')).toEqual([]);
});
