/** Who is told what, by which channel, in which order, until somebody acknowledges. Plain data; the lab reads it from YAML. */
import type { Channel, Person } from './people.ts';

export interface Notify {
  readonly person: string;
  readonly by: Channel;
}

export interface EscalationStep {
  readonly notify: readonly [Notify, ...Notify[]];
  /** How long this step waits for an acknowledgement before the next one. */
  readonly waitSeconds: number;
}

export interface EscalationPolicy {
  readonly name: string;
  readonly steps: readonly [EscalationStep, ...EscalationStep[]];
  /** How often the whole list is gone through again after the first time. */
  readonly repeat: number;
  /** Whose acknowledgement ends it. Most pagers take anybody's, and then nobody else is called when that person can't act. */
  readonly endedBy: 'anyone' | 'who-can-act';
}

/** What is wrong with a policy for these people, in sentences; empty = it can be played. */
export function flawsOf(
  { name, steps, repeat }: EscalationPolicy,
  people: readonly Person[],
): readonly string[] {
  const names = people.map((person) => person.name);
  const known = new Set(names);
  const twice = new Set(names.filter((one, at) => names.indexOf(one) !== at));
  const told = steps.flatMap(({ notify }) => notify);
  const strangers = [...new Set(told.map(({ person }) => person))].filter((person) => !known.has(person));
  return [
    ...[...twice].map((person) => `two people are called ${person}: nobody could tell them apart`),
    ...strangers.map((person) => `policy ${name} notifies ${person}, whom nobody describes`),
    ...(told.every(({ by }) => by === 'email')
      ? [`policy ${name} only sends email, which wakes nobody`]
      : []),
    ...steps.flatMap(({ waitSeconds }, index) =>
      waitSeconds > 0
        ? []
        : [`step ${index + 1} of policy ${name} waits ${waitSeconds} s; give it time to answer`],
    ),
    ...(Number.isInteger(repeat) && repeat >= 0 ? [] : [`policy ${name} repeats ${repeat} times`]),
  ];
}

export interface Sent extends Notify {
  readonly step: number;
  /** Seconds after the page reached the pager. */
  readonly afterSeconds: number;
}

/** Every message the policy would send if nobody ever acknowledged, in order. */
export function messagesOf({ steps, repeat }: EscalationPolicy): readonly Sent[] {
  const messages: Sent[] = [];
  let afterSeconds = 0;
  for (let round = 0; round <= repeat; round += 1) {
    for (const [step, { notify, waitSeconds }] of steps.entries()) {
      for (const one of notify) messages.push({ ...one, step, afterSeconds });
      afterSeconds += waitSeconds;
    }
  }
  return messages;
}
