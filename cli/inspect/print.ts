/** How an inspection is printed, for people and for machines. */
import { closeSync, writeSync } from 'node:fs';
import { FILE_STATES } from '../../harness/index.ts';
import type { FileState, Inspection, Judged, JudgedSnapshot } from '../../harness/index.ts';
import { inspectionText, Shown } from './text.ts';

export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

export interface Form {
  readonly json?: boolean;
  /** With `json`: everything that is known, not only what decides. */
  readonly details?: boolean;
}

/** 0 clean, 1 healing or worse, 2 undecidable, or an input that can't be judged. */
export const EXIT = { clean: 0, trouble: 1, undecidable: 2 } as const;

export const exitCodeOf = (worst: FileState): number =>
  worst === 'clean' ? EXIT.clean : worst === 'undecidable' ? EXIT.undecidable : EXIT.trouble;

/** Takes files as they are judged, and what they come to. */
export interface Printer {
  file(judged: Judged): void;
  /** Answers the exit code. */
  end(inspection: Inspection, more?: object): number;
}

export const printer = (form: Form, output: Output): Printer =>
  form.json === true ? new JsonPrinter(output, form.details === true) : new TextPrinter(output);

/** The same for a running lab or a cluster that was observed. */
export function printSnapshot(judged: JudgedSnapshot, form: Form, output: Output): number {
  const print = printer(form, output);
  for (const file of judged.files) print.file(file);
  const { disagreements } = judged;
  const cli = disagreements.map(
    (d) => `the CLI disagrees about ${d.about}: bricks ${d.bricks}, CLI ${d.cli}`,
  );
  const notes = form.json === true ? judged.notes : [...judged.notes, ...cli];
  return print.end({ ...judged, notes }, { disagreements });
}

class TextPrinter implements Printer {
  readonly #output: Output;
  readonly #shown = new Shown();

  constructor(output: Output) {
    this.#output = output;
  }

  file(judged: Judged): void {
    this.#shown.add(judged);
  }

  end(inspection: Inspection): number {
    this.#output.out(inspectionText(inspection, this.#shown));
    return exitCodeOf(inspection.worst);
  }
}

/** Writes as it goes: with a million files the whole answer would not fit into memory. Each file is one line. */
class JsonPrinter implements Printer {
  readonly #output: Output;
  readonly #details: boolean;
  #wrote = 0;
  #held: string[] = [];

  constructor(output: Output, details: boolean) {
    [this.#output, this.#details] = [output, details];
  }

  file(judged: Judged): void {
    const row = this.#details ? detailed(judged) : plain(judged);
    this.#held.push(this.#wrote === 0 ? '{"files":[\n' : ',\n', JSON.stringify(row));
    this.#wrote += 1;
    if (this.#held.length > 1000) this.#flush();
  }

  end(inspection: Inspection, more: object = {}): number {
    const { worst, states, images, order, notes, volume, bricks } = inspection;
    const counted = Object.fromEntries(FILE_STATES.filter((s) => states[s] > 0).map((s) => [s, states[s]]));
    const rest = this.#details
      ? { worst, volume, bricks, states: counted, images, order, notes, ...more }
      : { worst };
    this.#held.push(this.#wrote === 0 ? '{"files":[' : '', '\n],\n', JSON.stringify(rest).slice(1), '\n');
    this.#flush();
    return exitCodeOf(worst);
  }

  #flush(): void {
    this.#output.out(this.#held.join(''));
    this.#held = [];
  }
}

/** The shape that is promised. */
function plain({ verdict }: Judged): object {
  const { path, gfid, state, kinds, sources, sinks, blame, ifDown, ifSource } = verdict;
  return { path, gfid: gfid ?? null, state, kinds, sources, sinks, blame, ifDown, ifSource };
}

const detailed = ({ verdict, choices }: Judged): object => ({
  ...verdict,
  gfid: verdict.gfid ?? null,
  ...(choices.length === 0 ? {} : { choices }),
});

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
export const processOutput: Output = { out: (text) => writeAll(1, text), err: (text) => writeAll(2, text) };
