import { expect, test } from '@jest/globals';
import type {
  CustomWebhookHandle,
  CustomWebhookRequest,
  DatasaurClient,
  DatasaurClientOptions,
  EmailHandle,
  EmailRequest,
  ErrorCode,
  ExportHandle,
  FileStorageHandle,
  FileStorageRequest,
  HandleFor,
  PresignedUrl,
  TeamOverviewRequest,
  VerifiedFile,
} from '../../src/index.js';

/* Checked by the compiler: a wrong one does not type-check. */

type Fits<Value, Type> = [Value] extends [Type] ? true : false;
type Equal<A, B> = [Fits<A, B>, Fits<B, A>] extends [true, true] ? true : false;
type Expect<Truth extends true> = Truth;
type Refuse<Falsehood extends false> = Falsehood extends false ? true : never;

const emailHandle: Expect<Equal<HandleFor<EmailRequest>, EmailHandle>> = true;
const webhookHandle: Expect<Equal<HandleFor<CustomWebhookRequest>, CustomWebhookHandle>> = true;
const fileHandle: Expect<Equal<HandleFor<FileStorageRequest>, FileStorageHandle>> = true;
const defaultHandle: Expect<Equal<HandleFor<{ teamId: string }>, FileStorageHandle>> = true;
const literalHandle: Expect<Equal<HandleFor<{ teamId: '1'; method: 'EMAIL' }>, EmailHandle>> = true;
const anyHandle: Expect<Equal<HandleFor<TeamOverviewRequest>, ExportHandle>> = true;

const urlThere: Expect<Equal<FileStorageHandle['fileUrl'], PresignedUrl>> = true;
const urlMissing: Expect<Equal<EmailHandle['fileUrl'], null>> = true;
const urlNarrows: Expect<Equal<Extract<ExportHandle, { method: 'FILE_STORAGE' }>['fileUrl'], PresignedUrl>> =
  true;

interface Misplaced {
  teamId: string;
  method: 'EMAIL';
  webhookUrl: string;
}
interface Incomplete {
  teamId: string;
  method: 'CUSTOM_WEBHOOK';
}
interface Deprecated {
  teamId: string;
  method: 'DOWNLOAD';
}
const noWebhookWithEmail: Refuse<Fits<Misplaced, TeamOverviewRequest>> = true;
const noWebhookWithoutUrl: Refuse<Fits<Incomplete, TeamOverviewRequest>> = true;
const noDeprecatedMethod: Refuse<Fits<Deprecated, TeamOverviewRequest>> = true;

type Downloaded = Parameters<DatasaurClient['downloadTeamOverview']>[0];
const onlyFilesAreDownloaded: Refuse<Fits<EmailRequest, Downloaded>> = true;
const onlyFileHandlesAreFinished: Refuse<Fits<EmailHandle, Parameters<DatasaurClient['downloadExport']>[0]>> =
  true;

interface Both {
  credentials: { accessToken: string };
  apolloClient: { query: never };
}
const notBoth: Refuse<Fits<Both, DatasaurClientOptions>> = true;
const notNeither: Refuse<Fits<{ baseUrl: string }, DatasaurClientOptions>> = true;

const codesAreLiterals: Refuse<Fits<string, ErrorCode>> = true;
const verified: Expect<Equal<VerifiedFile['etag'], string | null>> = true;

test('the types say what may go with what', () => {
  expect([
    emailHandle,
    webhookHandle,
    fileHandle,
    defaultHandle,
    literalHandle,
    anyHandle,
    urlThere,
    urlMissing,
    urlNarrows,
    noWebhookWithEmail,
    noWebhookWithoutUrl,
    noDeprecatedMethod,
    onlyFilesAreDownloaded,
    onlyFileHandlesAreFinished,
    notBoth,
    notNeither,
    codesAreLiterals,
    verified,
  ]).not.toContain(false);
});
