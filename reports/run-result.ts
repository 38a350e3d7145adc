/** A run in the numbers of the final table and of `--json`. Pure. */
import { splitBrainFilesIn } from '../harness/index.ts';
import type { Aspect, Finding, History, Scenario, VerdictKind } from '../harness/index.ts';
import { SCHEMA } from './about.ts';
import type { About } from './about.ts';
import { differencesFrom, reasonOf, untoldOf } from './as-expected.ts';
import type { Judged } from './as-expected.ts';
import type { Detection, NoReturnFigures } from './detection.ts';
import { figuresOf } from './figures.ts';
import type { Figures } from './figures.ts';

/** `null` = not known, never zero. Seconds are on the lab's clock unless the name says otherwise. */
export interface RunResult {
  readonly id: string;
  readonly scenario: string;
  readonly procedure: string;
  readonly volume: string;
  readonly expected: VerdictKind;
  readonly verdict: VerdictKind;
  /** One sentence. */
  readonly because: string;
  readonly oracles: readonly {
    readonly name: string;
    readonly verdict: VerdictKind;
    readonly because: string;
  }[];
  readonly outageSeconds: number | null;
  /** The outage with the modelled time of people in it. */
  readonly siteOutageSeconds: number | null;
  readonly splitBrainFiles: number | null;
  readonly lostWrites: number | null;
  readonly firstAlertSeconds: number | null;
  /** Fired, delivered, woke, acknowledged, acts: of the longest outage. */
  readonly detection: Detection | null;
  /** When data or service was bound to be lost, and whether anybody had been told. */
  readonly noReturn: NoReturnFigures | null;
  readonly durationSeconds: number;
  /** Folder. */
  readonly bundle: string;
  readonly asExpected: boolean;
  /** What differs from the expectation, and what of the bundle could not be written; a sentence each. */
  readonly notes: readonly string[];
}

/** `verdict.json` of a bundle. */
export interface VerdictFile {
  readonly schema: typeof SCHEMA;
  readonly verdict: VerdictKind;
  readonly because: string;
  readonly expected: Scenario['expect'];
  readonly asExpected: boolean;
  readonly differences: readonly string[];
  readonly judgements: readonly {
    readonly name: string;
    /** Verdicts of before have none. */
    readonly means?: string;
    readonly aspect: Aspect;
    readonly verdict: VerdictKind;
    readonly because: string;
    /** Only of a broken oracle. */
    readonly findings?: readonly Finding[];
    /** How many things it looked at; only of one that holds. */
    readonly looked?: number;
  }[];
  readonly figures: Figures;
}

export function verdictFileOf(about: About, history: History, judged: Judged): VerdictFile {
  const spec = history.find((event) => event.kind === 'run-began')?.spec ?? about.site;
  const differences = [...differencesFrom(about.expected, judged), ...untoldOf(about.expected, history)];
  return {
    schema: SCHEMA,
    verdict: judged.verdict,
    because: reasonOf(judged),
    expected: about.expected,
    asExpected: differences.length === 0,
    differences,
    judgements: judged.judgements.map(({ name, means, aspect, verdict }) => ({
      name,
      means,
      aspect,
      verdict: verdict.kind,
      because: verdict.because,
      ...(verdict.kind === 'broken' ? { findings: verdict.findings } : {}),
      ...(verdict.kind === 'holds' ? { looked: verdict.looked } : {}),
    })),
    figures: figuresOf(history, { splitBrainIn: (snapshot) => splitBrainFilesIn(snapshot, spec) }),
  };
}

export function resultOf(
  about: About,
  file: VerdictFile,
  bundle: string,
  trouble: readonly string[] = [],
): RunResult {
  const { figures } = file;
  return {
    id: about.id,
    scenario: about.scenario,
    procedure: about.procedure,
    volume: about.volume,
    expected: about.expected.verdict,
    verdict: file.verdict,
    because: file.because,
    oracles: file.judgements.map(({ name, verdict, because }) => ({ name, verdict, because })),
    outageSeconds: figures.outageSeconds,
    siteOutageSeconds: figures.outageSecondsSiteClock,
    splitBrainFiles: figures.splitBrainFiles,
    lostWrites: figures.lostWrites,
    firstAlertSeconds: figures.firstAlertSeconds,
    detection: figures.detection,
    noReturn: figures.noReturn,
    durationSeconds: figures.durationSeconds,
    bundle,
    asExpected: file.asExpected,
    notes: [...file.differences, ...trouble],
  };
}
