import { describe, expect, it } from 'vitest';
import { doingsOf } from './doings.ts';
import { CALL_THEN_SECOND, ONE_PHONE, OPERATOR, SECOND, WAKEABLE_OPERATOR } from './people.fixture.ts';
import { playNight } from './night.ts';
import type { Page } from './night.ts';
import { seeded } from './people.ts';
import type { Channel } from './people.ts';
import type { EscalationPolicy } from './policy.ts';
import { at } from './site-time.ts';

const total = (doings: readonly { readonly siteSeconds: number }[]): number =>
  doings.reduce((sum, { siteSeconds }) => sum + siteSeconds, 0);

const always = (value: number) => () => value;
const page = (changes: Partial<Page>): Page => ({
  deliveredAt: at(0),
  policy: CALL_THEN_SECOND,
  people: [WAKEABLE_OPERATOR, SECOND],
  wayIn: undefined,
  draw: always(0.99),
  ...changes,
});

const OPERATOR_CALLED_SECOND = { ...OPERATOR, name: 'second' };
const INCIDENT: Partial<Page> = { policy: ONE_PHONE, people: [OPERATOR] };
const told = (changes: Partial<Page>, now = at(0)) => {
  const one = page(changes);
  return doingsOf(one, playNight(one), now);
};

describe('the incident', () => {
  it('takes twelve hours from a page at midnight to the data center', () => {
    const doings = told(INCIDENT);
    expect(doings.slice(0, 2).map(({ does, clock }) => [clock, does])).toEqual([
      [at(0), 'is sent message 1 by push, and sleeps on'],
      [at(0, 30), 'is sent message 2 by push, and sleeps on'],
    ]);
    expect(doings.slice(-3)).toEqual([
      {
        kind: 'person',
        who: 'operator',
        does: 'has slept through 14 messages, reads them and acknowledges',
        siteSeconds: 2400,
        clock: at(7, 10),
        doing: { what: 'acknowledged' },
      },
      {
        kind: 'person',
        who: 'operator',
        does: 'was held up by appointments',
        siteSeconds: 15_000,
        clock: at(11, 20),
        doing: { what: 'held-up', by: 'appointments' },
      },
      {
        kind: 'person',
        who: 'operator',
        does: 'is in the data center and acts on site',
        siteSeconds: 2400,
        clock: at(12),
        doing: { what: 'acts', by: 'on-site' },
      },
    ]);
    expect(total(doings)).toBe(12 * 3600);
  });

  it('ends at the same noon when the page comes before midnight', () => {
    const night = playNight(page({ ...INCIDENT, deliveredAt: at(23, 58) }));
    expect(night.acts).toMatchObject({ by: 'on-site', at: at(12, 0, 1) });
  });

  it('names what held him up then, and not what he does in the afternoon', () => {
    const dentist = { from: at(13), to: at(14), by: 'dentist' };
    const busy = { ...OPERATOR, heldUp: [...OPERATOR.heldUp, dentist] };
    const doings = told({ ...INCIDENT, people: [busy] });
    expect(doings.map(({ does }) => does)).toContain('was held up by appointments');
  });

  it('what passed before the lab stopped for people has cost no time of theirs', () => {
    const doings = told({ ...INCIDENT, deliveredAt: at(23, 58) }, at(23, 59));
    expect(doings[0]?.siteSeconds).toBe(0);
    expect(total(doings)).toBe(12 * 3600 + 60);
  });

  it('with a backup connection still sleeps, but acts as soon as he has read it', () => {
    const night = playNight(page({ ...INCIDENT, wayIn: 'oob' }));
    expect(night.acts).toMatchObject({ by: 'oob', at: at(7, 15) });
  });

  it('a page that never left tells nobody, and the morning comes', () => {
    expect(told({ ...INCIDENT, deliveredAt: undefined }, at(23, 52))).toEqual([
      {
        kind: 'person',
        who: 'operator',
        does: 'is told nothing until the morning: no page ever reached the pager',
        siteSeconds: at(7, 0, 1) - at(23, 52),
        clock: at(7, 0, 1),
        doing: { what: 'untold', because: 'no page ever reached the pager' },
      },
    ]);
  });
});

