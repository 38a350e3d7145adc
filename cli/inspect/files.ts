/** Judges what somebody collected: `NAME=FOLDER...`. */
import { inspectCollected, type Given } from '../../lab/collected/index.ts';
import { printer, type Form, type Output } from './print.ts';

export interface FilesOptions extends Form {
  /** `NAME=FOLDER` or `NAME=DUMP`, in the order of `gluster volume info`. */
  readonly bricks: readonly string[];
  readonly later?: readonly string[];
  readonly volumeInfo?: string;
}

/** Answers the exit code. @throws for what can't be judged, naming file and line. */
export function inspectFiles(options: FilesOptions, output: Output): number {
  const { later, volumeInfo } = options;
  const bricks = options.bricks.map(given);
  if (bricks.length < 2)
    throw new Error(
      `${bricks.length === 1 ? 'one brick' : 'nothing'} to look at, at least two bricks are needed: healproof inspect NAME=FOLDER NAME=FOLDER..., or --lab, or --hosts; 'healproof inspect --print-collect' shows how to make the folders`,
    );
  const print = printer(options, output);
  const inspection = inspectCollected(
    {
      bricks,
      ...(later === undefined ? {} : { later: later.map(given) }),
      ...(volumeInfo === undefined ? {} : { volumeInfo }),
    },
    (judged) => print.file(judged),
  );
  return print.end(inspection);
}

/** The first `=` ends the name, so that folders may hold more of them. */
function given(text: string): Given {
  const equals = text.indexOf('=');
  if (equals <= 0 || equals === text.length - 1)
    throw new Error(
      `'${text}' is not NAME=FOLDER: name each brick as the verdict should call it, such as pve1=collected/pve1`,
    );
  return { name: text.slice(0, equals), where: text.slice(equals + 1) };
}
