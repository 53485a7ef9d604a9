export { errorCodes, type ErrorCode } from './codes.js';
export {
  DatasaurExportError,
  abortedError,
  throwIfAborted,
  type ErrorOptions,
} from './datasaur-export-error.js';
export { foreignText, sanitizedCause } from './foreign-text.js';
export { typedError } from './typed-error.js';
export { isCertificateFailure, systemCode } from './system-code.js';
