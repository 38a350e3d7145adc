/** `healproof inspect`: what the bricks themselves say about every file: of a lab, of a cluster over SSH, or collected into files. */
import { Command } from 'commander';
import { collectLines } from '../../lab/collected/index.ts';
import { duration } from '../arguments.ts';
import { withSiteOptions, type SiteWords } from '../site/words.ts';
import { untilStopped } from '../until-stopped.ts';
import { inspectFiles, type FilesOptions } from './files.ts';
import type { LiveOptions } from './live.ts';
import { EXIT, processOutput, type Output } from './print.ts';
import { printable } from './text.ts';

const EXAMPLES = `
Examples:
  healproof inspect --lab
  healproof inspect --hosts pve1,pve2,pve3 --volume vmstore --sums
  healproof inspect --inventory site.ini --group gluster --json
  healproof inspect --print-collect                       # what to run on each node when there is no way in from here
  healproof inspect --volume-info info.txt pve1=./pve1 pve2=./pve2 pve3=./pve3
  healproof inspect pve1=./1/pve1 pve2=./1/pve2 --later pve1=./2/pve1 pve2=./2/pve2

Bricks given as folders come in the order of "gluster volume info"; each folder is what the lines of --print-collect make,
or at least a getfattr.txt; a bare getfattr dump does too. Of a lab and of a cluster every brick is read over SSH, and
nothing is written there; a second look 10 s later settles what is moving.

Exit code: 0 clean, 1 healing or worse, 2 undecidable (also: an input that can't be trusted, or nobody to ask). Only 0 is a yes.`;

/** As commander parses them. */
export interface InspectOptions extends Partial<FilesOptions>, LiveOptions, SiteWords {
  readonly printCollect?: boolean;
}

export function inspectCommand(ended: (code: number) => void, output: Output = processOutput): Command {
  const command = new Command('inspect')
    .description('the state of every file and image, judged from the bricks themselves; only reads')
    .argument('[bricks...]', 'NAME=FOLDER for each brick, in the order of "gluster volume info"')
    .option('--later <bricks...>', 'the same bricks, collected again later')
    .option(
      '--volume-info <file>',
      'output of "gluster volume info", text or --xml (default: volume-info.txt of a folder)',
    )
    .option('--print-collect', 'print the read-only lines that make such folders')
    .option('--volume <name>', 'the volume (default: the only one that is started)')
    .option('--sums', 'read every byte and compare sha256 sums')
    .option('--no-heal-info', 'do not ask the CLI as second witness')
    .option('--again <time>', 'time before a second look when one is not enough (default: 10s)', duration())
    .option('--once', 'look once only')
    .option(
      '--limit <time>',
      'for reading the files of one node (default: 60s, with --sums 120s)',
      duration(),
    )
    .option('--json', 'as JSON: { files: [{ path, gfid, state, kinds, sources, … }], worst }')
    .option('--details', 'with --json: everything, reads, images, choices and notes too');
  return withSiteOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (bricks: string[], { once, ...options }: InspectOptions & { once?: boolean }) => {
      ended(await inspect({ ...options, bricks, ...(once === true ? { again: 0 } : {}) }, output));
    });
}

/** Answers the exit code. */
export async function inspect(options: InspectOptions, output: Output): Promise<number> {
  if (options.printCollect === true) {
    output.out(collectLines(options.volume));
    return EXIT.clean;
  }
  try {
    const { bricks = [] } = options;
    if (!asksSite(options)) return inspectFiles({ ...options, bricks }, output);
    if (bricks.length > 0 || options.later !== undefined || options.volumeInfo !== undefined)
      throw new Error('either folders, or --lab, --hosts or --inventory; both at once can not be judged');
    return await inspectSite(options, output);
  } catch (error) {
    output.err(`inspect: ${printable(error instanceof Error ? error.message : String(error))}\n`);
    return EXIT.undecidable;
  }
}

/** What it takes to reach a site is loaded only here: it would double the time that files take. */
async function inspectSite(options: InspectOptions, output: Output): Promise<number> {
  const [{ siteFrom }, { inspectLive }] = await Promise.all([
    import('../site/index.ts'),
    import('./live.ts'),
  ]);
  return untilStopped(async (signal) => {
    await using site = await siteFrom(options);
    return await inspectLive(site, options, output, signal);
  }, EXIT.undecidable);
}

const asksSite = ({ lab, hosts, inventory }: SiteWords): boolean =>
  lab !== undefined || hosts !== undefined || inventory !== undefined;
