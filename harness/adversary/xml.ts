/** XML as the CLI prints it. Only what is asked of a gate to read; values here never need escaping except `&` and `<`. */

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** `head` may carry attributes. Children that begin with `<` are elements, any other child is text. */
export function element(head: string, ...children: readonly string[]): string {
  const [name = ''] = head.split(' ');
  const inner = children.map((one) => (one.startsWith('<') ? one : escaped(one))).join('');
  return inner === '' ? `<${head}/>` : `<${head}>${inner}</${name}>`;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

const outcome = (opRet: number, opErrno: number, message: string): string =>
  element('opRet', String(opRet)) + element('opErrno', String(opErrno)) + element('opErrstr', message);

/** An answer of glusterd: how it ended comes first. */
export const xmlFile = (content: string, opRet = 0, opErrno = 0, message = ''): string =>
  `${HEAD}${element('cliOutput', outcome(opRet, opErrno, message) + content)}\n`;

/** An answer of a heal walk: how it ended comes last. */
export const gathered = (content: string, opRet: number, opErrno: number): string =>
  `${HEAD}${element('cliOutput', content + outcome(opRet, opErrno, opRet < 0 ? 'Input/output error' : ''))}\n`;
