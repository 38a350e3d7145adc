/** Secrets out of log text. A bundle is made to be handed around; what it doesn't hold can't leak. Pure. */

const GONE = '[redacted]';

/** Whole key blocks, also of a kind that doesn't exist yet; one that is cut off goes up to the end. */
const KEY_BLOCK =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$(?![\s\S]))/g;
/** `Authorization: Bearer xyz`, `Authorization: Basic xyz`. */
const AUTHORIZATION =
  /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|digest|token)\s+)?)[^\s"',;]+/gi;
/** `scheme://user:secret@host` */
const IN_ADDRESS = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:)[^\s/@]+(?=@)/gi;
/** `password=x`, `"apiKey": "x"`, `--token x`, `_authToken=x`. The name must end in the word, so that `passwords: 3` and `token bucket` stay. */
const NAMED =
  /((?:\b|_|-)(?:pass(?:word|wd|phrase)?|secret|api[_-]?key|access[_-]?key|private[_-]?key|(?:auth|access|refresh|session)?_?token)["']?\s*(?:[:=]\s*|(?<=--[\w-]*)\s+))("[^"\n]*"|'[^'\n]*'|[^\s"',;]+)/gi;

/** The same text without private keys, passwords and tokens; lines keep their order, key blocks become one line. */
export function redact(text: string): string {
  return text
    .replace(KEY_BLOCK, GONE)
    .replace(AUTHORIZATION, `$1${GONE}`)
    .replace(IN_ADDRESS, `$1${GONE}`)
    .replace(NAMED, (_, name: string, value: string) => {
      const quote = /^["']/.exec(value)?.[0] ?? '';
      return `${name}${quote}${GONE}${quote}`;
    });
}
