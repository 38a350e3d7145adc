/** `healproof lease`: one node of a cluster at a time, agreed on by all who ask. */
import { hostname, userInfo } from 'node:os';
import { Command } from 'commander';
import { node } from '../../harness/index.ts';
import { newToken, releaseLease, showLease, takeLease } from '../../lab/on-site.ts';
import type { LeaseOutcome } from '../../lab/on-site.ts';
import { duration } from '../arguments.ts';
import { processOut } from '../out.ts';
import type { Out } from '../out.ts';
import { siteFrom, withSiteOptions } from '../site/index.ts';
import type { SiteWords } from '../site/index.ts';
import { heldSentence, leaseJson, leaseSentence, uncountedLines } from './text.ts';

const EXAMPLES = `
Examples:
  healproof lease show --hosts pve1,pve2,pve3
  healproof lease take --hosts pve1,pve2,pve3 --node pve2 --ttl 30m
  healproof gate --inventory site.ini --node pve2 --wait 1h --lease     # takes it, and keeps it when open
  healproof lease release --hosts pve1,pve2,pve3

The lease is kept on the nodes themselves (/var/lib/healproof), and counts when a majority of the glusterd pool has it: name
every node of the pool. Hosts without glusterd do not count, and a node named twice counts once. Taking it again with the
same owner and node renews it, and never ends it earlier. It ends by itself when its time to live is over.

Exit code: 0 done (show: it is free or taken, and known), 1 somebody else has it, 3 could not be known.`;

/** Default owner: who types, and where. */
export const ownName = (): string => `${userInfo().username}@${hostname()}`;
export const DEFAULT_TTL_MS = 1_800_000;

interface Words extends SiteWords {
  readonly node: string;
  readonly owner: string;
  readonly ttl: number;
  readonly force: boolean;
  readonly json: boolean;
}

export const ttl = duration(10_000, 'at least 10s: nobody could renew it in time');

export function leaseCommand(ended: (code: number) => void, out: Out = processOut()): Command {
  const run = (act: (words: Words) => Promise<LeaseOutcome>) => async (words: Words) => {
    ended(await answered(act, words, out));
  };
  const lease = new Command('lease')
    .description('one node at a time: two operators or automations never take two nodes down at once')
    .addHelpText('after', EXAMPLES);
  withSiteOptions(lease.command('take'))
    .description('take or renew it; writes one small file on the nodes')
    .requiredOption('--node <name>', 'the node that is to go down')
    .option('--owner <name>', 'who has it', ownName())
    .option('--ttl <time>', 'how long it lasts without being renewed, such as 30m', ttl, DEFAULT_TTL_MS)
    .option('--json', 'as JSON', false)
    .action(run(take));
  withSiteOptions(lease.command('show'))
    .description('who has it; only reads')
    .option('--json', 'as JSON', false)
    .action(run(show));
  withSiteOptions(lease.command('release'))
    .description('give it back')
    .option('--owner <name>', 'whose it is', ownName())
    .option('--force', 'whoever’s it is', false)
    .option('--json', 'as JSON', false)
    .action(run(release));
  return lease;
}

async function take(words: Words): Promise<LeaseOutcome> {
  await using site = await siteFrom(words);
  const shells = site.shells();
  const asked = node(words.node);
  if (!shells.some((shell) => shell.node === asked))
    throw new Error(`--node ${words.node} is not among the hosts`);
  // Without `await` the connections would be closed before anybody has answered.
  return await takeLease(shells, {
    owner: words.owner,
    node: asked,
    ttlSeconds: words.ttl / 1000,
    token: newToken(),
  });
}

async function show(words: Words): Promise<LeaseOutcome> {
  await using site = await siteFrom(words);
  return await showLease(site.shells());
}

async function release(words: Words): Promise<LeaseOutcome> {
  await using site = await siteFrom(words);
  return await releaseLease(site.shells(), words.force ? 'force' : { owner: words.owner });
}

async function answered(
  act: (words: Words) => Promise<LeaseOutcome>,
  words: Words,
  out: Out,
): Promise<number> {
  try {
    const outcome = await act(words);
    if (words.json) out.line(JSON.stringify(leaseJson(outcome), null, 2));
    return say(outcome, words, words.json ? { ...out, line: () => undefined, error: () => undefined } : out);
  } catch (error) {
    out.error(`lease: ${error instanceof Error ? error.message : String(error)}`);
    return 3;
  }
}

function say(outcome: LeaseOutcome, site: SiteWords, out: Out): number {
  switch (outcome.kind) {
    case 'taken':
      out.line(`TAKEN  ${leaseSentence(outcome.lease)} (kept on ${outcome.on.join(', ')}).`);
      for (const line of uncountedLines(outcome)) out.line(line);
      return 0;
    case 'free':
      out.line('FREE   nobody has the lease.');
      for (const line of uncountedLines(outcome)) out.line(line);
      return 0;
    case 'held':
      out.error(`HELD   ${heldSentence(outcome.by, site)}`);
      return 1;
    case 'unknown':
      out.error(`lease: it could not be known who has it: ${outcome.because}`);
      return 3;
  }
}
