/** Option values that are whole numbers. */
import { InvalidArgumentError } from 'commander';

/** A parser for commander. @throws InvalidArgumentError for whatever is no whole number from `min` to `max`. */
export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`give a whole number from ${min} to ${max}.`);
    return value;
  };
