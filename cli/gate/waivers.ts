/** What a site can't have, said beforehand. */
import { conditionNamed } from '../../harness/index.ts';
import type { Gate, NodeName, Waiver } from '../../harness/index.ts';
import type { Site } from '../../lab/on-site.ts';

/** What the inventory says about the node, and what the command line says. */
export function waiversOf(
  waive: readonly string[],
  site: Pick<Site, 'waivers'>,
  asked: NodeName,
): readonly Waiver[] {
  const said = waive.map((text) => {
    const [, code = '', why = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (why.trim() === '')
      throw new Error(`--waive ${text}: write CODE=why; the reason is shown with the answer`);
    return { condition: code.trim(), why: why.trim() };
  });
  const all = [...site.waivers(asked), ...said];
  return all.map(({ condition, why }) => ({ condition: conditionNamed(condition).code, why }));
}

export const isIn = (gate: Gate, waiver: Waiver): boolean =>
  gate.conditions.some((one) => one.code === waiver.condition);
