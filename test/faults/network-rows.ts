import type { StoredObject, Act, Rule } from './faulty-host.js';
import { sizes, type SizeName } from './exported-archive.js';
import * as net from './network-faults.js';
import { file, kept, mayKeep, nothing, type Outcome, type Row, type Stage } from './row.js';

type FileStage = Extract<Stage, 'wait' | 'first range' | 'middle' | 'last byte'>;

interface Fault {
  fault: string;
  act: Act;
  /** How often. Default: for ever. */
  times?: number;
  outcome: Partial<Record<FileStage, Outcome>>;
  stallTimeout?: number;
}

/** The byte at which a stage is broken: of the first range the second byte, as a probe may ask for the first alone. */
function offsetOf(stage: FileStage, size: SizeName): number {
  const bytes = sizes[size];
  return { wait: 0, 'first range': 1, middle: Math.floor(bytes * 0.53), 'last byte': bytes - 1 }[stage];
}

/** In the middle and at the end, what comes before has arrived when the fault comes. */
function rulesFor(stage: FileStage, at: number, { act, times = Infinity }: Fault): Rule[] {
  const broken: Rule = { at, times, act };
  if (stage === 'wait' || stage === 'first range') return [broken];
  return [{ at, times: 1, act: net.narrow }, broken];
}

/** The rows of one size, of all stages or of some. */
export function rowsOf(faults: readonly Fault[], size: SizeName, stages?: readonly FileStage[]): Row[] {
  return faults.flatMap((fault) =>
    (Object.entries(fault.outcome) as [FileStage, Outcome][])
      .filter(([stage]) => stages?.includes(stage) ?? true)
      .map(([stage, outcome]) => ({
        fault: fault.fault,
        stage,
        size,
        outcome,
        stallTimeout: fault.stallTimeout,
        arrange: ({ host }) => {
          host.rules = rulesFor(stage, offsetOf(stage, size), fault);
        },
      })),
  );
}

const everywhere = (outcome: Outcome): Fault['outcome'] => ({ wait: outcome, 'first range': outcome, middle: outcome, 'last byte': outcome }); // prettier-ignore
const inBody = (outcome: Outcome): Fault['outcome'] => ({ 'first range': outcome, middle: outcome, 'last byte': outcome }); // prettier-ignore
const later = (outcome: Outcome): Fault['outcome'] => ({ middle: outcome, 'last byte': outcome });

const interrupted = later(kept('DOWNLOAD_INTERRUPTED'));
/** Before the head of an answer, for ever: nothing is known of the file until then. */
const unanswered: Fault['outcome'] = { wait: nothing('NOT_READY'), ...interrupted };
/** In a body, for ever. */
const unfinished: Fault['outcome'] = { 'first range': mayKeep('DOWNLOAD_INTERRUPTED'), ...interrupted };
const final = (code: Parameters<typeof kept>[0]): Fault['outcome'] => ({
  wait: nothing(code),
  'first range': nothing(code),
  ...later(kept(code)),
});

/** Everything that breaks or delays what comes, but leaves it true. */
export const brokenConnections: readonly Fault[] = [
  { fault: 'reset before the head, twice', act: net.reset, times: 2, outcome: everywhere(file) },
  { fault: 'reset before the head', act: net.reset, outcome: unanswered },
  { fault: 'closed before the head, twice', act: net.hangUp, times: 2, outcome: everywhere(file) },
  { fault: 'closed before the head', act: net.hangUp, outcome: unanswered },
  { fault: 'no HTTP, twice', act: net.garbage, times: 2, outcome: everywhere(file) },
  { fault: 'no HTTP', act: net.garbage, outcome: unanswered },
  { fault: 'reset in the body, twice', act: net.cutBody('reset'), times: 2, outcome: inBody(file) },
  { fault: 'reset in the body', act: net.cutBody('reset'), outcome: unfinished },
  { fault: 'short body, twice', act: net.cutBody('fin'), times: 2, outcome: inBody(file) },
  { fault: 'short body', act: net.cutBody('fin'), outcome: unfinished },
  { fault: 'short chunked body, twice', act: net.endBody, times: 2, outcome: inBody(file) },
  { fault: 'short chunked body', act: net.endBody, outcome: unfinished },
  { fault: 'no head, once', act: net.silence, times: 1, stallTimeout: 6000, outcome: everywhere(file) },
  { fault: 'no head', act: net.silence, stallTimeout: 6000, outcome: unanswered },
  { fault: 'body stops, once', act: net.cutBody('stall'), times: 1, stallTimeout: 6000, outcome: everywhere(file) },
  { fault: 'body stops', act: net.cutBody('stall'), stallTimeout: 6000, outcome: unfinished },
  { fault: 'a byte at a time', act: net.trickle, times: 1, outcome: inBody(file) },
  { fault: 'connection refused, a while', act: net.gone(60), times: 1, outcome: everywhere(file) },
  { fault: 'connection refused', act: net.gone(), times: 1, outcome: unanswered },
]; // prettier-ignore

