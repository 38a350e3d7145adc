/** Which Debian mirror this machine's apt uses, so that an image's base comes from the same. Pure. */

export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
}

/** Entries of a one-line `sources.list`: `deb [options] URI SUITE COMPONENTS`. */
function parseOneLine(text: string): readonly AptSource[] {
  return text.split('\n').flatMap((line) => {
    const [, uri, suite] = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line) ?? [];
    return uri !== undefined && suite !== undefined ? [{ uri, suites: [suite] }] : [];
  });
}

/** Entries of a `.sources` file: stanzas with `Types`, `URIs`, `Suites`. */
function parseStanzas(text: string): readonly AptSource[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const words = (key: string): readonly string[] =>
        (new RegExp(`^${key}:(.*)$`, 'im').exec(stanza)?.[1] ?? '').trim().split(/\s+/).filter(Boolean);
      const off = words('Enabled')[0]?.toLowerCase() === 'no';
      if (off || !words('Types').includes('deb')) return [];
      return words('URIs').map((uri) => ({ uri, suites: words('Suites') }));
    });
}

/** `name` decides the format, as apt does: `.sources` or anything else. */
export const parseSources = (name: string, text: string): readonly AptSource[] =>
  name.endsWith('.sources') ? parseStanzas(text) : parseOneLine(text);

/** Suites of a Debian release, and what they are called in the one that the images are made of. */
const PARTS = ['', '-updates', '-security'];

/**
 * Lines of a sources.list for `suite` from where this machine has its own release `codename` from. Empty when apt
 * here is set up in a way that can't be carried over (other distribution, mirror lists): then the tool's default is used.
 */
export function sourceLines(
  sources: readonly AptSource[],
  codename: string,
  suite: string,
): readonly string[] {
  const lines = PARTS.map((part) => {
    const found = sources.find(
      ({ uri, suites }) => /^https?:\/\//.test(uri) && suites.includes(`${codename}${part}`),
    );
    return found && `deb ${found.uri} ${suite}${part} main`;
  });
  // without the release itself, updates of it are of no use
  return lines[0] === undefined ? [] : lines.filter((line) => line !== undefined);
}
