/** The table of oracles in this folder's README, made from the oracles themselves. */
import type { Oracle } from './oracle.ts';

const BEGIN = '<!-- oracles: made by `node scenarios/write-oracle-table.ts`, do not edit -->';
const END = '<!-- end of oracles -->';

const cell = (text: string): string => text.replaceAll('|', '\\|');

export function oracleTable(oracles: readonly Oracle[]): string {
  return [
    '| oracle | aspect | means | evidence of a finding |',
    '|---|---|---|---|',
    ...oracles.map(
      ({ name, aspect, means, evidence }) =>
        `| \`${name}\` | ${aspect} | ${cell(means)} | ${cell(evidence)} |`,
    ),
  ].join('\n');
}

/** The README with its table made anew; throws when the marks for it are not there. */
export function withOracleTable(readme: string, oracles: readonly Oracle[]): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from)
    throw new Error(
      `writing the table of oracles: the README has no lines "${BEGIN}" and "${END}"; put them where the table belongs`,
    );
  return `${readme.slice(0, from + BEGIN.length)}\n\n${oracleTable(oracles)}\n\n${readme.slice(to)}`;
}