describe('escalation', () => {
  it('stops at the message that wakes somebody', () => {
    const draws = [0.9, 0.4];
    const night = playNight(page({ draw: () => draws.shift() ?? 0.99 }));
    expect(night.sent.map(({ person, woke }) => [person, woke])).toEqual([
      ['operator', false],
      ['operator', true],
    ]);
    expect(night.acknowledged.at(-1)).toMatchObject({
      who: 'operator',
      how: 'woken',
      messages: 2,
      at: at(0, 7),
    });
    expect(night.acts).toMatchObject({ who: 'operator', at: at(0, 47) });
  });

  it('further calls do not make a woken person quicker, and are no second answer', () => {
    const slow = { ...WAKEABLE_OPERATOR, wakesUpInSeconds: 1200, wakes: { push: 1, sms: 1, call: 1 } };
    const night = playNight(
      page({ people: [slow, { ...SECOND, wakes: { push: 0, sms: 0, call: 0 } }], draw: always(0) }),
    );
    expect(night.sent.map(({ person }) => person)).toEqual([
      'operator',
      'operator',
      'second',
      'operator',
      'operator',
    ]);
    expect(night.acknowledged).toEqual([{ who: 'operator', how: 'woken', messages: 1, at: at(0, 20) }]);
    expect(night.sent.filter(({ woke }) => woke)).toHaveLength(1);
  });

  it('a message after getting up is read sooner, and the night was slept through all the same', () => {
    const night = playNight(page({ deliveredAt: at(6, 32), policy: ONE_PHONE, people: [OPERATOR] }));
    expect(night.acknowledged).toEqual([
      { who: 'operator', how: 'slept-through', messages: 2, at: at(7, 4) },
    ]);
  });

  it('does not wait for a sleeper when the second person wakes', () => {
    const night = playNight(
      page({ people: [OPERATOR, { ...SECOND, wakes: { push: 1, sms: 1, call: 1 } }], draw: always(0) }),
    );
    expect(night.acknowledged.at(-1)).toMatchObject({ who: 'second', at: at(0, 12) });
    expect(night.acts).toMatchObject({ who: 'second', at: at(1, 12) });
  });

  it('email wakes nobody, not even with certainty', () => {
    const policy: EscalationPolicy = {
      name: 'mail',
      endedBy: 'who-can-act',
      steps: [{ notify: [{ person: 'operator', by: 'email' }], waitSeconds: 600 }],
      repeat: 10,
    };
    const light = { ...WAKEABLE_OPERATOR, wakes: { push: 1, sms: 1, call: 1 } };
    const night = playNight(page({ policy, people: [light], draw: always(0) }));
    expect(night.sent.every(({ woke }) => !woke)).toBe(true);
    expect(night.acknowledged.at(-1)).toMatchObject({ how: 'slept-through', at: at(7, 10) });
  });

  it('somebody on shift answers at once', () => {
    const night = playNight(page({ people: [{ ...OPERATOR, sleeps: undefined }, SECOND], wayIn: 'oob' }));
    expect(night.sent).toHaveLength(1);
    expect(night.acts).toMatchObject({ by: 'oob', at: 30 + 300 });
  });

  it('goes on to the next person when the one who reads it has no way in', () => {
    const stuck = { ...OPERATOR, sleeps: undefined, travelSeconds: undefined };
    const night = playNight(page({ people: [stuck, { ...SECOND, sleeps: undefined }] }));
    expect(night.acknowledged.map(({ who, cannotAct }) => [who, cannotAct !== undefined])).toEqual([
      ['operator', true],
      ['second', false],
    ]);
    expect(night.acts?.who).toBe('second');
  });

  it('where anybody ends it, nobody else is called when the first to answer can not act', () => {
    const stuck = { ...OPERATOR, sleeps: undefined, travelSeconds: undefined };
    const policy = { ...CALL_THEN_SECOND, endedBy: 'anyone' } as const;
    const night = playNight(page({ policy, people: [stuck, { ...SECOND, sleeps: undefined }] }));
    expect(night).toMatchObject({
      acts: undefined,
      because: 'operator reads it but there is no way in from afar and no way to travel',
    });
    expect(night.sent).toHaveLength(1);
  });

  it('a chance may differ from call to call, and only calls in sleep are counted', () => {
    const third = { ...WAKEABLE_OPERATOR, wakes: { push: 0, sms: 0, call: [0, 0, 1] as const } };
    const night = playNight(page({ people: [third, OPERATOR_CALLED_SECOND] }));
    expect(night.sent.filter(({ person }) => person === 'operator').map(({ woke }) => woke)).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('a way in from afar is enough for somebody who can not travel', () => {
    const far = { ...OPERATOR, sleeps: undefined, travelSeconds: undefined };
    const night = playNight(page({ people: [far, SECOND], wayIn: 'oob' }));
    expect(night.acts).toMatchObject({ who: 'operator', by: 'oob' });
  });

  it('says why nobody acts', () => {
    expect(playNight(page({ deliveredAt: undefined }))).toMatchObject({
      acts: undefined,
      because: 'no page ever reached the pager',
    });
    const stuck = { ...OPERATOR, sleeps: undefined, travelSeconds: undefined };
    expect(playNight(page({ policy: ONE_PHONE, people: [stuck] }))).toMatchObject({
      acts: undefined,
      because: 'operator reads it but there is no way in from afar and no way to travel',
    });
  });

  it('the doings always add up to the time from the page to the first action', () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const deliveredAt = at(seed % 24, seed % 60);
      const one = page({ deliveredAt, draw: seeded(seed) });
      const night = playNight(one);
      const doings = doingsOf(one, night, deliveredAt);
      expect(total(doings)).toBe((night.acts?.at ?? 0) - deliveredAt);
      expect(doings.every(({ siteSeconds }) => siteSeconds >= 0)).toBe(true);
    }
  });

  it('the same seed gives the same night, another one another', () => {
    const play = (seed: number) => playNight(page({ draw: seeded(seed) })).acts?.at;
    expect(play(7)).toBe(play(7));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => play(seed))).size).toBeGreaterThan(2);
  });

  it('a policy that names a stranger is an error that says so', () => {
    expect(() => playNight(page({ people: [OPERATOR] }))).toThrow(
      'it notifies second, whom nobody describes',
    );
  });
});

