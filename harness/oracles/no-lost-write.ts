/** No acknowledged write is lost or rolled back on a router's disk. An fsync that returned 0 is a promise. */
import type { EventOf, History } from '../model/event.ts';
import type { RouterName } from '../model/names.ts';
import type { Verdict } from '../model/verdict.ts';
import { Ledger } from './acknowledged.ts';
import type { Stretch } from './acknowledged.ts';
import { Case, evidence } from './conclude.ts';
import { judgeDisks } from './disks.ts';
import type { Account } from './disks.ts';
import { frameOf } from './frame.ts';
import type { Frame } from './frame.ts';
import type { Oracle } from './oracle.ts';
import { RestoreWatch } from './restores.ts';
import { count, list, many, moment, seconds } from './say.ts';

export function noLostWrite(): Oracle {
  return {
    name: 'no-lost-write',
    aspect: 'data',
    means:
      'Every record that a router acknowledged stays on its disk: on each brick, through each mount, and in what the router finds when it comes up',
    evidence:
      'router, brick, first and last lost record with the acknowledgements; how many seconds of writes; the backup, if one was restored',
    check,
  };
}

function check(history: History): Verdict {
  const frame = frameOf(history);
  const found = new Case();
  const accounts = accountsOf(frame);
  const books = new Books(accounts, frame, found);
  for (const event of history) books.see(event);
  books.end();
  const all = [...accounts.values()];
  const total = all.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
  const lost = all.reduce((sum, account) => sum + account.rolledBack + account.lacked, 0);
  const silent = all.every(({ spec }) => spec.writeEveryMs === 0);
  return found.conclude(frame, {
    broken: () => `${many(lost, 'acknowledged write')} lost: ${found.summary()}`,
    holds: () =>
      silent && total === 0
        ? 'the routers wrote nothing, as planned, so there was nothing to lose'
        : `all ${many(total, 'acknowledged write')} of ${list(all.map(({ spec }) => spec.name))} are on every copy of their disks`,
    looked: total + (silent ? all.reduce((sum, { beats }) => sum + beats, 0) : 0),
  });
}

function accountsOf({ spec }: Frame): ReadonlyMap<RouterName, Account> {
  return new Map(
    (spec?.routers ?? []).map((router) => [
      router.name,
      {
        spec: router,
        ledger: new Ledger(),
        acknowledged: 0,
        inWindow: 0,
        beats: 0,
        restore: undefined,
        rolledBack: 0,
        lacked: 0,
      },
    ]),
  );
}

const foundAs = (text: string): number | undefined => {
  const last = /\blast=(\d+)/.exec(text)?.[1];
  return last === undefined ? undefined : Number(last);
};

class Books {
  readonly #accounts: ReadonlyMap<RouterName, Account>;
  readonly #frame: Frame;
  readonly #found: Case;
  readonly #restores = new RestoreWatch();
  #settled: EventOf<'settled'> | undefined;
  #final = false;

  constructor(accounts: ReadonlyMap<RouterName, Account>, frame: Frame, found: Case) {
    this.#accounts = accounts;
    this.#frame = frame;
    this.#found = found;
  }

  see(event: History[number]): void {
    switch (event.kind) {
      case 'write-acknowledged':
        return this.#acknowledged(event);
      case 'heartbeat':
        return this.#beat(event);
      case 'guest':
        return this.#guest(event);
      case 'settled':
        this.#settled = event;
        return undefined;
      case 'observed':
        return this.#observed(event);
      case 'backup':
      case 'step-began':
        for (const restore of this.#restores.see(event)) {
          const account = this.#accounts.get(restore.router);
          if (account !== undefined) account.restore = restore;
        }
        return undefined;
      default:
        return undefined;
    }
  }

  #acknowledged(event: EventOf<'write-acknowledged'>): void {
    const account = this.#accounts.get(event.router);
    if (account === undefined) return;
    account.acknowledged += 1;
    if (this.#inWindow(event.atMs)) account.inWindow += 1;
    const gone = account.ledger.acknowledge(event.record, event.guestMs, event.atMs, event.seq);
    if (gone !== undefined) this.#rolledBack(account, gone, event, `counts on from ${count(event.record)}`);
  }

  #beat(event: EventOf<'heartbeat'>): void {
    const account = this.#accounts.get(event.router);
    if (account !== undefined && this.#inWindow(event.atMs)) account.beats += 1;
  }

  #guest(event: EventOf<'guest'>): void {
    const account = this.#accounts.get(event.router);
    if (account === undefined || (event.says !== 'recover' && event.says !== 'boot')) return;
    const last = event.says === 'recover' ? foundAs(event.text) : undefined;
    const gone = account.ledger.cameUp(last);
    if (gone !== undefined)
      this.#rolledBack(account, gone, event, `came up with record ${count(last ?? 0)} as its newest`);
  }

  #inWindow(atMs: number): boolean {
    const { disturb } = this.#frame;
    return disturb !== undefined && atMs >= disturb.fromMs && atMs <= disturb.toMs;
  }

  #rolledBack(account: Account, gone: Stretch, event: History[number], how: string): void {
    account.rolledBack += gone.count;
    // What a look before lacked is among them.
    account.lacked = 0;
    const { name } = account.spec;
    const restore = account.restore;
    const what = `writes ${count(gone.first)} to ${count(gone.last)} (${count(gone.count)}, ${seconds(gone.toMs - gone.fromMs)})`;
    this.#found.find({
      what:
        restore === undefined
          ? `${name} was rolled back: it ${how} ${moment(event.atMs)}; ${what} are gone`
          : `${name} was restored from backup ${restore.backup.file}: ${what} came after it and are gone`,
      evidence: evidence(gone.seqs[0], gone.seqs[1], restore?.backup.seq, restore?.step.seq, event.seq),
      router: name,
      atMs: gone.fromMs,
      untilMs: gone.toMs,
    });
    account.restore = undefined;
  }

  #observed(event: EventOf<'observed'>): void {
    const observe = this.#frame.phases.get('observe');
    const final = observe !== undefined && event.seq > observe.seq;
    this.#final ||= final;
    judgeDisks({
      event,
      accounts: this.#accounts,
      frame: this.#frame,
      found: this.#found,
      stage: final ? (this.#settled?.ok === true ? 'settled' : 'unsettled') : 'midway',
    });
  }

  end(): void {
    if (!this.#final) this.#found.doubt('nobody read the router disks after settling');
    if (this.#accounts.size === 0) this.#found.doubt('the history names no routers');
    for (const { spec, inWindow, beats, ledger } of this.#accounts.values()) {
      if (spec.writeEveryMs > 0 && inWindow === 0)
        this.#found.doubt(
          `${spec.name} had no write acknowledged while the play was on: nothing could be lost`,
        );
      if (spec.writeEveryMs === 0 && beats === 0)
        this.#found.doubt(`${spec.name} writes nothing and gave no sign of life while the play was on`);
      if (ledger.misplaced > 0)
        this.#found.doubt(
          `${many(ledger.misplaced, 'acknowledgement')} of ${spec.name} came too late to be put in order`,
        );
    }
  }
}
