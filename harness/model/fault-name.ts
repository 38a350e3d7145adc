/** The faults by name; what they are is in `faults/`. */

/** Every fault that a lab can bring about. How it does so is the lab's business. */
export type FaultName =
  | 'brick-killed'
  | 'brick-stuck'
  | 'brick-forgotten'
  | 'storage-cut'
  | 'client-cut-off'
  | 'glusterd-stopped'
  | 'peer-rejected'
  | 'self-heal-killed'
  | 'self-heal-stuck'
  | 'self-heal-disabled'
  | 'quorum-switched-off'
  | 'favorite-child'
  | 'brick-full'
  | 'heal-pending'
  | 'sole-good-copy'
  | 'cyclic-blame'
  | 'persistent-dirty'
  | 'silent-divergence'
  | 'stale-index-entry'
  | 'node-rebooting'
  | 'router-down'
  | 'both-routers-down'
  | 'data-split-brain'
  | 'metadata-split-brain'
  | 'gfid-split-brain';
