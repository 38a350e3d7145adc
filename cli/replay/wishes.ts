/** What a signal means: the first asks to stop, another one means that nobody wants to wait for it. */

/** `timeout` signals its child and then its child's whole group: the same wish, told twice. Nobody presses a key twice that fast. */
const ECHO_MS = 400;

/** `nowMs`: of any clock that only goes forward. */
export function wishes(nowMs: () => number): () => 'stop' | 'echo' | 'at once' {
  let firstMs: number | undefined;
  return () => {
    if (firstMs === undefined) {
      firstMs = nowMs();
      return 'stop';
    }
    return nowMs() - firstMs < ECHO_MS ? 'echo' : 'at once';
  };
}
