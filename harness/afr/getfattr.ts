/** Reads what `getfattr -h -R -d -m PATTERN -e hex --absolute-names BRICK` prints, a line at a time. */
import { attributeFault } from './changelog.ts';

/** One file's part of a dump. Lines are counted from 1; `attributes[i]` stood on line `line + 1 + i`. */
export interface DumpRecord {
  readonly path: string;
  readonly line: number;
  /** Raw lines `name=value`. */
  readonly attributes: readonly string[];
}

/** A dump that can't be trusted. The message names file, line, what was found and what to do. */
export class DumpError extends Error {
  override readonly name = 'DumpError';
  constructor(file: string, line: number, what: string) {
    super(`${file}:${line}: ${what}`);
  }
}

const HEADER = '# file: ';
/** What getfattr writes on standard error; it gets into a dump by `2>&1`. */
const REMARK = 'getfattr: ';
const HARMLESS = /^getfattr: Removing leading '\/' from absolute path names$/;
/** Kept of many; there is one for every file that could not be read. */
const REMARKS_KEPT = 3;

/** Takes the lines of one dump in order and gives a record whenever one is complete. Carriage returns at line ends are dropped. */
export class DumpReader {
  readonly #file: string;
  #line = 0;
  #open: { path: string; line: number; attributes: string[] } | undefined;
  #records = 0;
  /** Set when the dump stops without the empty line that getfattr writes after every record. */
  endsOpen = false;
  /** Remarks of getfattr that something could not be read, with their lines; the first few. */
  readonly remarks: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** One line, without its line feed, bytes as Latin-1 characters. */
  push(raw: string): DumpRecord | undefined {
    this.#line += 1;
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (text.startsWith(HEADER)) {
      const before = this.#close();
      this.#open = { path: absolute(unescaped(text.slice(HEADER.length))), line: this.#line, attributes: [] };
      return before;
    }
    if (text === '') return this.#close();
    if (text.startsWith(REMARK)) {
      if (!HARMLESS.test(text) && this.remarks.length < REMARKS_KEPT)
        this.remarks.push(`${this.#file}:${this.#line}: ${text}`);
      return undefined;
    }
    if (this.#open === undefined) {
      throw new DumpError(
        this.#file,
        this.#line,
        `'${text.slice(0, 60)}' belongs to no file: expected a line '# file: …' before it; is this the output of getfattr?`,
      );
    }
    this.#open.attributes.push(text);
    return undefined;
  }

  /** After the last line. `terminated`: whether it ended with a line feed. */
  end(terminated: boolean): DumpRecord | undefined {
    if (this.#open !== undefined) {
      const { path, attributes } = this.#open;
      const has = attributes.some((a) => a.startsWith('trusted.gfid='));
      if (!terminated || !has)
        throw new DumpError(
          this.#file,
          this.#line,
          `half a dump: it stops in the middle of the record of ${path}; collect this brick again, whole`,
        );
      this.endsOpen = true;
    }
    const last = this.#close();
    if (this.#records === 0)
      throw new DumpError(
        this.#file,
        Math.max(this.#line, 1),
        `an empty dump: not one '# file: …' line in it; collect this brick again, as root`,
      );
    return last;
  }

  #close(): DumpRecord | undefined {
    const record = this.#open;
    this.#open = undefined;
    if (record !== undefined) this.#records += 1;
    return record;
  }
}

/** getfattr without --absolute-names drops the first slash. */
const absolute = (path: string): string => (path.startsWith('/') ? path : `/${path}`);

/** The language's own UTF-8 decoder, for no other is known here. */
const utf8 = (bytes: string): string =>
  decodeURIComponent(
    bytes.replace(/[^]/g, (c) => `%${(c.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`),
  );

/** Well-formed sequences of UTF-8, and single bytes that belong to none. */
const SEQUENCE =
  // oxlint-disable-next-line no-control-regex
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

/** Names are bytes. One that is no UTF-8 becomes U+DC80 to U+DCFF, so that no two names become one and the byte can be written again. */
export const STRAY_BYTE = 0xdc00;

/** Undoes `\ooo` octal escapes (and `\\`, `\"`), then decodes UTF-8. */
export function unescaped(text: string): string {
  const bytes = text.includes('\\')
    ? text.replace(/\\(?:([0-7]{1,3})|(.))/g, (_, octal?: string, plain?: string) =>
        octal === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(octal, 8)),
      )
    : text;
  return bytes.replace(SEQUENCE, (found) =>
    found.length === 1 ? String.fromCharCode(STRAY_BYTE + found.charCodeAt(0)) : utf8(found),
  );
}

/** An attribute with an empty value is printed by its name alone. */
const BARE = /^(?:user|trusted|security|system)\.[^=]+$/;

/**
 * Decodes a record's attributes to hex without `0x`. Takes hex (`0x…`), base64 (`0s…`) and quoted text. Throws a DumpError on a
 * value that is none of these, that is cut off, given twice, or of the wrong length for its name.
 */
export function decodeAttributes(record: DumpRecord, file: string): Record<string, string> {
  const decoded: Record<string, string> = {};
  for (const [i, raw] of record.attributes.entries()) {
    const line = record.line + 1 + i;
    const equals = raw.indexOf('=') < 0 && BARE.test(raw) ? raw.length : raw.indexOf('=');
    if (equals <= 0)
      throw new DumpError(
        file,
        line,
        `'${raw.slice(0, 60)}' is no attribute: expected name=value; half a dump, or not getfattr -e hex`,
      );
    const name = raw.includes('\\') ? unescaped(raw.slice(0, equals)) : raw.slice(0, equals);
    const hex = equals === raw.length ? '' : hexOf(raw.slice(equals + 1));
    if (hex === undefined)
      throw new DumpError(
        file,
        line,
        `${name}: '${raw.slice(equals + 1, equals + 41)}' is neither hex (0x…) nor base64 (0s…) nor quoted text; collect with getfattr -e hex`,
      );
    const fault = attributeFault(name, hex);
    if (fault !== undefined)
      throw new DumpError(
        file,
        line,
        `${record.path}: ${fault}; half a dump or a damaged one: collect this brick again`,
      );
    if (decoded[name] !== undefined)
      throw new DumpError(file, line, `${record.path}: ${name} is given twice`);
    decoded[name] = hex;
  }
  return decoded;
}

function hexOf(value: string): string | undefined {
  if (value.startsWith('0x') || value.startsWith('0X')) return value.slice(2).toLowerCase();
  if (value.startsWith('0s') || value.startsWith('0S')) return base64ToHex(value.slice(2));
  if (value.length >= 2 && value.startsWith('"') && value.endsWith('"')) return textToHex(value.slice(1, -1));
  return undefined;
}

const toHex = (bytes: string): string =>
  Array.from(bytes, (c) => (c.codePointAt(0) ?? 0).toString(16).padStart(2, '0')).join('');

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64ToHex(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  const bits = Array.from(text.replace(/=+$/, ''), (c) =>
    BASE64.indexOf(c).toString(2).padStart(6, '0'),
  ).join('');
  return (bits.match(/.{8}/g) ?? [])
    .map((byte) => Number.parseInt(byte, 2).toString(16).padStart(2, '0'))
    .join('');
}

const textToHex = (text: string): string =>
  toHex(
    text.replace(/\\(?:([0-7]{3})|(.))/g, (_, octal?: string, plain?: string) =>
      octal === undefined ? (plain ?? '') : String.fromCharCode(Number.parseInt(octal, 8)),
    ),
  );
