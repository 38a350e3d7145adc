/** Where lines go, so that a caller can read them. */
export interface Out {
  readonly line: (text: string) => void;
  readonly error: (text: string) => void;
  /** Colour may be used. */
  readonly colour: boolean;
}

/** Standard output and standard error; colour on a terminal only, and never with NO_COLOR. */
export const processOut = (): Out => ({
  line: (text) => process.stdout.write(`${text}\n`),
  error: (text) => process.stderr.write(`${text}\n`),
  colour: process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb',
});
