/**
 * An account whose teams show each way that an export can go.
 *
 * @type {import('datasaur-export/sandbox').SandboxOptions}
 */
export const demoAccount = {
  readyAfter: '6s',
  fileSize: 300_000,
  teams: [
    { id: '121', name: 'Team Alvin' },
    { id: '122', name: 'Team Simon' },
    { id: '123', name: 'Équipe Théodore' },
    { id: '124', name: 'Team Brittany' },
    { id: '125', name: 'Team Dave', enableExportTeamOverview: false },
    { id: '126', name: 'Team Jeanette' },
    { id: '127', name: 'Team Eleanor' },
  ],
  failures: { 124: 'FAILED', 126: 'NEVER_READY', 127: 'EXPIRED_URL' },
};
