/** The night with the operator's own gate, which `healproof replay own-gate --gate SCRIPT` names. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { commandGated } from '../../harness/index.ts';
import type { Scenario } from '../../harness/index.ts';
import { GATE_BUDGET_SECONDS, ORACLES_OF_A_ROUND, site, UPGRADE } from '../sites.ts';

export function ownGateNight(
  layout: 'replica-2' | 'replica-3',
): Pick<Scenario, 'title' | 'why' | 'site' | 'procedure' | 'settleSeconds' | 'oracles' | 'expect'> {
  const path = process.env['HEALPROOF_GATE'];
  if (path === undefined)
    throw new Error('this story needs a gate: healproof replay own-gate --gate ./my-gate.sh');
  const name = basename(path);
  return {
    title: `${layout}, with the gate ${name}`,
    why: 'Whether a gate is good is not a matter of opinion.',
    site: site({ layout, options: layout === 'replica-2' ? 'defaults' : 'virt' }),
    procedure: commandGated(UPGRADE, {
      name,
      script: readFileSync(path, 'utf8'),
      volume: 'vmstore',
      speed: 1,
      budgetSeconds: GATE_BUDGET_SECONDS,
    }),
    settleSeconds: 90,
    // A gate that lets nobody past the first node is not proven by that.
    oracles: ORACLES_OF_A_ROUND,
    expect: { verdict: 'holds', broken: [] },
  };
}
