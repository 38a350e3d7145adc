/** What an escalation file may say. Durations are `30s`, `10m`, `1h20m`; times of day `07:00`; spans `23:00-07:00`. */
import { z } from 'zod';
import { at } from '../../harness/index.ts';
import type { Escalation } from '../../harness/index.ts';

const DURATION = /^(?=\d)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
const TIME = /^([01]?\d|2[0-3]):([0-5]\d)$/;

const duration = z
  .string('is no duration; write it like 30s, 10m or 1h20m')
  .regex(DURATION, 'is no duration; write it like 30s, 10m or 1h20m')
  .transform((text) => {
    const [, hours = '0', minutes = '0', seconds = '0'] = DURATION.exec(text) ?? [];
    return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  });

const secondsOfDay = (text: string): number => {
  const [, hours = '0', minutes = '0'] = TIME.exec(text.trim()) ?? [];
  return at(Number(hours), Number(minutes));
};

const span = z
  .string('is no time of the day; write it like 23:00-07:00')
  .refine((text) => {
    const times = text.split('-').map((each) => each.trim());
    return times.length === 2 && times.every((each) => TIME.test(each)) && times[0] !== times[1];
  }, 'is no time of the day; write it like 23:00-07:00')
  .transform((text) => {
    const [from = '', to = ''] = text.split('-');
    return { from: secondsOfDay(from), to: secondsOfDay(to) };
  });

const chance = z.number('is no number from 0 to 1').min(0, 'is below 0').max(1, 'is above 1');
/** One chance for every message, or those of the first, the second, ... */
const chances = z.union(
  [chance, z.tuple([chance], chance)],
  'is neither a chance from 0 to 1 nor a list of them',
);
const channel = z.enum(['email', 'push', 'sms', 'call'], 'is none of email, push, sms, call');
const name = z.string('is no name').min(1, 'is empty');

const person = z
  .strictObject({
    name,
    /** Left out: on shift, awake all night. */
    sleeps: span.optional(),
    /** Email is not in it: it wakes nobody. */
    wakes: z.strictObject({ push: chances, sms: chances, call: chances }),
    'wakes-up-in': duration,
    'reads-in-the-morning-in': duration,
    'answers-in': z.strictObject({ email: duration, push: duration, sms: duration, call: duration }),
    'held-up': z.array(z.strictObject({ at: span, by: name })).default([]),
    /** Left out: can't go to the data center. */
    travels: duration.optional(),
    'connects-in': duration,
  })
  .transform((one) => ({
    name: one.name,
    sleeps: one.sleeps,
    wakes: one.wakes,
    wakesUpInSeconds: one['wakes-up-in'],
    readsInTheMorningSeconds: one['reads-in-the-morning-in'],
    answersInSeconds: one['answers-in'],
    heldUp: one['held-up'].map(({ at: when, by }) => ({ ...when, by })),
    travelSeconds: one.travels,
    connectsInSeconds: one['connects-in'],
  }));

const step = z
  .strictObject({
    notify: z.tuple(
      [z.strictObject({ person: name, by: channel })],
      z.strictObject({ person: name, by: channel }),
    ),
    wait: duration,
  })
  .transform(({ notify, wait }) => ({ notify, waitSeconds: wait }));

export const ESCALATION = z
  .strictObject({
    policy: z.strictObject({
      name,
      steps: z.tuple([step], step),
      repeat: z.number('is no number').int('is no whole number').min(0, 'is below 0'),
      'ended-by': z.enum(['anyone', 'who-can-act'], 'is neither anyone nor who-can-act'),
    }),
    people: z.array(person).min(1, 'names nobody'),
    seed: z.number('is no number').int('is no whole number'),
  })
  .transform(({ policy, people, seed }): Escalation => ({
    policy: {
      name: policy.name,
      steps: policy.steps,
      repeat: policy.repeat,
      endedBy: policy['ended-by'],
    },
    people,
    seed,
  }));
