import { scenario } from '../stage.ts';
import { ownGateNight } from './own-gate.ts';

scenario({ id: 'own-gate-replica-2', ...ownGateNight('replica-2') });
