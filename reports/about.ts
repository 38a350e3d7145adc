/** What a run is about: `run.json` of its bundle, written before anything happens. */
import { z } from 'zod';
import type { Scenario, SiteSpec, VolumeSpec } from '../harness/index.ts';

/** Version of the bundle's layout. A reader refuses any other. */
export const SCHEMA = 1;

const verdictKind = z.enum(['holds', 'broken', 'unknown']);

/** Shape of `run.json`. */
export const ABOUT = z.object({
  schema: z.literal(SCHEMA),
  /** Of the run, unique. */
  id: z.string(),
  /** Id, title and reason of the scenario. */
  scenario: z.string(),
  title: z.string(),
  why: z.string(),
  expected: z
    .object({
      verdict: verdictKind,
      broken: z.array(z.string()).readonly(),
      mayBreak: z.array(z.string()).readonly().exactOptional(),
      told: z.array(z.string()).readonly().exactOptional(),
    })
    .readonly(),
  /** Who judges it; runs of before have none. */
  oracles: z
    .array(z.object({ name: z.string(), means: z.string() }).readonly())
    .readonly()
    .exactOptional(),
  procedure: z.string(),
  comparison: z.string().exactOptional(),
  /** For people: `replica 2, group virt`. */
  volume: z.string(),
  site: z.custom<SiteSpec>((site) => typeof site === 'object' && site !== null),
});
export type About = Readonly<z.infer<typeof ABOUT>>;

export const aboutOf = (id: string, scenario: Scenario): About => ({
  schema: SCHEMA,
  id,
  scenario: scenario.id,
  title: scenario.title,
  why: scenario.why,
  expected: scenario.expect,
  oracles: scenario.oracles.map(({ name, means }) => ({ name, means })),
  procedure: scenario.procedure.name,
  ...(scenario.comparison === undefined ? {} : { comparison: scenario.comparison }),
  volume: volumeText(scenario.site.volume),
  site: scenario.site,
});

const LAYOUT: Readonly<Record<VolumeSpec['layout'], string>> = {
  'replica-2': 'replica 2',
  'replica-3': 'replica 3',
  'replica-2-arbiter': 'replica 2 + arbiter',
};

/** `replica 2, defaults` */
export const volumeText = ({ layout, options }: VolumeSpec): string =>
  `${LAYOUT[layout]}, ${options === 'virt' ? 'group virt' : 'defaults'}`;
