/** The CLI's `--xml` answers: checked for being whole, then read element by element. Nothing is converted: a number is text until somebody checks it. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { excerpt } from './seen.ts';

/** An element: its text, attributes and children by name, in document order. */
export interface Element {
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Readonly<Record<string, readonly Element[]>>;
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
});

type Ordered = Readonly<Record<string, unknown>>;

/**
 * The `cliOutput` element of an answer. Throws when the text is empty, no XML, cut off, or says by `opRet` that the command failed.
 */
export function cliOutput(text: string): Element {
  if (text.trim() === '') throw new Error('the command printed nothing');
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`not whole XML (${valid.err.msg}): ${excerpt(text)}`);
  const nodes = parser.parse(text) as readonly Ordered[];
  const root = nodes.find((node) => 'cliOutput' in node);
  if (root === undefined) throw new Error(`no <cliOutput> in the answer: ${excerpt(text)}`);
  const output = element(root, 'cliOutput');
  const opRet = textOf(output, 'opRet');
  if (opRet !== '0') {
    throw new Error(
      `the command failed: opRet ${opRet}, opErrno ${textOf(output, 'opErrno')}, ${excerpt(textOf(output, 'opErrstr'))}`,
    );
  }
  return output;
}

function element(node: Ordered, name: string): Element {
  const parts = node[name] as readonly Ordered[];
  const children: Record<string, Element[]> = {};
  let text = '';
  for (const part of parts) {
    const [child] = Object.keys(part).filter((key) => key !== ':@');
    if (child === undefined) continue;
    if (child === '#text') text += String(part[child]);
    else (children[child] ??= []).push(element(part, child));
  }
  return { text: text.trim(), attributes: (node[':@'] ?? {}) as Record<string, string>, children };
}

export const all = (parent: Element, name: string): readonly Element[] => parent.children[name] ?? [];

/** The one child of that name; throws when there is none or more than one. */
export function only(parent: Element, name: string): Element {
  const found = all(parent, name);
  const [first] = found;
  if (first === undefined || found.length > 1)
    throw new Error(`expected one <${name}>, found ${found.length}`);
  return first;
}

/** Text of a child, or undefined when there is no such child. */
export const maybe = (parent: Element, name: string): string | undefined => all(parent, name)[0]?.text;

/** Text of a child that must be there. */
export const textOf = (parent: Element, name: string): string => only(parent, name).text;

/** A whole number of 0 or more; throws for anything else. */
export function numberOf(parent: Element, name: string): number {
  const text = textOf(parent, name);
  if (!/^\d{1,15}$/.test(text)) throw new Error(`<${name}> is "${text}", not a number`);
  return Number(text);
}
