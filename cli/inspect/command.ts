/** `healproof inspect`: what the bricks say about every file, for files that somebody collected. */
import { closeSync, writeSync } from 'node:fs';
import {
  FILE_STATES,
  type FileState,
  type Inspection,
  type Judged,
  type JudgedSnapshot,
} from '../../harness/index.ts';
import { collectLines, inspectCollected, type Given } from '../../lab/index.ts';
import { inspectionText, printable, Shown } from './text.ts';

/** As commander parses them. */
export interface InspectOptions {
  /** `NAME=FOLDER` or `NAME=DUMP`, in the order of `gluster volume info`. */
  readonly bricks?: readonly string[];
  readonly later?: readonly string[];
  readonly volumeInfo?: string;
  readonly json?: boolean;
  readonly printCollect?: boolean;
}

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** 0 clean, 1 healing or worse, 2 undecidable, or an input that can't be judged. */
export const EXIT = { clean: 0, trouble: 1, undecidable: 2 } as const;

export const exitCodeOf = (worst: FileState): number =>
  worst === 'clean' ? EXIT.clean : worst === 'undecidable' ? EXIT.undecidable : EXIT.trouble;

export function inspectCommand(options: InspectOptions, output: Output = processOutput): number {
  if (options.printCollect === true) {
    output.out(collectLines());
    return EXIT.clean;
  }
  try {
    const bricks = (options.bricks ?? []).map(given);
    if (bricks.length < 2)
      throw new Error(
        `${bricks.length} bricks given, at least two are needed: healproof inspect NAME=FOLDER NAME=FOLDER...; 'healproof inspect --print-collect' shows how to make the folders`,
      );
    const request = {
      bricks,
      ...(options.later === undefined ? {} : { later: options.later.map(given) }),
      ...(options.volumeInfo === undefined ? {} : { volumeInfo: options.volumeInfo }),
    };
    return options.json === true ? asJson(request, output) : asText(request, output);
  } catch (error) {
    output.err(`inspect: ${printable(error instanceof Error ? error.message : String(error))}\n`);
    return EXIT.undecidable;
  }
}

function given(text: string): Given {
  const equals = text.indexOf('=');
  if (equals <= 0 || equals === text.length - 1)
    throw new Error(
      `'${text}' is not NAME=FOLDER: name each brick as the verdict should call it, such as pve1=collected/pve1`,
    );
  return { name: text.slice(0, equals), where: text.slice(equals + 1) };
}

type Request = Parameters<typeof inspectCollected>[0];

function asText(request: Request, output: Output): number {
  const shown = new Shown();
  const inspection = inspectCollected(request, (judged) => shown.add(judged));
  output.out(inspectionText(inspection, shown));
  return exitCodeOf(inspection.worst);
}

function asJson(request: Request, output: Output): number {
  const json = new JsonOutput(output);
  const inspection = inspectCollected(request, (judged) => json.file(judged));
  json.end(inspection);
  return exitCodeOf(inspection.worst);
}

/** The same answer for a running lab or a cluster that was observed: `judgeSnapshot` makes what is printed here. */
export function printSnapshot(
  judged: JudgedSnapshot,
  options: { readonly json?: boolean },
  output: Output = processOutput,
): number {
  if (options.json === true) {
    const json = new JsonOutput(output);
    for (const file of judged.files) json.file(file);
    json.end(judged, { disagreements: judged.disagreements });
    return exitCodeOf(judged.worst);
  }
  const shown = new Shown();
  for (const file of judged.files) shown.add(file);
  const cli = judged.disagreements.map(
    (d) => `the CLI disagrees about ${d.about}: bricks ${d.bricks}, CLI ${d.cli}`,
  );
  output.out(inspectionText({ ...judged, notes: [...judged.notes, ...cli] }, shown));
  return exitCodeOf(judged.worst);
}

/** Writes as it goes: with a million files the whole answer would not fit into memory. Each file is one line. */
class JsonOutput {
  readonly #output: Output;
  #wrote = 0;
  #held: string[] = [];

  constructor(output: Output) {
    this.#output = output;
  }

  file(judged: Judged): void {
    this.#held.push(this.#wrote === 0 ? '{"files":[\n' : ',\n', JSON.stringify(fileJson(judged)));
    this.#wrote += 1;
    if (this.#held.length > 1000) this.#flush();
  }

  end(inspection: Inspection, more: object = {}): void {
    const { worst, states, images, order, notes, volume, bricks } = inspection;
    const counted = Object.fromEntries(FILE_STATES.filter((s) => states[s] > 0).map((s) => [s, states[s]]));
    const rest = JSON.stringify({ worst, volume, bricks, states: counted, images, order, notes, ...more });
    this.#held.push(this.#wrote === 0 ? '{"files":[' : '', '\n],\n', rest.slice(1), '\n');
    this.#flush();
  }

  #flush(): void {
    this.#output.out(this.#held.join(''));
    this.#held = [];
  }
}

function fileJson({ verdict, choices }: Judged): object {
  return choices.length === 0 ? verdict : { ...verdict, choices };
}

/** Synchronous, so that nothing piles up when the reader is slow; a reader that went away ends the command quietly. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EPIPE') {
        closeSync(fd);
        process.exit(EXIT.undecidable);
      }
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); // a full pipe: let the reader read
    }
  }
}
const processOutput: Output = { out: (text) => writeAll(1, text), err: (text) => writeAll(2, text) };
