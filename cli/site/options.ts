/** The cluster that a command's options mean. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSite } from '../../lab/on-site.ts';
import type { Site } from '../../lab/on-site.ts';
import type { SiteWords } from './words.ts';

/** @throws when the options say nothing, or two things. */
export async function siteFrom({ lab, hosts, sshConfig, inventory, group }: SiteWords): Promise<Site> {
  if (lab === undefined) {
    return openSite({
      ...(hosts === undefined ? {} : { hosts }),
      ...(sshConfig === undefined ? {} : { sshConfig }),
      ...(inventory === undefined ? {} : { inventory }),
      ...(group === undefined ? {} : { group }),
    });
  }
  if (sshConfig !== undefined || inventory !== undefined)
    throw new Error('--lab brings its own ssh_config; leave out --ssh-config and --inventory');
  // Only a lab needs the engine, whose client takes long to import.
  const { labStates, sshFolderOf, theLab } = await import('../by-hand/index.ts');
  const { run, spec } = theLab(labStates(), lab === true ? undefined : lab);
  const config = join(sshFolderOf(run), 'config');
  if (!existsSync(config))
    throw new Error(`${run} is not ready yet, or was brought up by an older version: ${config} is not there`);
  const described = join(sshFolderOf(run), 'inventory.ini');
  return openSite({
    hosts: hosts ?? spec.nodes,
    sshConfig: config,
    ...(existsSync(described) ? { inventory: described } : {}),
  });
}
