/** The lease: the one thing that writes on a real cluster, and only when asked for. */
export { keepLease, leaseFacts, newToken, releaseLease, renewLease, showLease, takeLease } from './lease.ts';
export type { Lease, Outcome, Wish } from './lease.ts';
export { LEASE_COMMANDS } from './script.ts';
