/** Names that must not be mixed up. A brand costs nothing at run time; it makes a node where a router is meant a compile error. */

declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

/** A hypervisor's host name, such as `pve1`. */
export type NodeName = Branded<'node'>;
/** A router VM's name, such as `router-a`. */
export type RouterName = Branded<'router'>;
/** A brick as `gluster volume info` prints it: `pve1:/bricks/vmstore/brick`. */
export type BrickId = Branded<'brick'>;
/** A GlusterFS file id in its canonical form, 8-4-4-4-12 lower-case hex digits. */
export type Gfid = Branded<'gfid'>;

export const node = (name: string): NodeName => name as NodeName;
export const router = (name: string): RouterName => name as RouterName;
export const brick = (id: string): BrickId => id as BrickId;

const GFID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Takes `0x…`, plain or dashed hex, any case; answers undefined when it is not 16 bytes of hex. */
export function gfid(text: string): Gfid | undefined {
  const hex = text.trim().toLowerCase().replace(/^0x/, '').replaceAll('-', '');
  const dashed = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return GFID.test(dashed) ? (dashed as Gfid) : undefined;
}

/** The node part of a brick id: everything before the first `:/`. */
export const nodeOfBrick = (id: BrickId): NodeName => node(id.slice(0, id.indexOf(':/')));
/** The path part of a brick id. */
export const pathOfBrick = (id: BrickId): string => id.slice(id.indexOf(':/') + 1);
