import { expect, it } from 'vitest';
import { CALL_THEN_SECOND, ONE_PHONE, OPERATOR, SECOND } from './people.fixture.ts';
import { flawsOf, messagesOf } from './policy.ts';

it('sends step after step, and the whole list again', () => {
  const messages = messagesOf({ ...CALL_THEN_SECOND, repeat: 1 });
  expect(messages.map(({ person, afterSeconds }) => `${person}@${afterSeconds}`)).toEqual([
    'operator@0',
    'operator@300',
    'second@600',
    'operator@600',
    'operator@900',
    'operator@1200',
    'second@1500',
    'operator@1500',
  ]);
});

it('says what is wrong with a policy before it is played', () => {
  expect(flawsOf(CALL_THEN_SECOND, [OPERATOR, SECOND])).toEqual([]);
  expect(flawsOf(CALL_THEN_SECOND, [OPERATOR])).toEqual([
    'policy call-then-second notifies second, whom nobody describes',
  ]);
  expect(flawsOf(CALL_THEN_SECOND, [SECOND])).toHaveLength(1);
  expect(flawsOf(CALL_THEN_SECOND, [OPERATOR, SECOND, OPERATOR])).toEqual([
    expect.stringContaining(`two people are called ${OPERATOR.name}`),
  ]);
  expect(
    flawsOf(
      {
        ...ONE_PHONE,
        steps: [{ notify: [{ person: 'operator', by: 'email' }], waitSeconds: 0 }],
        repeat: -1,
      },
      [OPERATOR],
    ),
  ).toEqual([
    'policy one-phone only sends email, which wakes nobody',
    'step 1 of policy one-phone waits 0 s; give it time to answer',
    'policy one-phone repeats -1 times',
  ]);
});
