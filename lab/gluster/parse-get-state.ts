/** `gluster get-state`: glusterd's own table of this node, without any cluster lock. Keys: glusterd-handler.c `glusterd_get_state`. */
import { excerpt } from './seen.ts';

export interface GlusterdState {
  readonly uuid: string;
  readonly opVersion: string;
  readonly peers: readonly { readonly uuid: string; readonly state: string; readonly connected: boolean }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly status: string;
    readonly quorum: string;
    readonly selfHealOnline: boolean;
    /** `status` and `portRegistered` only for bricks of this node. */
    readonly bricks: readonly {
      readonly path: string;
      readonly status: string | undefined;
      readonly portRegistered: boolean | undefined;
    }[];
  }[];
}

/** Throws when the text is no state dump, or was cut off before its last section. */
export function parseGetState(text: string): GlusterdState {
  const fields = new Map(
    [...text.matchAll(/^([^:[\n]+): ?(.*)$/gm)].map(
      ([, name = '', value = '']) => [name, value.trim()] as const,
    ),
  );
  const uuid = fields.get('MYUUID');
  if (uuid === undefined) throw new Error(`no MYUUID in the state dump: ${excerpt(text)}`);
  if (!text.includes('[Misc]')) throw new Error('the state dump ends before its last section');
  const numbered = (prefix: string, key: string): readonly string[] => {
    const found: string[] = [];
    while (fields.has(`${prefix}${found.length + 1}.${key}`)) found.push(`${prefix}${found.length + 1}`);
    return found;
  };
  return {
    uuid,
    opVersion: fields.get('op-version') ?? '',
    peers: numbered('Peer', 'uuid').map((at) => ({
      uuid: fields.get(`${at}.uuid`) ?? '',
      state: fields.get(`${at}.state`) ?? '',
      connected: fields.get(`${at}.connected`) === 'Connected',
    })),
    volumes: numbered('Volume', 'name').map((at) => ({
      name: fields.get(`${at}.name`) ?? '',
      status: fields.get(`${at}.status`) ?? '',
      quorum: fields.get(`${at}.quorum_status`) ?? '',
      selfHealOnline: fields.get(`${at}.shd_svc.online_status`) === 'Online',
      bricks: numbered(`${at}.Brick`, 'path').map((key) => {
        const registered = fields.get(`${key}.port_registered`);
        return {
          path: fields.get(`${key}.path`) ?? '',
          status: fields.get(`${key}.status`),
          portRegistered: registered === undefined ? undefined : registered === '1',
        };
      }),
    })),
  };
}
