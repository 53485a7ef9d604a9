/**
 * Every error code with what it means. Codes are stable: they are never renamed, only added to.
 * `docs/errors.md` lists them with what to do next and the exit status of the command line.
 */
export const errorCodes = {
  INVALID_ARGUMENT: 'an option or argument makes no sense',
  BASE_URL_REFUSED: 'the base URL of the API is malformed or not safe to send a credential to',
  NO_CREDENTIALS: 'no access token and no OAuth client was given',
  AUTHENTICATION_FAILED: 'the server refused the credentials',
  PERMISSION_DENIED: 'the credentials are good, but may not do this',
  TOKEN_REQUEST_FAILED: 'the OAuth token endpoint did not give a usable token',
  API_UNREACHABLE: 'the API could not be reached; nothing was started',
  API_REDIRECTED: 'the API answered with a redirect, which is not followed',
  API_HTTP_ERROR: 'the API answered with an HTTP error status',
  API_INVALID_RESPONSE: 'the answer of the API is not GraphQL',
  API_RATE_LIMITED: 'the API asks for fewer requests',
  GRAPHQL_ERROR: 'the API answered with GraphQL errors',
  EXPORT_MAY_HAVE_STARTED: 'the answer to the export request was lost; an export may have been started',
  FILE_URL_MISSING: 'the export answered without the URL of a file',
  FILE_URL_REFUSED: 'the URL of the file is malformed or not safe to fetch',
  EXPORT_FAILED: 'the server reported that the export failed',
  NOT_READY: 'the file was not there before the deadline',
  DELIVERED_WITHOUT_FILE: 'the server reported the export as delivered, but its file is not there',
  URL_EXPIRED: 'the presigned URL, or the credentials that signed it, expired',
  URL_REJECTED: 'the file host will never accept this URL',
  FILE_REDIRECTED: 'the file host answered with a redirect, which a presigned URL does not survive',
  FILE_HOST_UNTRUSTED: "the file host's TLS certificate could not be verified",
  CORS_BLOCKED: 'the browser may not read the answers of the file host (CORS)',
  RANGE_IGNORED: 'the file host answered 200 to a range request, which is never the file',
  INVALID_RANGE_RESPONSE: 'the answer to a range request contradicts itself or the request',
  FILE_EXISTS: 'the target exists and may not be overwritten',
  TARGET_BUSY: 'another process is downloading to the same target',
  OUTPUT_UNUSABLE: 'the target cannot be written to',
  DISK_FULL: 'no space is left for the file',
  DISK_ERROR: 'the disk refused an operation',
  DOWNLOAD_INTERRUPTED: 'the file host stopped delivering before the end of the file',
  OBJECT_CHANGED: 'the file was replaced while it was being downloaded',
  LENGTH_MISMATCH: 'the file is not as long as the server announced',
  ARCHIVE_INVALID: 'the file is not a complete, readable zip archive',
  ABORTED: 'the caller aborted',
  UNEXPECTED: 'something that this package has no name for',
} as const;

export type ErrorCode = keyof typeof errorCodes;
