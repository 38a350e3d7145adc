/** A question to a gate that starts from nothing: every look since it was opened counts, none from before. */
import { extrasOfGate, judgeGate, reasonsOf } from '../../harness/index.ts';
import type {
  Answer,
  ConditionRuling,
  Gate,
  GateFacts,
  OpenQuestion,
  Shell,
  SiteDescription,
  Waiver,
} from '../../harness/index.ts';
import { gateFacts } from './gate-facts.ts';

export interface QuestionOptions {
  readonly volume: string;
  readonly waivers: readonly Waiver[];
  /** Those that can be asked. */
  readonly gates: readonly Gate[];
  readonly site: SiteDescription;
  /** Patterns of VM images below the volume's root, for one gate; else the usual ones. */
  readonly imagesOf?: (gate: Gate) => readonly string[] | undefined;
}

export function questions(shells: readonly Shell[], options: QuestionOptions): OpenQuestion {
  return (name, node) => {
    const gate = options.gates.find((one) => one.name === name);
    if (gate === undefined)
      throw new Error(
        `there is no gate "${name}" to ask every condition of; there are: ${options.gates.map((one) => one.name).join(', ')}`,
      );
    const looks: GateFacts[] = [];
    const images = options.imagesOf?.(gate);
    return async (signal) => {
      looks.push(
        await gateFacts(shells, options.volume, gate.profile, {
          extras: extrasOfGate(gate),
          sharedAddresses: options.site.routers?.addresses ?? [],
          coldMinutes: 0,
          signal,
          ...(images === undefined ? {} : { images }),
        }),
      );
      const answer = judgeGate(gate, { node, waivers: options.waivers, site: options.site }, looks);
      return { rulings: answer.rulings.map(plain), stable: answer.stability.kind === 'open' };
    };
  };
}

const plain = ({ code, decision, waived }: Answer['rulings'][number]): ConditionRuling => ({
  code,
  kind: decision.kind,
  because: reasonsOf(decision).slice(0, 3),
  waived: waived !== undefined,
});
