/**
 * A local Datasaur for demos and integration tests.
 *
 * It knows nothing of the rest of this package, so that a misunderstanding on one side cannot hide on the other.
 */
export { startSandbox, type Sandbox } from './sandbox.js';
export type { SandboxFailure, SandboxOptions } from './options.js';
export type { SandboxTeam } from './teams.js';
export type { Duration } from './duration.js';
export type { Mail, SandboxExport, SandboxMethod, SandboxStatus } from './export-job.js';
export type { WebhookDelivery } from './webhook.js';
export type { RecordedRequest, RequestKind } from './request-log.js';
export type { PresignOptions, SandboxStorage } from './object-store.js';
