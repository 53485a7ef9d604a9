import { formatDuration, type TeamOverviewExport } from 'datasaur-export/react';
import type { RefObject } from 'react';
import { formatSize } from './formats.js';

/** What a person calls it. */
export function phaseOf({ status, error }: TeamOverviewExport): string {
  switch (status) {
    case 'idle':
      return '';
    case 'requesting':
      return 'Requesting';
    case 'waiting':
      return 'Waiting';
    case 'ready':
      return 'Ready';
    case 'mailed':
      return 'Mailed';
    case 'failed':
      return error.code === 'ABORTED' ? 'Cancelled' : 'Failed';
  }
}

/** What is read out when an export reaches its phase; null where there is nothing to say. */
export function announcementOf(team: string, overview: TeamOverviewExport): string | null {
  switch (overview.status) {
    case 'idle':
      return null;
    case 'requesting':
      return `${team}: export requested.`;
    case 'waiting':
      return `${team}: waiting for the file.`;
    case 'ready':
      return `${team}: ready to download, ${formatSize(overview.size)}.`;
    case 'mailed':
      return `${team}: the result will be mailed.`;
    case 'failed':
      return `${team}: ${phaseOf(overview).toLowerCase()}. ${overview.error.message} ${overview.error.hint}`;
  }
}

export function isUnderWay({ status }: TeamOverviewExport): boolean {
  return status === 'requesting' || status === 'waiting';
}

interface PhaseProps {
  overview: TeamOverviewExport;
  /** Gets the focus of what goes away. */
  ref: RefObject<HTMLParagraphElement | null>;
}

export function Phase({ overview, ref }: PhaseProps) {
  return (
    <p className="phase" data-status={overview.status} ref={ref} tabIndex={-1}>
      {overview.status !== 'idle' && (
        <>
          <span className="phase-name">{phaseOf(overview)}</span>
          <span className="elapsed">{formatDuration(overview.elapsed)}</span>
        </>
      )}
    </p>
  );
}
