import { faultsNoticed, healGated } from '../../harness/index.ts';
import { NODES, ORACLES_OF_A_ROUND, site, UPGRADE } from '../sites.ts';
import { scenario } from '../stage.ts';

/** On two cores the exporter's looks take from the heals what they take from the machine. */
const BUDGET_SECONDS = 300;
const LIMIT_MS = 20 * 60_000;

const upgrade = healGated(UPGRADE, 'healed', BUDGET_SECONDS);

scenario(
  {
    id: 'quiet-upgrade',
    title: 'a gated upgrade of a site with every rule and the exporter: nobody is paged',
    why: 'Each node goes down and heals, as planned. Whoever is paged for that learns to silence the night of the next upgrade.',
    // How long a heal takes is the nights' own matter: they have no exporter beside them, and page nobody either.
    site: { ...site({ layout: 'replica-3', options: 'virt', exporter: true }), storageMbit: 1000 },
    procedure: {
      ...upgrade,
      steps: [
        ...upgrade.steps,
        {
          name: 'wait for the last heal',
          does: { kind: 'await-gate', gate: 'healed', node: NODES[0], budgetSeconds: BUDGET_SECONDS },
          why: 'a page for it would be as false as one for the others',
        },
      ],
    },
    settleSeconds: 90,
    oracles: [faultsNoticed([]), ...ORACLES_OF_A_ROUND],
    expect: { verdict: 'holds', broken: [] },
  },
  LIMIT_MS,
);
