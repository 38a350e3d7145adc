/** The cluster that a command's options mean. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSite } from '../../lab/index.ts';
import type { Site } from '../../lab/index.ts';
import { labStates, sshFolderOf, theLab } from '../by-hand/index.ts';
import type { SiteWords } from './words.ts';

/** @throws when the options say nothing, or two things. */
export function siteFrom({ lab, hosts, sshConfig, inventory, group }: SiteWords): Site {
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
