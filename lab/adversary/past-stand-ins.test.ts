import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { refusePastStandIns } from './past-stand-ins.ts';

function script(...lines: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'healproof-gate-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'gate');
  writeFileSync(path, lines.join('\n'));
  return path;
}

describe('a script that leaves the stand-ins behind is refused, with the line and the way out', () => {
  test.each([
    [
      'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
      /line 2, sets PATH without the old one in front .*write PATH="\$PATH:/,
    ],
    ['export PATH="/usr/local/sbin:$PATH"', /sets PATH/],
    ['export LC_ALL=C PATH=/usr/bin', /sets PATH/],
    ['PATH=${PATH:+/usr/sbin:$PATH}', /sets PATH/],
    ['PATH=$PATHS:/bin', /sets PATH/],
    ['true && PATH= gluster volume list', /sets PATH/],
    ['env LC_ALL=C PATH=/usr/sbin gluster volume list', /sets PATH/],
    [`ssh pve2 'PATH=/usr/sbin gluster volume list'`, /sets PATH/],
    ['unset PATH', /sets PATH/],
    ['os.environ["PATH"] = "/usr/sbin"', /sets PATH/],
    [`subprocess.run(words, env={'PATH': '/usr/sbin'})`, /sets PATH/],
    ['$ENV{PATH} = "/bin:/usr/sbin";', /sets PATH/],
    ['setenv PATH /usr/sbin', /sets PATH/],
    [`bash -lc 'gluster volume list'`, /reads the profile of a login shell/],
    ['[ ! -f /etc/profile ] || . /etc/profile', /reads the profile/],
    ['env -i gluster volume list', /goes on without PATH by "env -i"/],
    ['exec env - sh -c gluster', /goes on without PATH by "env -"/],
    ['command -p gluster volume list', /goes on without PATH/],
    ['su -c "gluster volume list"', /calls su, behind which .*sudo, which is a stand-in/],
    ['if ! doas gluster volume list; then', /calls doas/],
    ['text=$(nsenter -t 1 -m gluster volume list)', /calls nsenter/],
    ['sudo chroot /host gluster volume list', /calls chroot/],
    ['/usr/bin/sudo gluster volume list', /calls sudo by its full path/],
    ['/usr/sbin/gluster volume list', /calls gluster by its full path .*Call it by its name/],
  ])('%s', (line, expected) => {
    expect(() => refusePastStandIns(['/bin/sh', script('#!/bin/sh', line)])).toThrow(expected);
  });

  test.each([
    ['#!/bin/bash -l', /line 1, reads the profile .*without -l/],
    ['#!/bin/bash --login', /reads the profile/],
    ['#!/usr/bin/env -S bash -el', /reads the profile/],
    ['#!/usr/bin/env -i sh', /goes on without PATH/],
  ])('%s', (line, expected) => {
    expect(() => refusePastStandIns([script(line, 'gluster volume list')])).toThrow(expected);
  });

  test('also on the command line', () => {
    expect(() => refusePastStandIns(['/bin/bash', '-l', './gate'])).toThrow(
      /the command line reads the profile/,
    );
    expect(() => refusePastStandIns(['/usr/bin/env', 'PATH=/sbin', './gate'])).toThrow(
      /the command line sets PATH/,
    );
    expect(() => refusePastStandIns(['/bin/sh', '-c', 'true\ndoas true'])).toThrow(/calls doas/);
  });
});

test.each([
  'PATH="$PATH:/usr/sbin"',
  'export PATH=${PATH}:/usr/sbin',
  'PATH=$PATH:/usr/local/bin gluster volume list',
  'PATH="${PATH:+$PATH:}/usr/sbin"',
  'PATH+=:/usr/sbin',
  'ssh pve2 "PATH=\\$PATH:/usr/sbin gluster volume list"',
  'ssh pve2 /usr/sbin/gluster volume list',
  'ssh -l root pve2 gluster volume list',
  'LD_LIBRARY_PATH=/opt/lib; BRICK_PATH=/bricks',
  'if [ "$PATH" = x ] || [[ $PATH == *sbin* ]]; then',
  'os.environ["PATH"] += ":/usr/sbin"',
  'if os.environ["PATH"] == "": raise SystemExit(1)',
  'bash -euo pipefail other.sh -l',
  './check.sh -l; ls -l; sh -c "ls -l"',
  '#!/usr/bin/env -S python3 -u',
  'env LC_ALL=C gluster volume list; env -u HOME true',
  'sudo -n gluster volume list',
  'echo "ask the su team"; sum=0; result=$(sum 1)',
  '  # PATH=/usr/sbin:/usr/bin, su -c, /usr/sbin/gluster',
])('harmless: %s', (line) => {
  expect(() => refusePastStandIns(['/bin/sh', script('#!/bin/sh', line)])).not.toThrow();
});
