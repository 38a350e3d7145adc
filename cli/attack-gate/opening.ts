/** What is said before the first result: how much there is to do, how time passes, and what keeps the gate from anything real. */
import { wrapped } from '../../harness/index.ts';

export interface Beginning {
  readonly states: number;
  readonly limitMs: number;
  readonly speed: number;
  /** `own`: the gate of this product, which starts nothing but the stand-in `ssh`. */
  readonly gate: 'own' | { readonly network: 'none' | 'of this machine' };
}

export function opening({ states, limitMs, speed, gate }: Beginning): readonly string[] {
  const many = `${states} ${states === 1 ? 'state' : 'states'}, ${(limitMs / 1000).toFixed(0)} s for each`;
  const time =
    speed === 1
      ? 'Waiting takes as long as it takes.'
      : `sleep, timeout and slow answers run ${speed} times faster than the clock; other clocks (date, SECONDS) do not.`;
  return [...wrapped(`${many}. ${protection(gate)} ${time}`, 0), ''];
}

function protection(gate: Beginning['gate']): string {
  if (gate === 'own') return 'The gate of healproof gate, over a stand-in ssh. Nothing real is contacted.';
  return gate.network === 'none'
    ? 'gluster, ssh and sudo are stand-ins, and there is no network. Nothing real is contacted.'
    : 'gluster, ssh and sudo are stand-ins. This machine does not allow a network namespace (unshare --net): ' +
        'what the gate does by other programs can reach the real network. Be sure of what it calls.';
}
