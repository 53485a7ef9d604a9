import { useTeamOverviewExport, type StartRequest, type useGetAllTeamsQuery } from 'datasaur-export/react';
import { useEffect, useId, useRef } from 'react';
import { useAnnounce } from './announcer.js';
import { Outcome } from './outcome.js';
import { announcementOf, isUnderWay, Phase } from './phase.js';
import { Timeline } from './timeline.js';
import { TransientButton } from './transient-button.js';

type Teams = NonNullable<ReturnType<typeof useGetAllTeamsQuery>['data']>['getAllTeams'];
export type Team = NonNullable<Teams>[number];

/** What each row can be told to do, by the id of its team. */
export type Starters = Map<string, () => void>;

export interface ExportSettings {
  method: NonNullable<StartRequest['method']>;
  /** How long to wait for the file. */
  timeout: string;
}

interface TeamRowProps extends ExportSettings {
  team: Team;
  selected: boolean;
  onSelect: (teamId: string, selected: boolean) => void;
  starters: Starters;
}

export function mayExport({ setting }: Team): boolean {
  // A server that does not say is asked: it will refuse if need be.
  return setting?.enableExportTeamOverview ?? true;
}

export function TeamRow({ team, selected, onSelect, starters, method, timeout }: TeamRowProps) {
  const overview = useTeamOverviewExport({ timeout });
  const phase = useRef<HTMLParagraphElement>(null);
  const id = useId();
  const allowed = mayExport(team);
  const busy = isUnderWay(overview);
  const start = () => {
    if (allowed && !busy) overview.start({ teamId: team.id, method });
  };
  useEffect(() => {
    starters.set(team.id, start);
    return () => {
      starters.delete(team.id);
    };
  });
  useAnnouncements(team.name, overview);
  return (
    <li className="team" aria-labelledby={`${id}-name`} data-status={overview.status}>
      <label className="select">
        <input
          type="checkbox"
          checked={selected}
          disabled={!allowed}
          onChange={(event) => {
            onSelect(team.id, event.target.checked);
          }}
        />
        <span className="visually-hidden">Select {team.name}</span>
      </label>
      <div className="who">
        <h3 id={`${id}-name`}>{team.name}</h3>
        <p className="team-id">ID {team.id}</p>
      </div>
      {allowed ? (
        <Phase overview={overview} ref={phase} />
      ) : (
        <p className="phase" id={`${id}-reason`}>
          This team may not export its overview
        </p>
      )}
      {busy && (
        <TransientButton className="button quiet cancel" successor={phase} onClick={overview.cancel}>
          Cancel<span className="visually-hidden"> the export of {team.name}</span>
        </TransientButton>
      )}
      {/* Stays where it is, so that it keeps the focus, and a second click meets nothing else. */}
      <button
        type="button"
        className="button export"
        disabled={!allowed}
        aria-disabled={busy}
        aria-describedby={allowed ? undefined : `${id}-reason`}
        onClick={start}
      >
        {verbFor(overview.status)}
        <span className="visually-hidden"> {team.name}</span>
      </button>
      {overview.status !== 'idle' && (
        <div className="progress">
          {overview.status !== 'mailed' && (overview.status !== 'failed' || overview.attempts.length > 0) && (
            <Timeline attempts={overview.attempts} elapsed={overview.elapsed} live={busy} />
          )}
          <Outcome overview={overview} />
        </div>
      )}
    </li>
  );
}

function useAnnouncements(name: string, overview: ReturnType<typeof useTeamOverviewExport>): void {
  const announce = useAnnounce();
  const text = announcementOf(name, overview);
  useEffect(() => {
    if (text !== null) announce(text);
  }, [announce, text]);
}

function verbFor(status: ReturnType<typeof useTeamOverviewExport>['status']): string {
  if (status === 'failed') return 'Try again';
  return status === 'ready' || status === 'mailed' ? 'Export again' : 'Export';
}
