export { defaultBaseUrl, endpointsOf, type Endpoints } from './base-url.js';
export {
  createDatasaurClient,
  type ApolloClientOption,
  type CredentialOptions,
  type DatasaurClient,
  type DatasaurClientOptions,
  type Team,
} from './datasaur-client.js';
export type { DownloadExportOptions, ExportProgress } from './download-export.js';
export {
  parseHandle,
  serializeHandle,
  type CustomWebhookHandle,
  type EmailHandle,
  type ExportHandle,
  type FileStorageHandle,
  type HandleFor,
} from './export-handle.js';
export type {
  CustomWebhookRequest,
  EmailRequest,
  FileStorageRequest,
  TeamOverviewRequest,
} from './team-overview-request.js';
