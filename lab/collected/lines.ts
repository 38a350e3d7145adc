/** Reads big text files a line at a time in constant memory. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const CHUNK_BYTES = 1 << 20;
const LINE_BYTES_MAX = 1 << 20;

/** Calls `each` with every line as Latin-1 text, without its line feed; stops when it answers false. Says whether the last line had one. */
export function eachLine(
  path: string,
  each: (line: string, number: number) => boolean | void,
): { terminated: boolean } {
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let rest = '';
    let number = 0;
    for (;;) {
      const bytes = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (bytes === 0) break;
      const text = rest + chunk.toString('latin1', 0, bytes);
      let from = 0;
      for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', from)) {
        number += 1;
        if (each(text.slice(from, at), number) === false) return { terminated: true };
        from = at + 1;
      }
      rest = text.slice(from);
      if (rest.length > LINE_BYTES_MAX)
        throw new Error(
          `${path}:${number + 1}: a line of more than ${LINE_BYTES_MAX} bytes: this is no text that a collection wrote`,
        );
    }
    if (rest !== '') each(rest, number + 1);
    return { terminated: rest === '' };
  } finally {
    closeSync(file);
  }
}

/** Whether two files hold the same bytes; stops at the first difference. */
export function sameContent(one: string, other: string): boolean {
  const [a, b] = [openSync(one, 'r'), openSync(other, 'r')];
  try {
    if (fstatSync(a).size !== fstatSync(b).size) return false;
    const [left, right] = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)];
    for (;;) {
      const [m, n] = [readSync(a, left, 0, CHUNK_BYTES, null), readSync(b, right, 0, CHUNK_BYTES, null)];
      if (m !== n || left.compare(right, 0, n, 0, m) !== 0) return false;
      if (m === 0) return true;
    }
  } finally {
    closeSync(a);
    closeSync(b);
  }
}
