/**
 * An Ansible inventory in INI form, as far as a gate needs it: hosts with variables, ranges, groups of hosts and groups of groups. Our own
 * parser: for INI libraries `pve1 ansible_host=a ansible_user=b` is one key with one value.
 */
export interface Inventory {
  /** In the order of the file. */
  readonly hosts: readonly string[];
  /** A host's own variables and those of its groups; the closest wins, as in Ansible. */
  readonly variables: (host: string) => Readonly<Record<string, string>>;
  /** @throws for a group that is not there. */
  readonly inGroup: (group: string) => readonly string[];
}

interface Group {
  readonly hosts: Set<string>;
  readonly children: Set<string>;
  readonly variables: Map<string, string>;
}

/** @throws with file and line for what it does not understand. */
export function parseInventory(text: string, file: string): Inventory {
  const groups = new Map<string, Group>();
  const hosts = new Map<string, Map<string, string>>();
  const group = (name: string): Group => {
    const found = groups.get(name) ?? { hosts: new Set(), children: new Set(), variables: new Map() };
    groups.set(name, found);
    return found;
  };
  let section = { name: 'ungrouped', kind: 'hosts' };
  for (const [index, raw] of text.split('\n').entries()) {
    const fail = (says: string): never => {
      throw new Error(`${file}:${index + 1}: ${says}`);
    };
    const line = raw.trim();
    if (line === '' || /^[#;]/.test(line)) continue;
    const header = /^\[([^\]]+)\]\s*(?:#.*)?$/.exec(line)?.[1];
    if (header !== undefined) {
      const [name = '', kind = 'hosts', more] = header.split(':');
      if (more !== undefined || !['hosts', 'vars', 'children'].includes(kind))
        fail(`[${header}] is no section: write [group], [group:vars] or [group:children]`);
      group(name);
      section = { name, kind };
      continue;
    }
    if (section.kind === 'vars') {
      const [key, value] = variable(line) ?? fail(`"${line}" is no variable: write name=value`);
      group(section.name).variables.set(key, value);
    } else if (section.kind === 'children') {
      group(line.split(/\s/)[0] ?? line);
      group(section.name).children.add(line.split(/\s/)[0] ?? line);
    } else {
      const [pattern = '', ...rest] = words(line, fail);
      const own = rest.map((word) => variable(word) ?? fail(`"${word}" is no variable: write name=value`));
      for (const host of spread(pattern, fail)) {
        const known = hosts.get(host) ?? new Map<string, string>();
        for (const [key, value] of own) known.set(key, value);
        hosts.set(host, known);
        group(section.name).hosts.add(host);
      }
    }
  }
  return inventoryOf(groups, hosts, file);
}

function inventoryOf(
  groups: ReadonlyMap<string, Group>,
  hosts: ReadonlyMap<string, ReadonlyMap<string, string>>,
  file: string,
): Inventory {
  const all = [...hosts.keys()];
  const members = (name: string, seen: ReadonlySet<string> = new Set()): readonly string[] => {
    const group = groups.get(name);
    if (group === undefined || seen.has(name)) return [];
    const below = [...group.children].flatMap((child) => members(child, new Set([...seen, name])));
    return [...new Set([...group.hosts, ...below])];
  };
  const depth = (name: string, seen: ReadonlySet<string> = new Set()): number => {
    const parents = [...groups].filter(([other, { children }]) => children.has(name) && !seen.has(other));
    return 1 + Math.max(0, ...parents.map(([other]) => depth(other, new Set([...seen, name]))));
  };
  return {
    hosts: all,
    variables: (host) => {
      const mine = [...groups.keys()].filter((name) => name !== 'all' && members(name).includes(host));
      // As Ansible sorts them: by depth, then by name.
      const near = mine
        .toSorted((one, other) => depth(one) - depth(other) || (one < other ? -1 : 1))
        .map((name) => groups.get(name)?.variables ?? new Map<string, string>());
      const layers = [groups.get('all')?.variables ?? [], ...near, hosts.get(host) ?? []];
      return Object.fromEntries(layers.flatMap((layer) => [...layer]));
    },
    inGroup: (name) => {
      if (name === 'all') return all;
      if (!groups.has(name))
        throw new Error(`${file} has no group ${name}; it has ${[...groups.keys()].join(', ')}`);
      return members(name);
    },
  };
}

function variable(text: string): readonly [string, string] | undefined {
  const [, key, value] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined) return undefined;
  const quoted = /^(["'])(.*)\1$/.exec(value)?.[2];
  return [key, quoted ?? value.replace(/\s+#.*$/, '')];
}

/** Words as a shell splits them; quotes may stand around a value. */
function words(line: string, fail: (says: string) => never): readonly string[] {
  const found = line.match(/(?:[^\s"'#]|"[^"]*"|'[^']*'|["'])+|#.*$/g) ?? [];
  const kept = found.filter((word) => !word.startsWith('#'));
  if (kept.some((word) => (word.match(/["']/g)?.length ?? 0) % 2 === 1)) fail('a quote is not closed');
  return kept.map((word) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, a?: string, b?: string) => a ?? b ?? ''),
  );
}

/** `pve[1:3]` is pve1, pve2, pve3; `pve[01:03]` keeps the zeros; `[a:c]` counts letters. */
function spread(pattern: string, fail: (says: string) => never): readonly string[] {
  const [, before, from, to, after] = /^([^[]*)\[([^:\]]+):([^:\]]+)\](.*)$/.exec(pattern) ?? [];
  if (before === undefined || from === undefined || to === undefined) {
    return pattern.includes('[') ? fail(`"${pattern}" is no range: write name[1:3]`) : [pattern];
  }
  const letters = /^[a-z]$/i.test(from) && /^[a-z]$/i.test(to);
  const [first, last] = letters ? [from.charCodeAt(0), to.charCodeAt(0)] : [Number(from), Number(to)];
  if (!Number.isInteger(first) || !Number.isInteger(last) || last < first || last - first > 999)
    return fail(`"${pattern}" is no range: write name[1:3]`);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    letters ? String.fromCharCode(first + index) : String(first + index).padStart(from.length, '0'),
  ).flatMap((one) => spread(`${before}${one}${after ?? ''}`, fail));
}
