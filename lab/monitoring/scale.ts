/** Rule files, Prometheus's and Alertmanager's configuration on the lab's clock: parsed, scaled, written again with their comments. Pure. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, visit, YAMLMap } from 'yaml';
import type { Document, Node, Pair, Scalar } from 'yaml';
import { durationMs, durationText, scaledMs } from './duration.ts';
import type { Scaling } from './duration.ts';
import { scalePromql } from './promql.ts';

/** Says file and line, and what there was found. */
export class CannotScale extends Error {}

export interface ScaledFile {
  readonly text: string;
  /** What could not be made as short as the factor wants, one sentence each, with file and line. */
  readonly clamped: readonly string[];
}

class Sheet {
  readonly #file: string;
  readonly #scaling: Scaling;
  readonly #lines = new LineCounter();
  readonly #doc: Document.Parsed;
  readonly clamped: string[] = [];

  constructor(file: string, text: string, scaling: Scaling) {
    this.#file = file;
    this.#scaling = scaling;
    this.#doc = parseDocument(text, { lineCounter: this.#lines });
    const [error] = this.#doc.errors;
    if (error !== undefined)
      throw new CannotScale(
        `${file}:${error.linePos?.[0].line ?? 1}: no YAML: ${error.message.split('\n')[0]}`,
      );
    this.#writeOut();
  }

