import { expect, test } from 'vitest';
import { mustBeStories, pathsOf, storyNames } from './stories.ts';

test('the five nights are among the stories', () => {
  expect(storyNames().filter((name) => name.startsWith('nights/'))).toEqual([
    'nights/fixed-delay-replica-2',
    'nights/fixed-delay-replica-3',
    'nights/heal-gated-replica-2',
    'nights/heal-gated-replica-3',
    'nights/quiet-disks-replica-2',
  ]);
});

test.each([[[]], [['fixed-delay']], [['alerts']], [['scenarios/nights/']], [['zombie', 'quiet-disks']]])(
  'a part of a name will do: %j',
  (parts) => {
    expect(() => mustBeStories(parts)).not.toThrow();
  },
);

test('a misspelt story is named, beside those that there are', () => {
  expect(() => mustBeStories(['alerts', 'fixt-delay'], ['alerts/a', 'nights/b'])).toThrow(
    /no story "fixt-delay"\. Stories:\n {2}alerts\/a\n {2}nights\/b$/,
  );
});

test('a whole id is that story alone, a part of one is every story that has it', () => {
  const names = ['matrix/data-replica-3', 'matrix/watching-data-replica-3'];
  expect(pathsOf(['data-replica-3'], names)).toEqual(['/data-replica-3.scenario.']);
  expect(pathsOf(['matrix/data-replica-3', 'data-'], names)).toEqual(['matrix/data-replica-3', 'data-']);
});
