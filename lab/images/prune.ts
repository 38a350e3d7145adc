/** Takes images away that no present source would make. */
import { askEngine, engineJson } from '../engine/http.ts';

export interface PrunedImages {
  readonly removed: readonly string[];
  /** Still there, with the engine's reason, for example a container that uses it. */
  readonly inUse: readonly { readonly tag: string; readonly why: string }[];
}

interface ListedImage {
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
}

/** Names under which our images are known, those without any by their id. Others' tags of the same image are not ours. */
export function oldNames(images: readonly ListedImage[], keep: readonly string[]): readonly string[] {
  return images
    .flatMap(({ Id, RepoTags }) => {
      const tags = (RepoTags ?? []).filter((tag) => tag !== '<none>:<none>');
      return tags.length === 0 ? [Id] : tags.filter((tag) => tag.startsWith('healproof/'));
    })
    .filter((name) => !keep.includes(name));
}

/** Removes images labelled `healproof=1`, except those in `keep` (see `currentTags`) and those in use. */
export async function removeOldImages({
  host,
  keep,
}: {
  host: string;
  keep: readonly string[];
}): Promise<PrunedImages> {
  const filters = encodeURIComponent(JSON.stringify({ label: ['healproof=1'] }));
  const images = (await engineJson(host, {
    path: `/images/json?filters=${filters}`,
    limitMs: 30_000,
  })) as readonly ListedImage[];
  const removed: string[] = [];
  const inUse: { tag: string; why: string }[] = [];
  for (const tag of oldNames(images, keep)) {
    const { status, text } = await askEngine(host, {
      method: 'DELETE',
      path: `/images/${tag}`,
      limitMs: 60_000,
    });
    // 404: went away as the parent of another
    if (status < 400 || status === 404) removed.push(tag);
    else inUse.push({ tag, why: text.trim() });
  }
  return { removed, inUse };
}
