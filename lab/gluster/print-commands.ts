/** What a gate may send to a node, for people who want to read it first. */
import { COMMANDS, FILES, FILES_WITH_SUMS } from './commands.ts';
import { SHOW } from '../lease/script.ts';
import type { Command } from './command.ts';
import { VOLUMES } from './volumes.ts';

/** Only a rehearsal's last look reads every file. */
const NOT_OF_A_GATE: ReadonlySet<Command> = new Set([FILES, FILES_WITH_SUMS]);

/** Everything that `gate` and `exporter` ever run on a node, in whatever profile. */
export const gateCommands = (): readonly Command[] => [
  VOLUMES,
  ...COMMANDS.filter((one) => !NOT_OF_A_GATE.has(one)),
  SHOW,
];
