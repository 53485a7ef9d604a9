/** The system's code (`ECONNRESET`, `ENOSPC`, …) of an error or of what caused it; null if there is none. */
export function systemCode(error: unknown): string | null {
  // Not `instanceof Error`: errors of another realm (a test runner's, a frame's) are none of this one's.
  for (let depth = 0; depth < 5 && typeof error === 'object' && error !== null; depth += 1) {
    const { code, cause } = error as { code?: unknown; cause?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
    error = cause;
  }
  return null;
}

/** Whether a system code means that the other side's TLS certificate could not be verified. */
export function isCertificateFailure(code: string | null): boolean {
  return /CERT|^UNABLE_TO_(VERIFY|GET|DECODE|DECRYPT)|^HOSTNAME_MISMATCH$|^ERR_TLS_CERT/.test(code ?? '');
}
