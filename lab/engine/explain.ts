/** Why dockerd did not come up, read from the end of its log. Pure. */

interface Cause {
  readonly sign: RegExp;
  readonly because: string;
  readonly fix: string;
}

const CAUSES: readonly Cause[] = [
  {
    sign: /devices cgroup isn't mounted|cgroups?: cgroup mountpoint does not exist/i,
    because: 'the cgroup hierarchies are not mounted',
    fix: 'apt-get install -y cgroupfs-mount && cgroupfs-mount',
  },
  {
    sign: /no space left on device/i,
    because: "the disk under the engine's folder is full",
    fix: 'free some space, or put the cache elsewhere with XDG_CACHE_HOME',
  },
  {
    sign: /pool overlaps|could not find an available.*address pool|all predefined address pools/i,
    because: 'every address range that dockerd tried is in use',
    fix: 'look at `ip route`; Healproof uses 198.18.0.0/15 only',
  },
  {
    sign: /process with pid \d+ is still running|pid file found/i,
    because: 'another dockerd holds the pid file',
    fix: './healproof engine stop, then try again',
  },
  {
    sign: /error initializing graphdriver|driver not supported|failed to mount overlay/i,
    because: 'no storage driver works on the file system of the engine’s folder (is it itself on overlay?)',
    fix: 'put the cache on ext4 or xfs with XDG_CACHE_HOME',
  },
  {
    sign: /failed to start containerd|timeout waiting for containerd/i,
    because: "dockerd's containerd did not start",
    fix: 'see the log for what containerd says; a containerd left over from a crash can be ended with ./healproof engine stop',
  },
  {
    sign: /operation not permitted/i,
    because: 'this machine (often a container itself) lacks a capability that dockerd needs',
    fix: 'run on a real or virtual machine',
  },
];

/** The most likely cause and what to do, or undefined when the log shows nothing that is known. */
export function explainLog(log: string): { because: string; fix: string } | undefined {
  const cause = CAUSES.find(({ sign }) => sign.test(log));
  return cause && { because: cause.because, fix: cause.fix };
}
