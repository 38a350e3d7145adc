/** A real cluster over SSH. Opening it connects to nobody: the first question to a node does, and again after a connection was lost. */
import { node } from '../../harness/index.ts';
import type { ExecOutcome, NodeName, Shell, SiteDescription, Waiver } from '../../harness/index.ts';
import { descriptionOf, presenceOf } from './description.ts';
import type { Around, Overrides } from './host-settings.ts';
import { around, jumpsOf } from './host-settings.ts';
import { parseInventory } from './inventory.ts';
import type { Inventory } from './inventory.ts';
import { Routes } from './routes.ts';
import { readSshConfig } from './ssh-config.ts';

export interface SiteOptions {
  /** Names as ssh would take them; with an inventory, names of its hosts. */
  readonly hosts?: readonly string[];
  /** Instead of ~/.ssh/config and /etc/ssh/ssh_config, as `ssh -F`. */
  readonly sshConfig?: string;
  /** Ansible inventory, INI. Without `hosts`, all of its hosts (or those of `group`) are meant. */
  readonly inventory?: string;
  readonly group?: string;
  /** For one hop, when ssh_config has no ConnectTimeout. */
  readonly connectMs?: number;
  readonly here?: Around;
}

export interface Site extends AsyncDisposable {
  /** One per node, in the order given. A node that can't be reached answers `cut-off` with the reason. */
  shells(): readonly Shell[];
  /** What the inventory says a site can't have: `healproof_waive_CODE="why"` at the node or its groups. */
  waivers(node: NodeName): readonly Waiver[];
  /** What else it says of the site, at the node or its groups. @throws for a value that can't be understood. */
  description(node: NodeName): SiteDescription;
  /** `healproof_volume` of the inventory, when every node that has one has the same. */
  readonly volume: string | undefined;
}

const CONNECT_MS = 5000;
const WAIVE = 'healproof_waive_';

/** @throws for options and files that make no sense; never for a node that does not answer. */
export function openSite(options: SiteOptions): Site {
  const here = options.here ?? around();
  const inventory = inventoryOf(options, here);
  const names = namesOf(options, inventory);
  const variables = (name: string): Readonly<Record<string, string>> => inventory?.variables(name) ?? {};
  const connectMs = options.connectMs ?? CONNECT_MS;
  const routes = new Routes({
    rules: readSshConfig(options.sshConfig, here.files),
    configFile: options.sshConfig,
    connectMs,
    here,
  });
  const shells = names.map((name) => new SiteShell(name, variables(name), routes, connectMs));
  const volumes = new Set(names.flatMap((name) => variables(name)['healproof_volume'] ?? []));
  return {
    shells: () => shells,
    waivers: (asked) =>
      Object.entries(variables(asked)).flatMap(([key, why]) =>
        // Blank is not said, as everywhere: a host takes back so what its group waives.
        key.startsWith(WAIVE) && why.trim() !== '' ? [{ condition: key.slice(WAIVE.length), why }] : [],
      ),
    description: (asked) => ({ ...descriptionOf(variables(asked)), ...presenceOf(names, variables) }),
    volume: volumes.size === 1 ? [...volumes][0] : undefined,
    [Symbol.asyncDispose]: () => routes[Symbol.asyncDispose](),
  };
}

function inventoryOf({ inventory: file }: SiteOptions, { files }: Around): Inventory | undefined {
  if (file === undefined) return undefined;
  const text = files.read(file);
  if (text === undefined) throw new Error(`--inventory ${file}: there is no such file`);
  return parseInventory(text, file);
}

function namesOf({ hosts, group, inventory: file }: SiteOptions, inventory: Inventory | undefined) {
  if (inventory === undefined && group !== undefined) throw new Error('--group needs --inventory');
  const names = hosts ?? inventory?.inGroup(group ?? 'all') ?? [];
  if (names.length === 0)
    throw new Error('no node was named: give --hosts pve1,pve2,pve3 or --inventory FILE');
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`--hosts names ${twice} twice`);
  const strange = inventory === undefined ? undefined : names.find((one) => !inventory.hosts.includes(one));
  if (strange !== undefined)
    throw new Error(`${file} has no host ${strange}; it has ${inventory?.hosts.join(', ')}`);
  const odd = names.find((name) => !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name));
  if (odd !== undefined)
    throw new Error(`"${odd}" can't be a host's name; users and ports go into ssh_config or an inventory`);
  return names;
}

