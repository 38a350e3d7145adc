import { scenario } from '../stage.ts';
import { troubleWith } from './chain.ts';

scenario({
  id: 'reboot-while-shut',
  title: 'a node is rebooted while the gate is shut: somebody is paged before the next one goes',
  why: 'A gate only helps whoever asks it. Nobody asked, nothing is broken yet, and the second reboot of the night would be one too many.',
  ...troubleWith(
    ['heal-pending', 'node-rebooting'],
    {
      name: 'let the node come back and reboot nothing else',
      does: { kind: 'end-fault', fault: 'node-rebooting' },
      why: 'the runbook of NodeDownWhileGateHeld says so',
    },
    // The node is off within seconds, and the rule takes a minute, 2 s in a lab.
    25,
    // Both rules about it look back over 5 minutes, 10 s in a lab, and the exporter looks every 5 s.
    { apartSeconds: 20 },
  ),
  expect: { verdict: 'holds', broken: [], told: ['NodeDownWhileGateHeld', 'NodeDownWithoutOpenGate'] },
});
