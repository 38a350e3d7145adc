import { expect, it } from 'vitest';
import { shut, unseen } from '../asking.fixture.ts';
import type { Row } from '../asking.fixture.ts';
import { SURROUNDINGS } from '../extras.fixture.ts';
import type { GateFacts } from '../facts.ts';
import type { Surroundings } from '../site-facts.ts';
import { site } from '../site.fixture.ts';

const around = (change: Partial<Surroundings>): GateFacts =>
  site({ surroundings: { ...SURROUNDINGS, ...change } });

it.each<Row>([
  [
    'no heartbeat',
    around({ alerting: { seen: true, heartbeatAtMs: undefined, silences: [] } }),
    { F5: 'held' },
  ],
  [
    'an old heartbeat',
    around({ alerting: { seen: true, heartbeatAtMs: -901_000, silences: [] } }),
    { F5: 'held' },
  ],
  [
    'a silence',
    around({
      alerting: {
        seen: true,
        heartbeatAtMs: 0,
        silences: ['own', 'old'].map((id) => ({
          id,
          matchers: 'severity=page',
          endsAtMs: 1,
          by: 'bob',
          comment: '',
        })),
      },
    }),
    { F5: 'held' },
  ],
  ['an Alertmanager that is away', around({ alerting: unseen }), { F5: 'unknown' }],
])('%s', (_, facts, expected) => {
  expect(shut([facts])).toEqual(expected);
});
