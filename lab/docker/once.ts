/** A container for one command, without a network, removed whatever happens. */
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { messageOf, statusOf } from './connection.ts';
import type { Engine } from './connection.ts';
import { labelsOf, OURS } from './labels.ts';

export interface Once {
  readonly image: string;
  readonly command: readonly string[];
  readonly volumes: readonly { readonly volume: string; readonly at: string }[];
  readonly capabilities?: readonly string[];
  readonly devices?: readonly string[];
  readonly limitMs: number;
  /** Written into the container, or into its volumes, before the command starts. */
  readonly files?: readonly {
    readonly path: string;
    readonly content: string | Buffer;
    readonly mode?: number;
  }[];
}

function archiveOf(files: NonNullable<Once['files']>): Readable {
  const archive = pack();
  for (const { path, content, mode = 0o644 } of files)
    archive.entry({ name: path.replace(/^\//, ''), mode }, content);
  archive.finalize();
  return Readable.from(archive);
}

export async function runOnce(engine: Engine, once: Once): Promise<{ exitCode: number; output: string }> {
  const container = await engine.api.createContainer({
    Image: once.image,
    Cmd: [...once.command],
    Entrypoint: '',
    Tty: true,
    Labels: labelsOf({ run: `once-${process.pid}`, pid: process.pid }),
    HostConfig: {
      NetworkMode: 'none',
      Binds: once.volumes.map(({ volume, at }) => `${volume}:${at}`),
      CapAdd: [...(once.capabilities ?? [])],
      Devices: (once.devices ?? []).map((path) => ({
        PathOnHost: path,
        PathInContainer: path,
        CgroupPermissions: 'rwm',
      })),
    },
  });
  try {
    if (once.files !== undefined) await container.putArchive(archiveOf(once.files), { path: '/' });
    await container.start();
    const timer = setTimeout(() => void container.kill().catch(() => undefined), once.limitMs);
    const ended = (await container.wait()) as { StatusCode: number };
    clearTimeout(timer);
    const output = await container.logs({ stdout: true, stderr: true, follow: false });
    return { exitCode: ended.StatusCode, output: output.toString('utf8') };
  } catch (error) {
    throw new Error(
      `«${once.command.join(' ')}» could not be run in a container of ${once.image}: ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    await container.remove({ force: true }).catch((error: unknown) => {
      if (statusOf(error) !== 404) throw error;
    });
  }
}

/** Removes volumes that outlive runs, when their name is an old one and no container uses them. Answers the names of the removed. */
export async function removeCachedVolumes(
  engine: Engine,
  isOld: (name: string) => boolean,
): Promise<readonly string[]> {
  const filters = JSON.stringify({ label: [`${OURS}.cache`] }) as never;
  const { Volumes: found } = await engine.api.listVolumes({ filters });
  const removed: string[] = [];
  for (const { Name: name } of found.filter((one) => isOld(one.Name)))
    try {
      await engine.api.getVolume(name).remove();
      removed.push(name);
    } catch (error) {
      // In use, or gone meanwhile.
      if (![404, 409].includes(statusOf(error) ?? 0)) throw error;
    }
  return removed;
}

/** A volume that outlives runs, as images do. */
export async function createCachedVolume(engine: Engine, name: string): Promise<void> {
  await engine.api.createVolume({ Name: name, Labels: { [OURS]: '1', [`${OURS}.cache`]: '1' } });
}
