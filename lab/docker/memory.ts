/** Memory that the containers of a run use now. */
import type { Engine } from './connection.ts';
import { OURS } from './labels.ts';

/** MiB of all containers of a run together, page cache that can be dropped left out, as `docker stats` counts. */
export async function memoryOfRun(engine: Engine, run: string): Promise<number> {
  const containers = await engine.api.listContainers({ filters: { label: [`${OURS}.run=${run}`] } });
  const used = await Promise.all(
    containers.map(async ({ Id }) => {
      const { memory_stats: memory } = await engine.api
        .getContainer(Id)
        .stats({ stream: false, 'one-shot': true });
      const stats: Readonly<Record<string, number | undefined>> = { ...memory.stats };
      // cgroup v1 calls it total_inactive_file, v2 inactive_file.
      return memory.usage - (stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0);
    }),
  );
  return used.reduce((sum, bytes) => sum + bytes, 0) / 1024 / 1024;
}
