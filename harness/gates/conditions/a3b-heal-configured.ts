import { everyLook, ofEveryNode } from '../condition.ts';
import type { Condition } from '../condition.ts';
import { combine, open, refused } from '../decision.ts';
import type { Decision } from '../decision.ts';
import type { GateFacts, VolumeInfo } from '../facts.ts';

/** GlusterFS's default, seconds. */
const HEAL_TIMEOUT = 600;
const OFF = new Set(['off', 'disable', 'no', 'false', '0']);

/** Nothing heals by itself when the daemon is switched off. */
export const healConfigured: Condition = {
  code: 'A3b',
  name: 'heal-configured',
  section: 'A',
  checks: `the volume is started, its self-heal daemon is not switched off and crawls at least every ${HEAL_TIMEOUT} s`,
  why: 'a backlog that nobody works on never empties; an empty one may only mean that nobody looked',
  wouldHavePrevented:
    'a rollout on a volume whose healing somebody had switched off during an earlier repair',
  needs: 'full',
  decide: everyLook((facts: GateFacts) =>
    combine(
      ofEveryNode(facts, 'volume info', (one) => one.info, judge),
      'self-heal is on',
    ),
  ),
};

function judge(info: VolumeInfo): readonly Decision[] {
  const decisions: Decision[] = [];
  if (info.status !== 'Started') {
    decisions.push(
      refused(
        [`volume ${info.name} is "${info.status}", not Started`],
        `Start it: gluster volume start ${info.name}.`,
      ),
    );
  }
  const daemon = info.options['cluster.self-heal-daemon'];
  if (daemon !== undefined && OFF.has(daemon.toLowerCase())) {
    decisions.push(
      refused(
        [`cluster.self-heal-daemon is ${daemon}: nothing heals by itself`],
        `Switch it on: gluster volume set ${info.name} cluster.self-heal-daemon on.`,
      ),
    );
  }
  const timeout = Number(info.options['cluster.heal-timeout'] ?? HEAL_TIMEOUT);
  if (!(timeout <= HEAL_TIMEOUT)) {
    decisions.push(
      refused(
        [`cluster.heal-timeout is ${info.options['cluster.heal-timeout']}: a missed heal waits that long`],
        `Set it to ${HEAL_TIMEOUT} or less.`,
      ),
    );
  }
  return decisions.length > 0 ? decisions : [open('')];
}
