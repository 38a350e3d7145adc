/** A container for one command, without a network, removed whatever happens. */
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { messageOf, statusOf } from './connection.ts';
import type { Engine } from './connection.ts';
import { labelsOf, OURS } from './labels.ts';
import { within } from './within.ts';

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

/** What the engine may take beyond the command. */
const ENGINE_MS = 3000;
const REMOVE_MS = 30_000;

/** @throws when it can't be run, and when the engine does not answer: each part has the limit and three seconds. */
export async function runOnce(engine: Engine, once: Once): Promise<{ exitCode: number; output: string }> {
  const limitMs = once.limitMs + ENGINE_MS;
  const creating = create(engine, once);
  const container = await within(creating, limitMs, `creating a container of ${once.image}`).catch(
    (error: unknown) => {
      // One that comes after all is removed; should we be gone by then, prune finds it by its label.
      creating.then((late) => late.remove({ force: true })).catch(() => undefined);
      throw error;
    },
  );
  try {
    await within(begin(container, once), limitMs, 'starting it');
    return await within(end(container, once.limitMs), limitMs, 'waiting for its end');
  } catch (error) {
    throw new Error(
      `«${once.command.join(' ')}» could not be run in a container of ${once.image}: ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    const removing = container.remove({ force: true });
    await within(removing, REMOVE_MS, `removing a container of ${once.image}`).catch((error: unknown) => {
      if (statusOf(error) !== 404) throw error;
    });
  }
}

type Container = Awaited<ReturnType<typeof create>>;

const create = (engine: Engine, once: Once) =>
  engine.api.createContainer({
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

async function begin(container: Container, { files }: Once): Promise<void> {
  if (files !== undefined) await container.putArchive(archiveOf(files), { path: '/' });
  await container.start();
}

async function end(container: Container, limitMs: number): Promise<{ exitCode: number; output: string }> {
  const timer = setTimeout(() => void container.kill().catch(() => undefined), limitMs);
  try {
    const ended = (await container.wait()) as { StatusCode: number };
    const output = await container.logs({ stdout: true, stderr: true, follow: false });
    return { exitCode: ended.StatusCode, output: output.toString('utf8') };
  } finally {
    clearTimeout(timer);
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
