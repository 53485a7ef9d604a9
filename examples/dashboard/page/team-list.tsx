import { useRef, useState } from 'react';
import { mayExport, TeamRow, type ExportSettings, type Starters, type Team } from './team-row.js';
import { Toolbar } from './toolbar.js';

export function TeamList({ teams }: { teams: readonly Team[] }) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [settings, setSettings] = useState<ExportSettings>({ method: 'FILE_STORAGE', timeout: '15m' });
  const starters = useRef<Starters>(new Map());
  const exportable = teams.filter(mayExport).map(({ id }) => id);

  const select = (teamId: string, yes: boolean) => {
    setSelected((before) => new Set([...before].filter((id) => id !== teamId).concat(yes ? teamId : [])));
  };
  const exportSelected = () => {
    for (const teamId of selected) starters.current.get(teamId)?.();
    setSelected(new Set());
  };

  return (
    <section className="card" aria-labelledby="teams">
      <h2 id="teams" className="visually-hidden">
        Teams
      </h2>
      <Toolbar
        settings={settings}
        onSettings={setSettings}
        selected={exportable.filter((id) => selected.has(id)).length}
        of={exportable.length}
        onSelectAll={(yes) => {
          setSelected(new Set(yes ? exportable : []));
        }}
        onExport={exportSelected}
      />
      {teams.length === 0 && <p className="empty">You do not belong to any team.</p>}
      <ul className="teams">
        {teams.map((team) => (
          <TeamRow
            key={team.id}
            team={team}
            selected={selected.has(team.id)}
            onSelect={select}
            starters={starters.current}
            {...settings}
          />
        ))}
      </ul>
    </section>
  );
}