/** Refusals, some of which pass. */
export const refusals: readonly Fault[] = [
  { fault: '404, three times', act: net.error(404, 'NoSuchKey'), times: 3, outcome: everywhere(file) },
  { fault: '404', act: net.error(404, 'NoSuchKey'), outcome: unanswered },
  { fault: '403 AccessDenied, three times', act: net.error(403, 'AccessDenied'), times: 3, outcome: everywhere(file) },
  { fault: '403 AccessDenied', act: net.error(403, 'AccessDenied'), outcome: unanswered },
  { fault: '503, three times', act: net.error(503, 'SlowDown'), times: 3, outcome: everywhere(file) },
  { fault: '503 and Retry-After, twice', act: net.error(503, 'SlowDown', { 'retry-after': '1' }), times: 2, outcome: everywhere(file) },
  { fault: '503 and Retry-After as a date', act: net.laterByDate(503, 2), times: 1, outcome: everywhere(file) },
  { fault: '503 and Retry-After: an hour', act: net.error(503, 'SlowDown', { 'retry-after': '3600' }), times: 1, outcome: { wait: file, middle: file } },
  { fault: '503', act: net.error(503, 'SlowDown'), outcome: unanswered },
  { fault: '429, three times', act: net.error(429, 'TooManyRequests'), times: 3, outcome: everywhere(file) },
  { fault: '429 and Retry-After, twice', act: net.error(429, 'TooManyRequests', { 'retry-after': '1' }), times: 2, outcome: everywhere(file) },
  { fault: '429', act: net.error(429, 'TooManyRequests'), outcome: unanswered },
  { fault: '500, three times', act: net.error(500, 'InternalError'), times: 3, outcome: everywhere(file) },
  { fault: 'URL expired', act: net.error(403, 'AccessDenied', {}, 'Request has expired'), outcome: final('URL_EXPIRED') },
  { fault: 'URL expired, said by Date', act: net.expiredByDate, outcome: final('URL_EXPIRED') },
  { fault: 'session token expired', act: net.error(400, 'ExpiredToken'), outcome: final('URL_EXPIRED') },
  { fault: 'signature refused', act: net.error(403, 'SignatureDoesNotMatch'), outcome: final('URL_REJECTED') },
  { fault: '307', act: net.redirect(307), outcome: final('FILE_REDIRECTED') },
  { fault: '302', act: net.redirect(302), outcome: final('FILE_REDIRECTED') },
  { fault: '200 and the whole object', act: net.wholeObject, outcome: final('RANGE_IGNORED') },
  { fault: '200 and a web page', act: net.webPage, outcome: final('RANGE_IGNORED') },
]; // prettier-ignore

/** Heads that are not true. */
export const lies: readonly Fault[] = [
  { fault: '206 from another byte on', act: net.otherStart, outcome: final('INVALID_RANGE_RESPONSE') },
  { fault: '206 with another range', act: net.otherRange, outcome: final('INVALID_RANGE_RESPONSE') },
  { fault: '206 without a range', act: net.noRange, outcome: final('INVALID_RANGE_RESPONSE') },
  { fault: '206 without the total', act: net.noTotal, outcome: final('INVALID_RANGE_RESPONSE') },
  { fault: 'Content-Length too small', act: net.tooShortLength, outcome: { 'first range': nothing('INVALID_RANGE_RESPONSE'), ...later(kept('INVALID_RANGE_RESPONSE')) } },
  { fault: 'Content-Length too large', act: net.tooLongLength, outcome: final('INVALID_RANGE_RESPONSE') },
  { fault: 'another total', act: net.otherTotal, outcome: later(nothing('OBJECT_CHANGED')) },
  { fault: 'another ETag', act: net.otherEtag, outcome: later(nothing('OBJECT_CHANGED')) },
  { fault: 'no ETag any more', act: net.noEtag, outcome: later(nothing('OBJECT_CHANGED')) },
  { fault: '416', act: net.error(416, 'InvalidRange'), outcome: later(nothing('OBJECT_CHANGED')) },
]; // prettier-ignore

/** Bodies that are not what was asked for, or not true, under heads that are. */
export const wrongBodies: readonly Fault[] = [
  { fault: 'half of the range, each time', act: net.halved, outcome: inBody(file) },
  { fault: 'more than the range, and said so', act: net.wider, outcome: inBody(file) },
  { fault: 'more body than range', act: net.overDelivery, outcome: inBody(nothing('LENGTH_MISMATCH')) },
  { fault: 'a corrupted byte', act: net.corrupt, outcome: inBody(nothing('ARCHIVE_INVALID')) },
];

/** The object is replaced while it is read. */
export function replacements(sameSize: StoredObject, otherSize: StoredObject): Fault[] {
  const changed = later(nothing('OBJECT_CHANGED'));
  return [
    { fault: 'replaced, same size', act: net.replaced(sameSize), outcome: changed },
    { fault: 'replaced, same size, no 412', act: net.replacedUnseen(sameSize), outcome: changed },
    { fault: 'replaced, other size', act: net.replaced(otherSize), outcome: changed },
    { fault: 'replaced, other size, no 412', act: net.replacedUnseen(otherSize), outcome: changed },
  ];
}
