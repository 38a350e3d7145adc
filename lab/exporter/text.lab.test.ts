/** The text of a whole site under Prometheus's own checker, in the image that runs Prometheus. */
import { expect, test } from 'vitest';
import { exported, exporterGate, extrasOfGate, NOTHING_SEEN } from '../../harness/index.ts';
import { Engine } from '../docker/index.ts';
import { gateFacts } from '../gluster/index.ts';
import { replay } from '../gluster/replay.ts';
import { runTool } from '../monitoring/tools.ts';
import { textOf } from './text.ts';
import { kitFacts } from '../small-lab.fixture.ts';

const tooling = () => ({ engine: new Engine({ host: kitFacts().host }), image: kitFacts().images.outside });

/** As gluster-prometheus calls them, against Prometheus's own advice. */
const NOT_OURS =
  /^gluster_volume_(split_brain_)?heal_count non-histogram and non-summary metrics should not have "_count" suffix$/;

async function page(state: string): Promise<string> {
  const gate = exporterGate({ profile: 'full', only: [], skip: [] }, 60_000);
  const look = await gateFacts(replay(state), 'vmstore', 'full', { extras: extrasOfGate(gate) });
  const exporting = { gate, about: (node: (typeof look.nodes)[number]['node']) => ({ node, waivers: [] }) };
  return textOf(exported(exporting, NOTHING_SEEN, look).samples);
}

const complaints = async (text: string): Promise<readonly string[]> => {
  const { output } = await runTool(tooling(), 'promtool check metrics <page', [{ path: 'page', text }]);
  return output.split('\n').filter((line) => line.trim() !== '' && !NOT_OURS.test(line.trim()));
};

test.each(['healthy', 'brick-down', 'file-system-away', 'split-brain'])(
  'promtool check metrics: %s',
  async (state) => {
    expect(await complaints(await page(state))).toEqual([]);
  },
);

test('it does complain of what is wrong', async () => {
  const text = await page('healthy');
  expect(await complaints(`${text}Odd{ 1\n`)).not.toEqual([]);
});
