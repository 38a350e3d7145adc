/** Patterns as ssh_config(5) and sshd(8) have them: `*` and `?` match anything, `!` in front takes a match back. */

/** One pattern against a whole name. */
export function wildcard(pattern: string, name: string): boolean {
  const escaped = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 's').test(name);
}

/** A list: some pattern matches, and no negated one does. */
export function inList(patterns: readonly string[], name: string): boolean {
  const hit = (one: string): boolean => wildcard(one, name);
  if (patterns.some((one) => one.startsWith('!') && hit(one.slice(1)))) return false;
  return patterns.some((one) => !one.startsWith('!') && hit(one));
}
