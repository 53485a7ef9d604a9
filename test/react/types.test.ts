import { expect, test } from '@jest/globals';
import type { ApolloClient } from '@apollo/client';
import type {
  Attempt,
  DatasaurExportError,
  RangeFetch,
  ReadyFile,
  StartRequest,
  TeamOverviewExport,
  TeamOverviewExportOptions,
  useTeamOverviewExport,
} from '../../src/react/index.js';

/* Checked by the compiler: a wrong one does not type-check. */

type Fits<Value, Type> = [Value] extends [Type] ? true : false;
type Equal<A, B> = [Fits<A, B>, Fits<B, A>] extends [true, true] ? true : false;
type Expect<Truth extends true> = Truth;
type Refuse<Falsehood extends false> = Falsehood extends false ? true : never;
type When<Status extends TeamOverviewExport['status']> = Extract<TeamOverviewExport, { status: Status }>;

type Statuses = 'idle' | 'requesting' | 'waiting' | 'ready' | 'mailed' | 'failed';
const statuses: Expect<Equal<TeamOverviewExport['status'], Statuses>> = true;
const fileWhenReady: Expect<Equal<When<'ready'>['file'], ReadyFile>> = true;
const sizeWhenReady: Expect<Equal<When<'ready'>['size'], number>> = true;
const noFileOtherwise: Expect<Equal<When<Exclude<Statuses, 'ready'>>['file'], null>> = true;
const errorWhenFailed: Expect<Equal<When<'failed'>['error'], DatasaurExportError>> = true;
const noErrorOtherwise: Expect<Equal<When<Exclude<Statuses, 'failed'>>['error'], null>> = true;
const idWhenAnswered: Expect<Equal<When<'waiting' | 'ready' | 'mailed'>['exportId'], string>> = true;
const noIdBefore: Expect<Equal<When<'idle' | 'requesting'>['exportId'], null>> = true;
const noTeamWhenIdle: Expect<Equal<When<'idle'>['teamId'], null>> = true;
const teamOtherwise: Expect<Equal<When<Exclude<Statuses, 'idle'>>['teamId'], string>> = true;
const attemptsAlways: Expect<Equal<TeamOverviewExport['attempts'], readonly Attempt[]>> = true;
const elapsedAlways: Expect<Equal<TeamOverviewExport['elapsed'], number>> = true;
const startIsVoid: Expect<Equal<ReturnType<TeamOverviewExport['start']>, void>> = true;
const cancelIsAHandler: Expect<Fits<TeamOverviewExport['cancel'], () => void>> = true;

const methodMayBeLeftOut: Expect<Fits<{ teamId: string }, StartRequest>> = true;
interface Hooked {
  teamId: string;
  method: 'CUSTOM_WEBHOOK';
}
const noWebhookInAPage: Refuse<Fits<Hooked, StartRequest>> = true;
const noEventAsRequest: Refuse<Fits<MouseEvent, StartRequest>> = true;

const nothingIsRequired: Expect<Fits<undefined, Parameters<typeof useTeamOverviewExport>[0]>> = true;
const clientOfThePage: Expect<Fits<{ client: ApolloClient }, TeamOverviewExportOptions>> = true;
const clientMayBeMissing: Expect<Fits<{ client: undefined }, TeamOverviewExportOptions>> = true;
const anyFetch: Expect<Fits<typeof globalThis.fetch, RangeFetch>> = true;
interface WithTimeout {
  timeout: Date;
}
const timeoutIsADuration: Refuse<Fits<WithTimeout, TeamOverviewExportOptions>> = true;

test('the types say what is there when', () => {
  expect([
    statuses,
    fileWhenReady,
    sizeWhenReady,
    noFileOtherwise,
    errorWhenFailed,
    noErrorOtherwise,
    idWhenAnswered,
    noIdBefore,
    noTeamWhenIdle,
    teamOtherwise,
    attemptsAlways,
    elapsedAlways,
    startIsVoid,
    cancelIsAHandler,
    methodMayBeLeftOut,
    noWebhookInAPage,
    noEventAsRequest,
    nothingIsRequired,
    clientOfThePage,
    clientMayBeMissing,
    anyFetch,
    timeoutIsADuration,
  ]).not.toContain(false);
});
