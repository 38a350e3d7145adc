/** The operator's own alert rules and routing, checked before any lab is built with them. */
import { resolve } from 'node:path';
import { node, router } from '../../harness/index.ts';
import type { SiteSpec } from '../../harness/index.ts';
import { Engine } from '../docker/index.ts';
import type { KitFacts } from '../kit.ts';
import { planNetworks } from '../network/plan.ts';
import { LAB_CLOCK, planMonitoring } from './plan.ts';
import { readShipped } from './shipped.ts';
import type { OwnFiles } from './shipped.ts';
import { checkShipped, runTool } from './tools.ts';

/** Scaling does not depend on the site; any will do. */
const ANY_SITE = {
  nodes: [node('pve1')],
  routers: [{ name: router('router-a'), vmid: 101, startsOn: node('pve1'), writeEveryMs: 0 }],
} as unknown as SiteSpec;

/**
 * Checks the files as they are and as they will be in the lab, and answers the facts with them, by absolute paths.
 * @throws with file, line and the checker's own words
 */
export async function withOwnAlerting(
  facts: KitFacts,
  own: OwnFiles,
  say: (line: string) => void,
): Promise<KitFacts> {
  if (own.alertRules === undefined && own.alertmanager === undefined) return facts;
  const tooling = { engine: new Engine({ host: facts.host }), image: facts.images.outside };
  const shipped = readShipped(own);
  await checkShipped(tooling, shipped);
  const planned = planMonitoring(shipped, ANY_SITE, planNetworks(0), true);
  for (const [place, files] of Object.entries(planned.files)) {
    const scaled = await runTool(
      tooling,
      'amtool check-config alertmanager.yml && promtool check config prometheus.yml',
      files.map(({ path, text }) => ({ path, text })),
    );
    if (scaled.exitCode !== 0)
      throw new Error(
        `bug: the ${place} monitoring is refused after it was scaled:\n${scaled.output.trim()}`,
      );
  }
  say(
    `Alerting: your files in place of ours, all durations ${LAB_CLOCK.factor} times shorter` +
      (planned.clamped.length === 0 ? '' : `; not so short: ${planned.clamped.join('; ')}`),
  );
  if (own.alertRules !== undefined && shipped.offsite.rules.length === 0)
    say('Alerting: none of your rule files begins with «offsite», so nothing outside the site will alert');
  return {
    ...facts,
    ownAlerting: {
      ...(own.alertRules === undefined ? {} : { alertRules: resolve(own.alertRules) }),
      ...(own.alertmanager === undefined ? {} : { alertmanager: resolve(own.alertmanager) }),
    },
  };
}