describe('two who answer', () => {
  const ASLEEP = { push: 0, sms: 0, call: 0 };
  const to = (by: Channel) => ({ person: 'operator', by });
  const both: EscalationPolicy = {
    name: 'both',
    endedBy: 'who-can-act',
    steps: [
      {
        notify: [
          { person: 'operator', by: 'call' },
          { person: 'second', by: 'call' },
        ],
        waitSeconds: 300,
      },
    ],
    repeat: 0,
  };
  it('in the same minute of the morning: the one acts who can', () => {
    const second = { ...SECOND, wakes: ASLEEP, travelSeconds: undefined };
    for (const people of [
      [OPERATOR, second],
      [second, OPERATOR],
    ]) {
      const night = playNight(page({ policy: both, people }));
      expect(night.acknowledged.map(({ at: when }) => when)).toEqual([at(7, 10), at(7, 10)]);
      expect(night.acts).toMatchObject({ who: 'operator', by: 'on-site' });
    }
  });
  it('who is awake hears the phone before the mail is read, in whatever order they were sent', () => {
    const awake = { ...OPERATOR, sleeps: undefined };
    const by = (first: Channel, ...others: readonly Channel[]): number | undefined =>
      playNight(
        page({
          wayIn: 'routers',
          people: [awake],
          policy: { ...both, steps: [{ notify: [to(first), ...others.map(to)], waitSeconds: 300 }] },
        }),
      ).acknowledged[0]?.at;
    expect(by('email')).toBe(at(0, 30));
    expect(by('email', 'call')).toBe(at(0) + 30);
    expect(by('call', 'email')).toBe(at(0) + 30);
  });
});
