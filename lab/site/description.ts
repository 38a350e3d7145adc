/** What an inventory says about a site in variables `healproof_…`, put at a host, or at a group for all of its hosts. */
import { node } from '../../harness/index.ts';
import type { NodeName, SiteDescription } from '../../harness/index.ts';

type Variables = Readonly<Record<string, string>>;

/** Asked of the same host as its waivers, so that groups can differ. @throws for a value that can't be understood, with its name. */
export function descriptionOf(variables: Variables): SiteDescription {
  const read = <T>(name: string, parse: (text: string) => T): T | undefined => {
    const text = variables[`healproof_${name}`];
    if (text === undefined || text.trim() === '') return undefined;
    try {
      return parse(text);
    } catch (error) {
      throw new Error(
        `healproof_${name}="${text.replace(/\/\/.*@/, '//…@')}": ${error instanceof Error ? error.message : String(error)}`,
        {
          cause: error,
        },
      );
    }
  };
  const mayStop = read('may_stop', (text) => words(text).map((one) => whole(one)));
  const guests = read('routers', (text) => words(text).map((one) => router(one)));
  const folders = read('backups', words);
  const outOfBand = read('out_of_band', (text) => words(text).map((one) => wayIn(one)));
  const alertmanager = read('alertmanager', url);
  return {
    ...(mayStop === undefined ? {} : { mayStop }),
    ...(guests === undefined
      ? {}
      : { routers: { guests, addresses: read('router_addresses', words) ?? [] } }),
    ...(folders === undefined
      ? {}
      : {
          backups: {
            folders,
            vmids: read('backup_guests', (text) => words(text).map((one) => whole(one))) ?? [],
            withinHours: read('backup_hours', whole) ?? A_DAY,
          },
        }),
    ...(outOfBand === undefined ? {} : { outOfBand }),
    ...(alertmanager === undefined
      ? {}
      : {
          alerting: {
            alertmanager,
            heartbeat: read('heartbeat', (text) => text.trim()) ?? 'Watchdog',
            withinSeconds: read('heartbeat_seconds', whole) ?? TWO_RESENDS,
            silences: read('silences', words) ?? [],
          },
        }),
  };
}

/** What each node is there for; by default it is a hypervisor that has the volume mounted. @throws for a value that is no yes or no */
export function presenceOf(
  names: readonly string[],
  variables: (name: string) => Variables,
): Pick<SiteDescription, 'withoutMount' | 'withoutGuests'> {
  const without = (key: string): readonly NodeName[] =>
    names.filter((name) => isNo(name, key, variables(name)[key])).map((name) => node(name));
  const withoutMount = without('healproof_mounts');
  const withoutGuests = without('healproof_hypervisor');
  return {
    ...(withoutMount.length === 0 ? {} : { withoutMount }),
    ...(withoutGuests.length === 0 ? {} : { withoutGuests }),
  };
}

function isNo(name: string, key: string, text = 'yes'): boolean {
  const word = text.trim().toLowerCase();
  if (!['yes', 'no'].includes(word)) throw new Error(`${key}="${text}" of ${name}: write yes or no`);
  return word === 'no';
}

const A_DAY = 24;
/** Prometheus tells Alertmanager of a firing alert again every minute (rules.alert.resend-delay). */
const TWO_RESENDS = 150;

const words = (text: string): readonly string[] => text.split(/[\s,]+/).filter((one) => one !== '');

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text.trim())) throw new Error(`"${text}" is no whole number`);
  return Number(text);
}

function router(text: string): { readonly name: string; readonly vmid: number } {
  const [, name = '', vmid = ''] = /^([A-Za-z0-9._-]+):(\d{1,9})$/.exec(text) ?? [];
  if (name === '') throw new Error(`"${text}": write NAME:VMID`);
  return { name, vmid: Number(vmid) };
}

function wayIn(text: string): { readonly of: string; readonly host: string; readonly port: number } {
  const [, of = '', host = '', port = ''] =
    /^([A-Za-z0-9._-]+)@\[?([A-Za-z0-9.:-]+?)\]?:(\d{1,5})$/.exec(text) ?? [];
  if (of === '') throw new Error(`"${text}": write NAME@HOST:PORT`);
  return { of, host, port: Number(port) };
}

function url(text: string): string {
  const found = new URL(text.trim());
  if (found.protocol !== 'http:' && found.protocol !== 'https:')
    throw new Error('write http://… or https://…');
  return found.href.replace(/\/$/, '');
}
