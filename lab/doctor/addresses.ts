/** Is there room for a lab in 198.18.0.0/16? */
import type { Route } from '../engine/procs.ts';
import { formatCidr, overlaps, parseCidr } from '../engine/procs.ts';
import type { Finding } from './finding.ts';

/** Labs take a /21 each; see lab/network. */
const LAB_BITS = 21;
const LABS = 2 ** (LAB_BITS - 16);

/** `labs`: subnets of networks that are a lab's, so that others in the way can be told from them. */
export function addressFinding(routes: readonly Route[], labs: readonly string[]): Finding {
  const range = parseCidr('198.18.0.0/16');
  const taken = routes.filter((route) => overlaps(route, range));
  const free = Array.from({ length: LABS }, (_, n) => ({
    network: range.network + n * 2 ** (32 - LAB_BITS),
    bits: LAB_BITS,
  })).filter((slot) => !taken.some((route) => overlaps(route, slot)));
  const others = taken.filter((route) => !labs.includes(formatCidr(route)));
  const told = [
    `${free.length} of ${LABS} places for labs are free`,
    ...(labs.length > 0 ? [`labs have ${labs.length} networks`] : []),
    ...(others.length > 0
      ? [`in the way: ${others.map((route) => `${formatCidr(route)} on ${route.device}`).join(', ')}`]
      : []),
  ];
  return {
    name: 'addresses',
    ok: free.length > 0 ? 'ok' : 'fail',
    found: told.join('; '),
    why: 'labs take their networks out of 198.18.0.0/16 (RFC 2544), which is never routed',
    fix: free.length > 0 ? '' : 'take old labs away: ./healproof prune; or remove the routes: ip route',
  };
}
