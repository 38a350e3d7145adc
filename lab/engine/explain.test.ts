import { expect, test } from 'vitest';
import { explainLog } from './explain.ts';

test.each([
  ["failed to start daemon: Devices cgroup isn't mounted", 'cgroupfs-mount'],
  ['mkdir /x/data: no space left on device', 'XDG_CACHE_HOME'],
  ['pid file found, ensure docker is not running or delete /x/dockerd.pid', 'engine stop'],
  ['failed to start daemon: error initializing graphdriver: driver not supported', 'ext4 or xfs'],
  ['failed to start containerd: timeout waiting for containerd to start', 'containerd'],
  ['failed to register "bridge" driver: operation not permitted', 'a real or virtual machine'],
])('%s', (line, fix) => {
  expect(explainLog(`time="x" level=info msg="Starting up"\n${line}\n`)?.fix).toContain(fix);
});

test('the special cause is told rather than the general one', () => {
  const log = 'operation not permitted\nno space left on device';
  expect(explainLog(log)?.because).toContain('full');
});

test('a log that shows nothing known is not explained', () => {
  expect(explainLog('level=info msg="Loading containers: done."')).toBeUndefined();
});
