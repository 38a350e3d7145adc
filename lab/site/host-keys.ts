/** Whether a host may be talked to, by the key it shows. Never a host whose key is not known, whatever StrictHostKeyChecking says. */
import type { HostKey, HostKeyRule } from '../ssh/index.ts';
import type { HostSettings } from './host-settings.ts';
import { isFor, knownAs, parseKnownHosts, trust } from './known-hosts.ts';
import type { KnownKey } from './known-hosts.ts';
import type { Files } from './ssh-config.ts';

export interface Way {
  /** How a person would name the file on ssh's command line; empty for the default. */
  readonly configFile: string | undefined;
  /** Last hop before the host, as ssh -J takes it. */
  readonly via: string | undefined;
}

/** Reads the host's known_hosts files, those that are there. */
export function hostKeyRule(host: HostSettings, way: Way, files: Files): HostKeyRule {
  const keys = host.knownHostsFiles.flatMap((file) => {
    const text = files.read(file);
    return text === undefined ? [] : parseKnownHosts(text, file);
  });
  const names = namesOf(host);
  return {
    known: keys
      .filter((one) => one.marker === undefined && names.some((name) => isFor(one, name)))
      .map(({ type }) => type),
    refuse: (shown) => refusal(keys, names, host, way, shown),
  };
}

function namesOf(host: HostSettings): readonly [string, ...string[]] {
  if (host.hostKeyAlias !== undefined) return [host.hostKeyAlias.toLowerCase()];
  const name = knownAs(host.hostName, host.port);
  return host.port === 22 ? [name] : [name, knownAs(host.hostName, 22)];
}

function refusal(
  keys: readonly KnownKey[],
  names: readonly [string, ...string[]],
  host: HostSettings,
  way: Way,
  shown: HostKey,
): string | undefined {
  const verdict = trust(keys, names, shown);
  const at = (entry: KnownKey): string => `${entry.file}:${entry.line}`;
  const key = `${shown.type} ${shown.fingerprint}`;
  switch (verdict.kind) {
    case 'known':
      return undefined;
    case 'unknown':
      return (
        `the host key of ${host.alias} (${names[0]}) is not known: it shows ${key}, and ${where(host)} has ` +
        `${verdict.otherTypes.length > 0 ? `only its ${verdict.otherTypes.join(', ')} key` : 'no key of it'}. ` +
        `Compare the fingerprint at the node (ssh-keygen -lf /etc/ssh/${fileOf(shown.type)}), then add the key: ${wayOut(host, way)}${lax(host)}`
      );
    case 'changed':
      return (
        `the host key of ${host.alias} (${names[0]}) has changed: it shows ${key}, ${at(verdict.entry)} has another one. ` +
        'Somebody may sit in between. If the node was set up anew, compare the fingerprint at its console, then: ' +
        `ssh-keygen -R '${names[0]}' -f ${verdict.entry.file}; ${wayOut(host, way)}`
      );
    case 'revoked':
      return `the host key of ${host.alias} (${names[0]}), ${key}, is marked @revoked in ${at(verdict.entry)}: do not connect to it`;
    case 'certificate-only':
      return (
        `${host.alias} (${names[0]}) is known only through @cert-authority in ${at(verdict.entry)}; host certificates are not supported. ` +
        `Add the plain key as well: ${wayOut(host, way)}`
      );
  }
}

const where = ({ knownHostsFiles }: HostSettings): string =>
  knownHostsFiles.length === 0 ? 'no known_hosts file' : (knownHostsFiles[0] ?? '');

const fileOf = (type: string): string =>
  `ssh_host_${type.replace(/^(?:ssh|ecdsa)-?/, '').replace(/^sha2-nistp\d+$/, 'ecdsa') || 'rsa'}_key.pub`;

/** A line that a person types to get the key into the right file. */
function wayOut({ alias, hostName, port, knownHostsFiles }: HostSettings, { configFile, via }: Way): string {
  const scan = `ssh-keyscan${port === 22 ? '' : ` -p ${port}`} ${hostName}`;
  if (via !== undefined)
    return `ssh${configFile === undefined ? '' : ` -F ${configFile}`} ${alias} true (from ${via} also: ${scan})`;
  return `${scan} >> ${knownHostsFiles[0] ?? '~/.ssh/known_hosts'}`;
}

const lax = ({ strictHostKeyChecking: how }: HostSettings): string =>
  how === undefined || /^(yes|ask)$/i.test(how)
    ? ''
    : `. "StrictHostKeyChecking ${how}" is not followed: a gate that asks the wrong host is worth nothing`;
