/** Everything that Healproof makes in an engine carries these labels; nothing without them is ever touched. */
export const OURS = 'healproof';

export interface Owner {
  readonly run: string;
  readonly pid: number;
}

export const labelsOf = ({ run, pid }: Owner): Record<string, string> => ({
  [OURS]: '1',
  [`${OURS}.run`]: run,
  [`${OURS}.pid`]: String(pid),
});

/** Refuses to go on with something that isn't ours. */
export function mustBeOurs(what: string, labels: Readonly<Record<string, string>> | null | undefined): void {
  if (labels?.[OURS] !== '1')
    throw new Error(
      `refused: ${what} does not carry the label ${OURS}=1, so it is not part of a lab and is left alone`,
    );
}
