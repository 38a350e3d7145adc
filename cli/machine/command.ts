/** The command lines about this machine: what it lacks, and the private engine. */
import { Command } from 'commander';

type Ended = (code: number) => void;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

export const doctor = (ended: Ended): Command =>
  new Command('doctor')
    .description('what of this machine matters to a lab, and what to do; exit code 3 when a lab can not run')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const lab = await import('../../lab/index.ts');
      const findings = await lab.doctor();
      say(
        json === true
          ? JSON.stringify(findings, undefined, 2)
          : lab.doctorText(findings, {
              colour: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
            }),
      );
      ended(lab.doctorExitCode(findings));
    });

/** Exit code when the engine was left alone, since others use it. */
const IN_USE = 1;

export function engine(ended: Ended): Command {
  const command = new Command('engine').description(
    'the private Docker Engine that Healproof starts when there is none',
  );
  command
    .command('start')
    .description('find an engine, or install and start one')
    .action(async () => {
      const { ensureEngine } = await import('../../lab/index.ts');
      const found = await ensureEngine({ say: complain });
      say(`${found.from}: Docker Engine ${found.version} at ${found.host}`);
    });
  command
    .command('stop')
    .description(
      'stop the private engine, and no other; exit code 1 when a lab of another process stands on it, and then it goes on',
    )
    .option('--force', 'under living labs, too: their runs are lost')
    .action(async ({ force = false }: { force?: boolean }) => {
      const { stopEngine } = await import('../../lab/index.ts');
      const stopped = await stopEngine({ say: complain, force });
      if (stopped.kind === 'in-use') {
        const users = stopped.by.map(({ run, pid }) => `${run} (process ${pid})`).join(', ');
        complain(
          `engine stop: left running, ${users} uses it; wait for its end, take it down (healproof down), or: healproof engine stop --force`,
        );
        ended(IN_USE);
      } else say(stopped.kind === 'stopped' ? 'stopped' : 'no private engine was running');
    });
  command
    .command('status')
    .description('what the private engine does')
    .action(async () => {
      const { engineStatus } = await import('../../lab/index.ts');
      say(JSON.stringify(await engineStatus(), undefined, 2));
    });
  return command;
}
