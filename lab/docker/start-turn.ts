/**
 * One container starts at a time. Docker 20.10 counts a network's endpoints without a lock: two starts on one network can count one of
 * them twice, and the network can then never be removed ("has active endpoints" with no endpoint there). Engines that no longer keep
 * that count (28 and newer) lose little: a start takes a quarter of a second.
 */
let last: Promise<void> = Promise.resolve();

/** Resolves when it is the caller's turn. What it resolves to must be called when the start is over, however it ended. */
export async function startTurn(): Promise<() => void> {
  const before = last;
  const { promise, resolve } = Promise.withResolvers<void>();
  last = promise;
  await before;
  return resolve;
}
