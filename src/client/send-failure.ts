import { isCertificateFailure } from '../errors/index.js';

const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EPROTO',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Whether a failure with this system code came before anything was sent: no connection, or none that could be trusted.
 * Everything else (a reset, silence, a timeout) may have come after the server had read the request.
 */
export function wasNotSent(code: string | null): boolean {
  return (
    code !== null && (beforeSending.has(code) || code.startsWith('ERR_SSL_') || isCertificateFailure(code))
  );
}
