/** The operator's own alert rules and routing, checked before any lab is built with them. */
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { KNOWN_SEVERITIES, node, router } from '../../harness/index.ts';
import type { SiteSpec } from '../../harness/index.ts';
import { Engine } from '../docker/index.ts';
import type { KitFacts } from '../kit.ts';
import { planNetworks } from '../network/plan.ts';
import { LAB_CLOCK, planMonitoring } from './plan.ts';
import { PLACES, readShipped } from './shipped.ts';
import type { OwnFiles, Shipped } from './shipped.ts';
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
  const others = severitiesOf(shipped).filter((one) => !KNOWN_SEVERITIES.includes(one));
  if (own.alertRules !== undefined && others.length > 0)
    say(
      `Alerting: severity ${others.join(', ')} counts as a page only where its receiver is PagerDuty, Opsgenie, VictorOps or Pushover (${KNOWN_SEVERITIES.join(', ')} are known by themselves)`,
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

/** Of a rule file that promtool has accepted, as far as it is read here. */
const RULES = z.object({
  groups: z.array(
    z.object({
      rules: z.array(z.object({ labels: z.record(z.string(), z.unknown()).nullish() })).nullish(),
    }),
  ),
});

const severitiesOf = (shipped: Shipped): readonly string[] => [
  ...new Set(
    PLACES.flatMap((place) => shipped[place].rules)
      .flatMap(({ text }) => RULES.parse(parse(text)).groups)
      .flatMap(({ rules }) => rules ?? [])
      .flatMap(({ labels }) => (typeof labels?.['severity'] === 'string' ? [labels['severity']] : [])),
  ),
];
