/** Reads an escalation policy with its people from YAML. What is wrong in it is told with file and line. */
import { readFileSync } from 'node:fs';
import { isNode, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { flawsOf } from '../../harness/index.ts';
import type { Escalation } from '../../harness/index.ts';
import { ESCALATION } from './schema.ts';

/** An escalation file that can't be played; the message has a line for each thing that is wrong. */
export class BadEscalation extends Error {
  override readonly name = 'BadEscalation';
}

/** @throws BadEscalation */
export function readEscalation(path: string): Escalation {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new BadEscalation(`the escalation policy can't be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  return escalationOf(text, path);
}

/** `path` is only for messages. @throws BadEscalation */
export function escalationOf(text: string, path: string): Escalation {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const wrong = (offset: number, what: string): string => `${path}:${lines.linePos(offset).line}: ${what}`;
  if (document.errors.length > 0)
    throw new BadEscalation(document.errors.map(({ pos, message }) => wrong(pos[0], message)).join('\n'));
  const parsed = ESCALATION.safeParse(document.toJS());
  if (!parsed.success)
    throw new BadEscalation(
      parsed.error.issues
        .map((issue) => {
          const what =
            issue.code === 'unrecognized_keys'
              ? `does not know ${issue.keys.join(', ')}`
              : issue.message.startsWith('Invalid input')
                ? issue.message.replace('Invalid input', 'is not what belongs here')
                : issue.message;
          return wrong(offsetOf(document, issue.path), `${issue.path.join('.') || 'the file'} ${what}`);
        })
        .join('\n'),
    );
  const flaws = flawsOf(parsed.data.policy, parsed.data.people);
  if (flaws.length > 0)
    throw new BadEscalation(flaws.map((flaw) => wrong(offsetOf(document, ['policy']), flaw)).join('\n'));
  return parsed.data;
}

/** Where the thing at a path begins; that of the nearest thing around it when it is not there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