  /** Each place of an alias is scaled by itself, and another one may not be scaled at all. */
  #writeOut(): void {
    visit(this.#doc, {
      Alias: (_, alias) => {
        const meant = alias.resolve(this.#doc)?.clone();
        if (meant === undefined)
          throw new CannotScale(`${this.where(alias)}: no anchor for *${alias.source}`);
        return meant as Node;
      },
      Pair: (_, { key }) => {
        if (isScalar(key) && key.value === '<<')
          throw new CannotScale(`${this.where(key)}: a merge («<<») can't be scaled: write it out`);
      },
    });
    visit(this.#doc, {
      Node: (_, node) => {
        if ('anchor' in node) delete node.anchor;
      },
    });
  }

  get top(): YAMLMap {
    const { contents } = this.#doc;
    if (!isMap(contents)) throw new CannotScale(`${this.#file}:1: the file is no mapping`);
    return contents;
  }

  where(node: unknown): string {
    const range =
      typeof node === 'object' && node !== null && 'range' in node
        ? (node.range as readonly number[] | null)
        : null;
    return `${this.#file}:${this.#lines.linePos(range?.[0] ?? 0).line}`;
  }

  maps(node: unknown, what: string): readonly YAMLMap[] {
    if (!isSeq(node)) throw new CannotScale(`${this.where(node)}: ${what} is no list`);
    return node.items.map((item) => {
      if (!isMap(item)) throw new CannotScale(`${this.where(item)}: an element of ${what} is no mapping`);
      return item;
    });
  }

  /** Scales the durations under these keys. `leastMs`: what is shorter on the lab's clock is made that long, and told. */
  durations(map: YAMLMap, keys: readonly string[], leastMs = 0): void {
    for (const key of keys) {
      const value = scalarOf(map, key);
      if (value === undefined) continue;
      const ms = durationMs(String(value.value));
      if (ms === undefined)
        throw new CannotScale(`${this.where(value)}: ${key} is no duration: «${String(value.value)}»`);
      const wanted = scaledMs(ms, this.#scaling);
      const now = durationText(Math.max(wanted, leastMs));
      if (wanted < leastMs)
        this.clamped.push(
          `${this.where(value)}: ${key} ${String(value.value)} would be ${durationText(wanted)}, is ${now}`,
        );
      value.value = now;
    }
  }

  /** What the program takes when nothing is written: written, so that it is scaled like the rest. */
  defaults(map: YAMLMap, values: Readonly<Record<string, string>>): void {
    for (const [key, value] of Object.entries(values))
      if (!map.has(key)) map.add(this.#doc.createPair(key, value));
  }

  mapAt(key: string): YAMLMap {
    const found = this.top.get(key, true);
    if (isMap(found)) return found;
    const made = new YAMLMap();
    this.top.delete(key);
    this.top.add(this.#doc.createPair(key, made));
    return made;
  }

  promql(map: YAMLMap, key: string): void {
    const value = scalarOf(map, key);
    if (value === undefined || (typeof value.value !== 'string' && typeof value.value !== 'number'))
      throw new CannotScale(`${this.where(map)}: a rule without ${key}`);
    const scaled = scalePromql(String(value.value), this.#scaling);
    if ('because' in scaled)
      throw new CannotScale(`${this.where(value)}: ${key} can't be scaled: ${scaled.because}`);
    for (const { was, is } of scaled.clamped)
      this.clamped.push(
        `${this.where(value)}: a range of ${was} would hold fewer than two samples, is ${is}`,
      );
    if (scaled.inSeconds)
      this.clamped.push(
        `${this.where(value)}: ${key} counts in seconds, and what it compares them with is no duration: it stays as it is`,
      );
    value.value = scaled.text;
  }

  done(): ScaledFile {
    return { text: this.#doc.toString({ lineWidth: 0 }), clamped: this.clamped };
  }
}

function scalarOf(map: YAMLMap, key: string): Scalar | undefined {
  const pair = map.items.find((item: Pair) => isScalar(item.key) && item.key.value === key);
  return pair !== undefined && isScalar(pair.value) ? pair.value : undefined;
}

/** `for`, `keep_firing_for`, the groups' `interval`, and every range and offset of an expression. @throws CannotScale */
export function scaleRules(file: string, text: string, scaling: Scaling): ScaledFile {
  const sheet = new Sheet(file, text, scaling);
  for (const group of sheet.maps(sheet.top.get('groups', true), 'groups')) {
    sheet.durations(group, ['interval', 'query_offset'], scaling.scrapeMs);
    for (const rule of sheet.maps(group.get('rules', true), 'rules')) {
      sheet.promql(rule, 'expr');
      sheet.durations(rule, ['for', 'keep_firing_for']);
    }
  }
  return sheet.done();
}

/** Alertmanager ends with an error on an interval of 0. */
const LEAST_INTERVAL_MS = 500;

/** Alertmanager's own, of its documentation (configuration, route and global); routes below take what is above them. */
const WAITS = { group_wait: '30s', group_interval: '5m', repeat_interval: '4h' };
const GLOBAL = { resolve_timeout: '5m' };
/** They go by the clock of the machine, and a lab's night is played at any time of the day. */
const BY_THE_CLOCK = ['mute_time_intervals', 'active_time_intervals'];

/** `resolve_timeout`, and the waits and intervals of every route, written or not. @throws CannotScale */
export function scaleAlertmanager(file: string, text: string, scaling: Scaling): ScaledFile {
  const sheet = new Sheet(file, text, scaling);
  const global = sheet.mapAt('global');
  sheet.defaults(global, GLOBAL);
  sheet.durations(global, ['resolve_timeout'], 1000);
  const route = sheet.top.get('route', true);
  if (!isMap(route)) throw new CannotScale(`${file}:1: Alertmanager's configuration has no route`);
  sheet.defaults(route, WAITS);
  const below = (one: YAMLMap): void => {
    const clock = BY_THE_CLOCK.find((key) => one.has(key));
    if (clock !== undefined)
      throw new CannotScale(
        `${sheet.where(one)}: ${clock} goes by the clock of the machine, which is not that of the night that is played: take it out of the file for the rehearsal, and judge by hand what it mutes`,
      );
    sheet.durations(one, ['group_wait']);
    sheet.durations(one, ['group_interval', 'repeat_interval'], LEAST_INTERVAL_MS);
    const routes = one.get('routes', true);
    if (routes !== undefined && routes !== null) for (const next of sheet.maps(routes, 'routes')) below(next);
  };
  below(route);
  return sheet.done();
}

/** How often Prometheus looks: as the factor wants, but never more often than `scrapeMs`. @throws CannotScale */
export function scalePrometheus(file: string, text: string, scaling: Scaling): ScaledFile {
  const sheet = new Sheet(file, text, scaling);
  const intervals = ['scrape_interval', 'scrape_timeout', 'evaluation_interval'];
  const global = sheet.top.get('global', true);
  if (isMap(global)) sheet.durations(global, intervals, scaling.scrapeMs);
  const jobs = sheet.top.get('scrape_configs', true);
  if (jobs !== undefined)
    for (const job of sheet.maps(jobs, 'scrape_configs')) sheet.durations(job, intervals, scaling.scrapeMs);
  return sheet.done();
}
