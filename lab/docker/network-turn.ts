/**
 * One container at a time comes on its networks or goes off them. Docker 20.10 counts a network's endpoints without a lock: two changes at
 * once can be counted wrong, and the network can then never be removed ("has active endpoints" with no endpoint there). Engines that no
 * longer keep that count (28 and newer) lose little: a start or a removal takes a quarter of a second.
 */
let last: Promise<void> = Promise.resolve();

/** Resolves when it is the caller's turn. What it resolves to must be called when the change is over, however it ended. */
export async function networkTurn(): Promise<() => void> {
  const before = last;
  const { promise, resolve } = Promise.withResolvers<void>();
  last = promise;
  await before;
  return resolve;
}
