import { newest } from '../condition.ts';
import type { Condition, Question } from '../condition.ts';
import { combine, held, never, open, refused, unseen } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts } from '../facts.ts';

/** The way back when everything else has failed. */
export const backupsFresh: Condition = {
  code: 'F3',
  name: 'backups-fresh',
  section: 'F',
  checks:
    'of every guest that the site’s description names, a backup lies in its folders, young enough, not empty, and not on the volume itself',
  why: 'a backup on the volume is lost with it; one that nobody looked at may have stopped weeks ago',
  wouldHavePrevented:
    'routers restored from configurations of last year, because the newer backups lay on the volume that was broken',
  needs: 'full',
  asks: ['backups'],
  decide: (window, question) => judge(newest(window), question),
};

function judge(facts: GateFacts, { site }: Question): Decision {
  const said = site?.backups;
  if (said === undefined) {
    return never(
      'the site’s description does not say where backups lie, and of which guests there must be some: say it there (healproof_backups), or waive F3 with the reason',
    );
  }
  const seen = facts.nodes.flatMap((one) => (one.extra.backups.seen ? [one.extra.backups] : []));
  if (seen.length === 0) {
    const because = facts.nodes.map((one) =>
      one.extra.backups.seen ? '' : `${one.node}: ${one.extra.backups.because}`,
    );
    return unseen(`no node could list the backups (${because.join('; ') || 'no node was asked'})`);
  }
  if (said.vmids.length === 0) return never('the site’s description names no guest that must have a backup');
  const folders = seen.flatMap((one) => one.folders);
  const onVolume = folders.filter(
    (one) => one.fileSystem === 'fuse.glusterfs' && new RegExp(`:/?${facts.volume}(?:/|$)`).test(one.source),
  );
  const safe = folders.filter((one) => !onVolume.includes(one)).flatMap((one) => one.files);
  const decisions: Decision[] = [
    ...onVolume.map((one) =>
      refused(
        [`backups in ${one.path} lie on the volume itself (${one.source})`],
        'Keep them on storage of its own.',
      ),
    ),
    ...said.vmids.map((vmid) => {
      const last = safe
        .filter((file) => file.vmid === vmid && file.bytes > 0)
        .toSorted((one, other) => one.atMs - other.atMs)
        .at(-1);
      if (last === undefined)
        return refused(
          [`there is no backup of guest ${vmid}`],
          'Back it up (vzdump) before any node goes down.',
        );
      const hours = (facts.atMs - last.atMs) / 3_600_000;
      return hours <= said.withinHours
        ? open('')
        : held(
            `the newest backup of guest ${vmid} is ${Math.floor(hours)} hours old, more than ${said.withinHours}`,
          );
    }),
  ];
  return combine(
    decisions,
    `backups of ${said.vmids.length} guests, none older than ${said.withinHours} hours`,
  );
}
