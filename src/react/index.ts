/** Hooks for React 18 and 19 over Apollo Client 4. React is the page's own. */
export {
  useTeamOverviewExport,
  type TeamOverviewExport,
  type TeamOverviewExportControls,
  type TeamOverviewExportOptions,
} from './use-team-overview-export.js';
export type { ReadyFile, TeamOverviewExportState } from './export-state.js';
export type { StartRequest } from './journey.js';
export { DatasaurExportError } from '../errors/datasaur-export-error.js';
export type { ErrorCode } from '../errors/index.js';
export { formatDuration } from '../readiness/duration.js';
export type { Attempt, Duration, RangeFetch } from '../readiness/index.js';
export * from '../../generated/hooks.js';
