/** The system's code (`ECONNRESET`, `ENOSPC`, …) of an error or of what caused it; null if there is none. */
export function systemCode(error: unknown): string | null {
  for (let depth = 0; depth < 5 && error instanceof Error; depth += 1, error = error.cause) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(code)) return code;
  }
  return null;
}

/** Whether a system code means that the other side's TLS certificate could not be verified. */
export function isCertificateFailure(code: string | null): boolean {
  return /CERT|^UNABLE_TO_(VERIFY|GET|DECODE|DECRYPT)|^HOSTNAME_MISMATCH$|^ERR_TLS_CERT/.test(code ?? '');
}
