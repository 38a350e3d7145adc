/** Whether a line of ssh_config is meant for a host. */
import { inList } from './patterns.ts';
import type { Criterion } from './ssh-config.ts';

export interface Asked {
  readonly alias: string;
  /** As far as it is known at that line. */
  readonly hostName: string;
  readonly user: string;
  readonly localUser: string;
}

/** `criterion`: a Match that needs what only ssh itself can tell (exec, final, localnetwork, ...). */
export type Applies = 'yes' | 'no' | { readonly criterion: string };

export function applies(when: readonly Criterion[], asked: Asked): Applies {
  const answers = when.map((one): Applies =>
    one.kind === 'host' ? answer(inList(one.patterns, asked.alias)) : matches(one.words, asked),
  );
  if (answers.includes('no')) return 'no';
  return answers.find((one) => one !== 'yes') ?? 'yes';
}

const answer = (holds: boolean): Applies => (holds ? 'yes' : 'no');

function matches(words: readonly string[], asked: Asked): Applies {
  const against: Readonly<Record<string, string>> = {
    host: asked.hostName,
    originalhost: asked.alias,
    user: asked.user,
    localuser: asked.localUser,
  };
  let unknown = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = (words[at] ?? '').toLowerCase();
    const negated = word.startsWith('!');
    const name = against[negated ? word.slice(1) : word];
    if (word === 'all') continue;
    if (name === undefined) {
      unknown = true;
      // Its argument is no criterion; `canonical` and `final` have none.
      if (!/^!?(canonical|final)$/.test(word)) at += 1;
      continue;
    }
    at += 1;
    if (inList((words[at] ?? '').split(','), name) === negated) return 'no';
  }
  return unknown ? { criterion: `Match ${words.join(' ')}` } : 'yes';
}
