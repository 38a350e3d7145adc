/** What surrounds the volume: the hypervisors' cluster, guests, automation, backups, ways in, alerting. */
import type { Seen } from '../model/facts.ts';
import type { NodeName } from '../model/names.ts';

/** `pvecm status`. */
export interface ClusterQuorum {
  readonly quorate: boolean;
  readonly expectedVotes: number;
  readonly totalVotes: number;
  readonly quorum: number;
  /** Votes of the node that answered; 1 where the membership table doesn't tell. */
  readonly ownVotes: number;
}

/** What could take a node down or change its packages without asking anybody. */
export interface Automation {
  /** `running`, `degraded`, `stopping`, ... (systemctl is-system-running). */
  readonly system: string;
  /** Jobs of systemd that end in a reboot, halt or power-off. */
  readonly goingDown: readonly string[];
  /** Units that upgrade packages by themselves and are installed. */
  readonly units: readonly { readonly name: string; readonly enabled: string; readonly active: string }[];
  /** Package managers that run right now. */
  readonly packaging: readonly string[];
}

export interface Guest {
  readonly vmid: number;
  readonly name: string;
  readonly status: string;
  /** `running`, `io-error`, `paused`, `prelaunch`, ...; undefined when it does not run. */
  readonly qmpStatus: string | undefined;
}

export interface GuestFacts {
  readonly list: readonly Guest[];
}

/** The newest backup of one guest in one folder. */
export interface BackupFile {
  readonly path: string;
  readonly vmid: number;
  readonly bytes: number;
  readonly atMs: number;
}

/** Folders of backups as one node has them. */
export interface BackupFacts {
  readonly folders: readonly {
    readonly path: string;
    /** What is mounted there, such as `nas:/dump`, and its kind, such as `nfs4`. */
    readonly source: string;
    readonly fileSystem: string;
    readonly files: readonly BackupFile[];
  }[];
}

/** Who answers for an address that routers share, by what bridges have learned. */
export interface RouterRoles {
  /** Hardware address that answered for each shared address; undefined when nobody did. */
  readonly answers: readonly { readonly address: string; readonly mac: string | undefined }[];
  /** Guests' ports of this node's bridges behind which a hardware address was learned. */
  readonly learned: readonly { readonly mac: string; readonly vmid: number }[];
}

/** The lease that keeps two operators from taking two nodes down at once. */
export interface LeaseFacts {
  /** Undefined when nobody holds it. */
  readonly holder:
    | {
        readonly owner: string;
        readonly node: NodeName;
        readonly expiresAtMs: number;
        /** Held by whoever asks. */
        readonly own: boolean;
      }
    | undefined;
}

/** Ways in that need no router, tried from where the gate is asked. */
export interface OutOfBandFacts {
  readonly tried: readonly {
    readonly of: string;
    readonly where: string;
    readonly ok: boolean;
    readonly said: string;
  }[];
}

/** What the site's Alertmanager says. */
export interface AlertingFacts {
  /** When the alert that always fires was last heard from; undefined when it is not among the alerts. */
  readonly heartbeatAtMs: number | undefined;
  readonly silences: readonly {
    readonly id: string;
    readonly matchers: string;
    readonly endsAtMs: number;
    readonly by: string;
    readonly comment: string;
  }[];
}

/** What a canary file showed: written and made durable on one node's mount, read back on the others', and deleted. */
export interface CanaryFacts {
  readonly writtenOn: NodeName;
  readonly writeMs: number;
  readonly reads: readonly { readonly node: NodeName; readonly same: boolean; readonly tookMs: number }[];
  readonly deleted: boolean;
}

/** Facts that no node's own tables hold. Each says why when it was not asked for. */
export interface Surroundings {
  readonly lease: Seen<LeaseFacts>;
  readonly outOfBand: Seen<OutOfBandFacts>;
  readonly alerting: Seen<AlertingFacts>;
  readonly canary: Seen<CanaryFacts>;
}
