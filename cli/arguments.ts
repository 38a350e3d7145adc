/** Values of options, for commander: a value that is no good becomes its own clear error. */
import { InvalidArgumentError } from 'commander';
import { milliseconds } from './duration.ts';

/** Turns what `parse` throws into commander's error, with the same words. */
export function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

/** Milliseconds of such as `30m`. `tooShort`: what is said of less than `leastMs`. */
export const duration = (leastMs = 0, tooShort = ''): ((text: string) => number) =>
  checked((text) => {
    const ms = milliseconds(text);
    if (ms < leastMs) throw new Error(tooShort);
    return ms;
  });

export const wholeNumber = (min: number, max: number): ((text: string) => number) =>
  checked((text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new Error(`give a whole number from ${min} to ${max}.`);
    return value;
  });

/** An option that may be repeated. */
export const collected = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** The same, with commas within each, too. */
export const several = (value: string, before: readonly string[]): readonly string[] => [
  ...before,
  ...value.split(',').filter((one) => one !== ''),
];
