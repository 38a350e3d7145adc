/** Is there an engine that can hold a lab? */
import type { EngineSearch } from '../engine/find.ts';
import type { SetupPlan } from '../engine/setup.ts';
import { flawsOfEngine } from '../engine/usable.ts';
import type { Finding } from './finding.ts';
import { fine } from './finding.ts';

const WHY = 'a lab is made of containers';

/** Nothing answers: will the next run help itself, or does a person have to do something? */
function noEngine(search: EngineSearch & { kind: 'none' }, plan: SetupPlan): Finding {
  const found = `none answers: ${search.dead.map(({ candidate, why }) => `${candidate.from}: ${why}`).join('; ')}`;
  if (plan.kind === 'ask')
    return { name: 'engine', ok: 'fail', found, why: WHY, fix: plan.commands.join('\n          ') };
  const what = plan.packages.length === 0 ? 'start' : `install ${plan.packages.join(', ')} and start`;
  return {
    name: 'engine',
    ok: 'warn',
    found,
    why: WHY,
    fix: `nothing; the next run will ${what} one of its own, or do it now: ./healproof engine start`,
  };
}

/** Findings about the engine that was found, or about there being none. */
export function engineFindings(search: EngineSearch, plan: SetupPlan): readonly Finding[] {
  if (search.kind === 'none') return [noEngine(search, plan)];
  if (search.kind === 'refused') {
    const { candidate, why } = search.dead;
    const variable = candidate.kind === 'env' ? 'DOCKER_HOST' : 'DOCKER_CONTEXT';
    return [
      { name: 'engine', ok: 'fail', found: why, why: WHY, fix: `start that engine, or unset ${variable}` },
    ];
  }
  const { engine, dead } = search;
  const flaws = flawsOfEngine(engine);
  const tooOld = flaws.find(({ name }) => name === 'engine');
  const skipped = dead.filter(({ missing }) => !missing);
  return [
    {
      name: 'engine',
      ok: tooOld === undefined ? 'ok' : 'fail',
      found: `Docker Engine ${engine.version}, API ${engine.apiVersion}, ${engine.storageDriver} (${engine.from})`,
      why: WHY,
      fix: tooOld?.fix ?? '',
    },
    ...skipped.map(({ candidate, why }) => ({
      name: 'engine',
      ok: 'warn' as const,
      found: `skipped ${candidate.from}: ${why}`,
      why: 'another one is used instead',
      fix: 'start it, if you want that one',
    })),
    ...flaws.filter(({ name }) => name !== 'engine').map((flaw) => ({ ...flaw, ok: 'fail' as const })),
    fine(
      'cgroups',
      `version ${engine.cgroupVersion}`,
      'nodes run systemd; both versions are meant to do, version 1 is the tested one',
    ),
  ];
}
