import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Archive } from './archive.js';
import { fail, fileName, mailOf, statusOf, webhookBody } from './export-job.js';
import type {
  Job,
  JobError,
  Mail,
  SandboxExport,
  SandboxMethod,
  SandboxStatus,
  WebhookTarget,
} from './export-job.js';
import type { ObjectStore } from './object-store.js';
import type { SandboxSettings } from './options.js';
import { TeamArchives } from './team-archives.js';
import type { SandboxTeam } from './teams.js';
import { deliverWebhook, type WebhookDelivery } from './webhook.js';

export interface ExportRequest {
  readonly team: SandboxTeam;
  readonly method: SandboxMethod;
  readonly webhook: WebhookTarget | null;
}

/** The exports that were started, and their delivery when their time has come. */
export class ExportQueue {
  readonly outbox: Mail[] = [];
  readonly deliveries: WebhookDelivery[] = [];
  readonly #settings: SandboxSettings;
  readonly #store: ObjectStore;
  readonly #jobs = new Map<string, Job>();
  readonly #archives: TeamArchives;
  readonly #pending = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  #lastEpoch = 0;

  constructor(settings: SandboxSettings, store: ObjectStore) {
    this.#settings = settings;
    this.#store = store;
    // Every export that waits listens, and Node warns of a leak at eleven.
    setMaxListeners(0, this.#closing.signal);
    this.#archives = new TeamArchives(settings, this.#closing.signal);
  }

  get exports(): SandboxExport[] {
    return [...this.#jobs.values()].map((job) => this.#snapshot(job));
  }

  async start(request: ExportRequest): Promise<SandboxExport> {
    const job = this.#create(request);
    this.#jobs.set(job.exportId, job);
    const settled = this.#settle(job);
    this.#pending.add(settled);
    void settled.finally(() => this.#pending.delete(settled));
    // A receiver may ask about the export that its webhook announces: it is answered first.
    if (this.#settings.readyAfter === 0 && job.webhook === null) await settled;
    return this.#snapshot(job);
  }

  /** Null for an export that was never started. */
  statusOf(
    exportId: string,
  ): { readonly status: SandboxStatus; readonly errors: readonly JobError[] } | null {
    const job = this.#jobs.get(exportId);
    return job === undefined ? null : { status: this.#status(job), errors: job.errors };
  }

  /** @throws Error when the export was never started. */
  async archiveOf(exportId: string): Promise<Buffer> {
    const job = this.#jobs.get(exportId);
    if (job === undefined) throw new Error(`no export '${exportId}' was started`);
    return (await this.#archives.of(job.teamId)).bytes;
  }

  /** Drops what is not yet due and cuts off what is being sent. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#pending);
  }

  #create({ team, method, webhook }: ExportRequest): Job {
    const requestedAt = new Date();
    const key = method === 'EMAIL' ? null : this.#newKey(team, requestedAt);
    const { urlLifetime, failures } = this.#settings;
    const age = failures.get(team.id) === 'EXPIRED_URL' ? urlLifetime + 1000 : 0;
    const signedAt = new Date(requestedAt.getTime() - age);
    return {
      exportId: `ExportQueue:${randomUUID()}`,
      teamId: team.id,
      team,
      method,
      webhook,
      requestedAt,
      key,
      fileUrl: key === null ? null : this.#store.presign(key, { at: signedAt }),
      fileUrlExpiredAt: key === null ? null : new Date(signedAt.getTime() + urlLifetime),
      errors: [],
      outcome: null,
    };
  }

  /** Two exports of one millisecond must not share a key. */
  #newKey(team: SandboxTeam, requestedAt: Date): string {
    this.#lastEpoch = Math.max(requestedAt.getTime(), this.#lastEpoch + 1);
    return `export/team-overview/${team.id}/${this.#lastEpoch}/${fileName(team)}`;
  }

  async #settle(job: Job): Promise<void> {
    try {
      const due = sleep(this.#settings.readyAfter, undefined, { signal: this.#closing.signal });
      const [archive] = await Promise.all([this.#archives.of(job.teamId), due]);
      await this.#deliver(job, archive);
    } catch (error) {
      if (!this.#closing.signal.aborted) fail(job, error instanceof Error ? error.message : String(error));
    }
  }

  async #deliver(job: Job, { bytes, md5 }: Archive): Promise<void> {
    const failure = this.#settings.failures.get(job.teamId);
    if (this.#closing.signal.aborted || failure === 'NEVER_READY') return;
    if (failure === 'FAILED') {
      fail(job, 'the export failed, as the sandbox was told to');
      return;
    }
    if (job.key !== null) this.#store.put(job.key, bytes, md5);
    if (job.method === 'EMAIL') this.outbox.push(mailOf(job, bytes));
    if (job.webhook === null) job.outcome = 'DELIVERED';
    else await this.#send(job, job.webhook);
  }

  async #send(job: Job, target: WebhookTarget): Promise<void> {
    const webhook = { exportId: job.exportId, body: webhookBody(job), ...target };
    const delivery = await deliverWebhook(webhook, this.#closing.signal);
    this.deliveries.push(delivery);
    const { status, error } = delivery;
    if (status !== null && status >= 200 && status < 300) job.outcome = 'DELIVERED';
    else fail(job, `webhook: ${error ?? `HTTP ${status}`}`);
  }

  #status(job: Job): SandboxStatus {
    return statusOf(job, this.#settings.readyAfter, Date.now());
  }

  #snapshot(job: Job): SandboxExport {
    const { exportId, teamId, method, requestedAt, key, fileUrl, fileUrlExpiredAt } = job;
    return {
      exportId,
      teamId,
      method,
      requestedAt,
      status: this.#status(job),
      key,
      fileUrl,
      fileUrlExpiredAt,
    };
  }
}