/** sshd's MaxSessions is 10 as shipped; two are left for the person. */
const AT_ONCE = 8;

class SiteShell implements Shell {
  readonly node: NodeName;
  readonly #alias: string;
  readonly #overrides: Overrides;
  readonly #routes: Routes;
  readonly #rememberMs: number;
  #running = 0;
  readonly #waiting: (() => void)[] = [];
  #unreachable: { readonly because: string; readonly at: number } | undefined;

  constructor(name: string, variables: Readonly<Record<string, string>>, routes: Routes, rememberMs: number) {
    this.node = node(name);
    this.#alias = variables['ansible_host'] ?? variables['ansible_ssh_host'] ?? name;
    this.#overrides = overridesOf(name, variables);
    this.#routes = routes;
    this.#rememberMs = rememberMs;
    // Says at once what is wrong with the configuration; nobody is connected to yet.
    routes.settings(this.#alias, this.#overrides);
  }

  async run(
    line: string,
    options: { readonly limitMs: number; readonly signal?: AbortSignal },
  ): Promise<ExecOutcome> {
    // Just tried in vain: trying again would cost the same time for the same answer.
    const last = this.#unreachable;
    if (last !== undefined && performance.now() - last.at < this.#rememberMs)
      return { kind: 'cut-off', because: last.because };
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      const connection = await this.#routes.connect(this.#alias, this.#overrides);
      this.#unreachable = undefined;
      return await connection.exec(line, options);
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error);
      this.#unreachable = { because, at: performance.now() };
      return { kind: 'cut-off', because };
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}

/** Connection variables that Ansible has and that are not followed here would connect elsewhere. */
function overridesOf(name: string, variables: Readonly<Record<string, string>>): Overrides {
  const { ansible_connection: connection, ansible_become: become } = variables;
  if (connection !== undefined && !['ssh', 'smart', 'paramiko', 'paramiko_ssh'].includes(connection))
    throw new Error(`ansible_connection of ${name} is "${connection}"; only ssh is supported`);
  if (become !== undefined && /^(yes|true|1)$/i.test(become))
    throw new Error(
      `ansible_become of ${name} is not supported: log in as root, as Proxmox nodes do among themselves`,
    );
  const port = variables['ansible_port'] ?? variables['ansible_ssh_port'];
  const user = variables['ansible_user'] ?? variables['ansible_ssh_user'];
  const identityFile = variables['ansible_ssh_private_key_file'] ?? variables['ansible_private_key_file'];
  const jumps = jumpsIn(name, variables);
  return {
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port: portOf(name, port) }),
    ...(identityFile === undefined ? {} : { identityFile }),
    ...(jumps === undefined ? {} : { jumps }),
  };
}

function portOf(name: string, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new Error(`ansible_port of ${name} is "${text}", which is no port`);
  return port;
}

/** Of ssh arguments in an inventory only jump hosts are understood: `-J HOST` and `-o ProxyJump=HOST`. */
function jumpsIn(name: string, variables: Readonly<Record<string, string>>): readonly string[] | undefined {
  const text = ['ansible_ssh_args', 'ansible_ssh_common_args', 'ansible_ssh_extra_args']
    .map((key) => variables[key] ?? '')
    .join(' ')
    .trim();
  if (text === '') return undefined;
  const found = /^(?:-J\s*|-o\s*ProxyJump[= ])(\S+)$/.exec(text)?.[1];
  if (found === undefined)
    throw new Error(
      `ssh arguments of ${name} in the inventory ("${text}") are not supported; write them into ssh_config`,
    );
  return jumpsOf(found);
}
