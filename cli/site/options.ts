/** Options of every command that asks a cluster: a real one over SSH, or a lab by its operator's way in. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { openSite } from '../../lab/index.ts';
import type { Site } from '../../lab/index.ts';
import { labStates, sshFolderOf, theLab } from '../by-hand/index.ts';

export interface SiteWords {
  readonly hosts?: readonly string[];
  readonly sshConfig?: string;
  readonly inventory?: string;
  readonly group?: string;
  /** `true`: the only lab that is up. */
  readonly lab?: string | true;
}

export const withSiteOptions = (command: Command): Command =>
  command
    .option('--hosts <names>', 'every node of the cluster, with commas, as ssh would take them', commas)
    .option('--ssh-config <file>', 'instead of ~/.ssh/config and /etc/ssh/ssh_config')
    .option('--inventory <file>', 'Ansible inventory (INI): hosts, how to reach them, waivers')
    .option('--group <name>', 'of the inventory, only this group')
    .option('--lab [run]', 'a lab that is up, by the way its operator takes');

const commas = (text: string): readonly string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

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
