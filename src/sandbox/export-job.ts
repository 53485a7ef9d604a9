import type { SandboxTeam } from './teams.js';

/** The delivery methods that the sandbox carries out. */
export type SandboxMethod = 'FILE_STORAGE' | 'EMAIL' | 'CUSTOM_WEBHOOK';

export type SandboxStatus = 'QUEUED' | 'IN_PROGRESS' | 'DELIVERED' | 'FAILED';

/** One export that was started. */
export interface SandboxExport {
  /** `ExportQueue:<uuid>` */
  readonly exportId: string;
  readonly teamId: string;
  readonly method: SandboxMethod;
  readonly requestedAt: Date;
  /** As it is at the moment of asking. */
  readonly status: SandboxStatus;
  /** Key of the result in the object store; null for `EMAIL`. */
  readonly key: string | null;
  /** Presigned URL that was answered; null for `EMAIL`. */
  readonly fileUrl: string | null;
  readonly fileUrlExpiredAt: Date | null;
}

export interface JobError {
  readonly id: string;
  readonly stack: string;
}

/** A mail that was sent in place of Datasaur. */
export interface Mail {
  readonly exportId: string;
  readonly to: string;
  readonly subject: string;
  readonly body: string;
  readonly attachment: {
    readonly filename: string;
    readonly contentType: string;
    readonly content: Buffer;
  };
  readonly sentAt: Date;
}

/** Where a webhook goes, and under which secret. */
export interface WebhookTarget {
  readonly url: string;
  readonly secret: string | null;
}

export interface Job extends Omit<SandboxExport, 'status'> {
  readonly team: SandboxTeam;
  readonly webhook: WebhookTarget | null;
  readonly errors: JobError[];
  outcome: 'DELIVERED' | 'FAILED' | null;
}

/** The status of a job at `now`: it is queued for the first third of its time. */
export function statusOf(job: Job, readyAfter: number, now: number): SandboxStatus {
  if (job.outcome !== null) return job.outcome;
  return now - job.requestedAt.getTime() < readyAfter / 3 ? 'QUEUED' : 'IN_PROGRESS';
}

/** Ends the job as FAILED, for `reason`. */
export function fail(job: Job, reason: string): void {
  job.errors.push({ id: job.exportId, stack: `Error: ${reason}` });
  job.outcome = 'FAILED';
}

export function fileName(team: SandboxTeam): string {
  return `Team Overview - ${team.name}.zip`;
}

export function mailOf(job: Job, content: Buffer): Mail {
  const filename = fileName(job.team);
  return {
    exportId: job.exportId,
    to: 'owner@sandbox.example',
    subject: `Team Overview - ${job.team.name}`,
    body: `The Team Overview of ${job.team.name} that you asked for is attached.`,
    attachment: { filename, contentType: 'application/zip', content },
    sentAt: new Date(),
  };
}

/** The vendor documents this body for project exports only; `teamId` and `exportId` are our guess. */
export function webhookBody(job: Job): string {
  return JSON.stringify({ userId: 1, fileUrl: job.fileUrl, teamId: job.teamId, exportId: job.exportId });
}
