import { scenario } from '../stage.ts';
import { HIT, troubleWith } from './chain.ts';

scenario({
  id: 'split-brain-told',
  title: 'a file splits while customers are served: somebody is paged by what only the exporter can see',
  why: 'Every brick is up and every page of the customers answers. The gate would say so to whoever asks it; here nobody asks.',
  ...troubleWith(
    ['data-split-brain'],
    {
      name: 'choose the first copy',
      does: {
        kind: 'type',
        on: HIT,
        line: 'gluster --mode=script volume heal vmstore split-brain source-brick pve1:/bricks/vmstore/brick /images/900/data-split-brain.raw',
        limitSeconds: 30,
      },
      why: 'the runbook of SplitBrain says to decide file by file',
    },
    // The exporter looks every 5 s, and SplitBrain takes a minute, 2 s in a lab.
    30,
    { writeEveryMs: 0 },
  ),
  expect: { verdict: 'holds', broken: [], told: ['SplitBrain'] },
});
