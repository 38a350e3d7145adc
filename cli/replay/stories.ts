/** Which stories there are, by their files: known without a lab and without an engine. */
import { globSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const STORY = /^scenarios\/(?<id>.+)\.scenario\.ts$/;

/** Such as `nights/fixed-delay-replica-2`, in order. */
export const storyNames = (root = ROOT): readonly string[] =>
  globSync('scenarios/**/*.scenario.ts', { cwd: root })
    .map((path) => STORY.exec(path)?.groups?.['id'] ?? path)
    .toSorted();

/** @throws naming each part that is in the name of no story, and the names that there are. */
export function mustBeStories(parts: readonly string[], names = storyNames()): void {
  const unknown = parts.filter((part) => !names.some((name) => `scenarios/${name}`.includes(part)));
  if (unknown.length === 0) return;
  throw new Error(
    `there is no command and no story ${unknown.map((part) => `"${part}"`).join(' or ')}. Stories:\n  ${names.join('\n  ')}`,
  );
}

/** Parts of paths by which their files are found. A whole id is that story alone, though others have it in theirs. */
export const pathsOf = (parts: readonly string[], names = storyNames()): readonly string[] =>
  parts.map((part) => (names.some((name) => name.endsWith(`/${part}`)) ? `/${part}.scenario.` : part));
