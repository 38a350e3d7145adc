/** Prometheus's and Alertmanager's own checkers, in a container of the image that runs the real ones: the versions can't differ. */
import { basename } from 'node:path';
import { runOnce } from '../docker/index.ts';
import type { Engine } from '../docker/index.ts';
import { PLACES } from './shipped.ts';
import type { NamedFile, Shipped } from './shipped.ts';

const LIMIT_MS = 60_000;
const FOLDER = '/check';

export interface Tooling {
  readonly engine: Engine;
  /** The image of those outside. */
  readonly image: string;
}

export interface ToolResult {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a shell line in a folder that holds the files, by the paths given. */
export async function runTool(
  { engine, image }: Tooling,
  line: string,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<ToolResult> {
  const { exitCode, output } = await runOnce(engine, {
    image,
    command: ['sh', '-c', `cd ${FOLDER} && ${line}`],
    volumes: [],
    limitMs: LIMIT_MS,
    files: files.map(({ path, text }) => ({ path: `${FOLDER}/${path}`, content: text })),
  });
  return { exitCode, output: output.replaceAll('\r', '').replaceAll(`${FOLDER}/`, '') };
}

const sentence = (files: readonly NamedFile[], { output }: ToolResult, tool: string): Error =>
  new Error(`${tool} refuses ${files.map(({ name }) => name).join(', ')}:\n${output.trim()}`);

/** `promtool check rules` and `amtool check-config` on what would be used. @throws with the tool's own words */
export async function checkShipped(tooling: Tooling, shipped: Shipped): Promise<void> {
  const rules = PLACES.flatMap((place) => shipped[place].rules);
  const checked = await runTool(
    tooling,
    'promtool check rules rules/*',
    rules.map((file) => ({ path: `rules/${basename(file.name)}`, text: file.text })),
  );
  if (checked.exitCode !== 0) throw sentence(rules, checked, 'promtool');
  for (const place of PLACES) {
    const { alertmanager } = shipped[place];
    const routed = await runTool(tooling, 'amtool check-config alertmanager.yml', [
      { path: 'alertmanager.yml', text: alertmanager.text },
    ]);
    if (routed.exitCode !== 0) throw sentence([alertmanager], routed, 'amtool');
  }
}
