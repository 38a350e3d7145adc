/** A state: what a gate gets to see of a cluster, and whether the node may really go down. */
import type { AttackSite, World } from './world.ts';

export interface Truth {
  /** Whether the node that is asked about may go down now. */
  readonly go: boolean;
  readonly because: string;
}

export interface AttackState {
  /** Kebab-case, unique. */
  readonly name: string;
  /** One line of at most 60 characters. */
  readonly title: string;
  readonly truth: Truth;
  /** What a careless gate takes for a yes; empty where the truth is go. */
  readonly lure: string;
  /** `bricks`: no output of `gluster` shows it, only what lies on the bricks or in a mount's own tables. */
  readonly shownBy: 'gluster' | 'another node' | 'a second look' | 'bricks';
  /** Some command never answers here: a gate without patience of its own runs until its time is up. */
  readonly mayHang: boolean;
  /** One world per look: when time has passed and the gate asks the same question again, it meets the next one. */
  readonly looks: readonly [World, ...World[]];
  /** What a look after the last one meets. */
  readonly afterwards: 'stays' | 'starts-over';
}

/** Makes a state for a site. */
export type StateFor = (site: AttackSite) => AttackState;

type Brief = Pick<AttackState, 'name' | 'title' | 'lure'> & {
  readonly because: string;
  readonly mayHang?: boolean;
  readonly shownBy?: AttackState['shownBy'];
};

/** A state in which the node must stay up. */
export function noGo({ because, ...brief }: Brief, ...looks: readonly [World, ...World[]]): AttackState {
  return {
    shownBy: 'gluster',
    mayHang: false,
    ...brief,
    truth: { go: false, because },
    looks,
    afterwards: 'stays',
  };
}

/** A state in which the node may go down: a gate that says no here blocks without need. */
export function mayGo(
  { because, ...brief }: Omit<Brief, 'lure'>,
  ...looks: readonly [World, ...World[]]
): AttackState {
  return {
    shownBy: 'gluster',
    mayHang: false,
    lure: '',
    ...brief,
    truth: { go: true, because },
    looks,
    afterwards: 'stays',
  };
}
