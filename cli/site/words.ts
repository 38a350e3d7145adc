/** Options of every command that asks a cluster: a real one over SSH, or a lab by its operator's way in. Loads nothing of the lab. */
import type { Command } from 'commander';

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
