import { useGetAllTeamsQuery } from 'datasaur-export/react';
import { useRef, useState } from 'react';
import { Legend } from './answers.js';
import { TeamList } from './team-list.js';
import { TeamsProblem } from './teams-problem.js';

export function Dashboard() {
  const { data, error, loading, refetch } = useGetAllTeamsQuery({ notifyOnNetworkStatusChange: true });
  const heading = useRef<HTMLHeadingElement>(null);
  // Kept while it is tried again, so that the button that was pressed is still there.
  const [problem, setProblem] = useState(error);
  if (!loading && error !== problem) setProblem(error);
  const retry = () => {
    // What it rejects with is `error` at the next render.
    refetch().catch(() => undefined);
  };
  return (
    <>
      <header className="masthead">
        <h1 ref={heading} tabIndex={-1}>
          Team Overviews
        </h1>
        <p>Ask for the overview of a team, watch for its file, and download it.</p>
      </header>
      <main>
        {data !== undefined ? (
          <>
            <TeamList teams={data.getAllTeams} />
            <Legend />
          </>
        ) : problem === undefined ? (
          <p className="card empty" role="status">
            Loading the teams…
          </p>
        ) : (
          <TeamsProblem error={problem} retrying={loading} onRetry={retry} successor={heading} />
        )}
      </main>
    </>
  );
}
