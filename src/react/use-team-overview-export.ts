import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { useEffect, useInsertionEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { ExportController, type ControllerOptions } from './export-controller.js';
import type { TeamOverviewExportState } from './export-state.js';
import type { StartRequest } from './journey.js';

/** They may change at any render, and hold for the next start; `onAttempt` is always that of the latest render. */
export interface TeamOverviewExportOptions extends Omit<ControllerOptions, 'client'> {
  /** Default: that of the `ApolloProvider` above. */
  client?: ApolloClient | undefined;
}

export interface TeamOverviewExportControls {
  /**
   * Starts an export; what becomes of it is the state's to tell. While one is under way another call does nothing, and
   * neither does one after the component is gone.
   *
   * @throws INVALID_ARGUMENT when called while rendering
   */
  start: (request: StartRequest) => void;
  /** Stops asking, and fails with ABORTED; its hint says whether an export may have been started. */
  cancel: () => void;
  /** Back to idle; also stops what is under way. */
  reset: () => void;
}

export type TeamOverviewExport = TeamOverviewExportState & TeamOverviewExportControls;

/**
 * Runs Team Overview exports from a component, one at a time: each call of `start` is one export, however often the
 * component is rendered, and it ends when the component is unmounted. The functions stay the same for good.
 */
export function useTeamOverviewExport(options: TeamOverviewExportOptions = {}): TeamOverviewExport {
  const client = useApolloClient(options.client);
  const [controller] = useState(() => new ExportController());
  controller.rendering();
  // Earlier than any other effect, so that all of them, also those of children, may start exports.
  useInsertionEffect(() => {
    controller.committed({ ...options, client });
  });
  // Before the next one, so that it no longer listens when the export is aborted.
  const state = useSyncExternalStore(controller.subscribe, controller.state, controller.state);
  useEffect(controller.mount, [controller]);
  return useMemo(
    () => ({ ...state, start: controller.start, cancel: controller.cancel, reset: controller.reset }),
    [state, controller],
  );
}
