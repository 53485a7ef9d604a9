/** A team of the sandbox's account. */
export interface SandboxTeam {
  /** The number in the web app's address, e.g. `'121'`. */
  readonly id: string;
  /** Becomes part of the file's name: `Team Overview - {name}.zip`. */
  readonly name: string;
  /** Whether the team may export its overview; without it the export answers "Forbidden". Default: true. */
  readonly enableExportTeamOverview?: boolean;
}

/** The teams of a sandbox that was not given any. */
export const DEFAULT_TEAMS: readonly SandboxTeam[] = [
  { id: '121', name: 'Team Alvin' },
  { id: '122', name: 'Team Simon' },
  { id: '123', name: 'Équipe Théodore 日本語' },
  { id: '124', name: 'R&D (Legal) 100% + "Q1"' },
  { id: '125', name: 'Team Dave', enableExportTeamOverview: false },
];

export type TeamDirectory = ReadonlyMap<string, Required<SandboxTeam>>;

/** @throws RangeError when two teams bear the same id. */
export function teamDirectory(teams: readonly SandboxTeam[]): TeamDirectory {
  const directory = new Map<string, Required<SandboxTeam>>();
  for (const team of teams) {
    if (directory.has(team.id)) throw new RangeError(`teams: two teams have the id '${team.id}'`);
    directory.set(team.id, { enableExportTeamOverview: true, ...team });
  }
  return directory;
}
