import { join } from 'node:path';
import { scenario } from '../stage.ts';
import { outageWith } from './chain.ts';

scenario({
  id: 'mail-never-leaves',
  title: 'alerts by mail: it waits behind the dead routers',
  why: 'The rule fires within seconds, and the mail that should tell it goes through what it is about. Nothing outside watches.',
  ...outageWith(),
  alerting: { offsite: false, alertmanager: join(import.meta.dirname, 'mail-only.yml') },
  expect: { verdict: 'broken', broken: ['person-acknowledged'] },
});
