/**
 * The commands that inspect prints for each choice were carried out on a real GlusterFS, each choice on bricks of its own:
 * choices.json of a captured state says how it ended. Rewritten only by lab/gluster-captures/try-choices.ts.
 */
import { describe, expect, test } from 'vitest';
import { captured, inspectCaptured, triedChoices, versions } from './golden.fixture.ts';

/** Volumes and files of two captures of one state differ in their names. */
const alike = (command: string): string =>
  command
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'GFID')
    .replaceAll(/\.glusterfs\/[0-9a-f]{2}\/[0-9a-f]{2}\//g, '.glusterfs/')
    .replaceAll(/\b(v\d+|c\d+cap\d)\b/g, 'VOLUME');

describe.each(versions())('GlusterFS %s', (version) => {
  const tried = captured(version).flatMap((state) =>
    triedChoices(version, state).map((choice) => ({ state, ...choice })),
  );

  test('every state that a person has to decide was tried', () => {
    const toDecide = captured(version).filter((state) =>
      inspectCaptured(version, state).files.some(({ choices }) => choices.length > 1),
    );
    // A policy decides for the person.
    const left = toDecide.filter((state) => tried.every((one) => one.state !== state));
    expect(left).toEqual(['favorite-child-mtime']);
  });

  test.each(tried)('$state from $source: these commands, and then all bricks hold what it held', (choice) => {
    const { state, source, commands, after, asChosen } = choice;
    const printed = inspectCaptured(version, state).files.flatMap(({ choices }) =>
      choices
        .filter((one) => one.source === source)
        .flatMap((one) => (one.means.includes('any one of') ? one.commands.slice(0, 1) : one.commands))
        .map(({ on, command }) => (on === undefined ? command : `[on ${on}] ${command}`)),
    );
    expect(printed.length).toBeGreaterThan(0);
    expect(printed.map(alike).sort()).toEqual(commands.map(alike).sort());
    expect({ after, onAll: asChosen.length > 1 && asChosen.includes(source) }).toEqual({
      after: 'clean',
      onAll: true,
    });
  });
});
