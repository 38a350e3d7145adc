/** People and policies for tests, much like those of the incident. */
import type { Person } from './people.ts';
import type { EscalationPolicy } from './policy.ts';
import { at } from './site-time.ts';

const minutes = (count: number): number => count * 60;

/** Sleeps from 23 to 7 and through everything; has appointments until 11:20; packs and drives for 40 minutes. */
export const OPERATOR: Person = {
  name: 'operator',
  sleeps: { from: at(23), to: at(7) },
  wakes: { push: 0, sms: 0, call: 0 },
  wakesUpInSeconds: minutes(2),
  readsInTheMorningSeconds: minutes(10),
  answersInSeconds: { email: minutes(30), push: minutes(2), sms: minutes(2), call: 30 },
  heldUp: [{ from: at(7), to: at(11, 20), by: 'appointments' }],
  travelSeconds: minutes(40),
  connectsInSeconds: minutes(5),
};

/** The same man with a phone that rings: each loud call wakes him with an even chance. */
export const WAKEABLE_OPERATOR: Person = { ...OPERATOR, wakes: { push: 0.1, sms: 0.2, call: 0.5 } };

/** Somebody else who is asked when the first does not answer. */
export const SECOND: Person = {
  ...WAKEABLE_OPERATOR,
  name: 'second',
  heldUp: [],
  travelSeconds: minutes(60),
};

/** What the site had: messages to one phone, again and again, and nobody after him. */
export const ONE_PHONE: EscalationPolicy = {
  name: 'one-phone',
  endedBy: 'who-can-act',
  steps: [{ notify: [{ person: 'operator', by: 'push' }], waitSeconds: minutes(30) }],
  repeat: 13,
};

/** Lesson 3: calls instead of messages, and a second person after ten minutes. */
export const CALL_THEN_SECOND: EscalationPolicy = {
  name: 'call-then-second',
  endedBy: 'who-can-act',
  steps: [
    { notify: [{ person: 'operator', by: 'call' }], waitSeconds: minutes(5) },
    { notify: [{ person: 'operator', by: 'call' }], waitSeconds: minutes(5) },
    {
      notify: [
        { person: 'second', by: 'call' },
        { person: 'operator', by: 'call' },
      ],
      waitSeconds: minutes(5),
    },
  ],
  repeat: 8,
};
