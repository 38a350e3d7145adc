import { scenario } from '../stage.ts';
import { ownGateNight } from './own-gate.ts';

scenario({ id: 'own-gate-replica-3', ...ownGateNight('replica-3') });
