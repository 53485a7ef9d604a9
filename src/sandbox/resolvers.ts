import { GraphQLError } from 'graphql';
import type { SandboxMethod, WebhookTarget } from './export-job.js';
import type { ExportQueue } from './export-queue.js';
import { isLoopbackUrl } from './loopback.js';
import type { SandboxTeam, TeamDirectory } from './teams.js';

interface ExportInput {
  readonly teamId: string;
  readonly method: string;
  readonly url?: string | null;
  readonly secret?: string | null;
}

/** The root value: one function for each field of `Query`. */
export function resolvers(teams: TeamDirectory, queue: ExportQueue) {
  return {
    getAllTeams: () => [...teams.values()].map(graphqlTeam),

    exportTeamOverview: async ({ input }: { input: ExportInput }) => {
      const team = exportableTeam(teams, input.teamId);
      const method = supportedMethod(input.method);
      const started = await queue.start({
        team,
        method,
        webhook: method === 'CUSTOM_WEBHOOK' ? webhook(input) : null,
      });
      const { exportId, fileUrl, fileUrlExpiredAt } = started;
      return { exportId, fileUrl, fileUrlExpiredAt: fileUrlExpiredAt?.toISOString() ?? null };
    },

    getExportDeliveryStatus: ({ exportId }: { exportId: string }) => {
      const { status, errors } = queue.statusOf(exportId) ?? { status: 'NONE', errors: [] };
      return { deliveryStatus: status, errors };
    },
  };
}

function graphqlTeam({ id, name, enableExportTeamOverview }: Required<SandboxTeam>) {
  return { id, name, setting: { enableExportTeamOverview } };
}

function exportableTeam(teams: TeamDirectory, teamId: string): SandboxTeam {
  const team = teams.get(teamId);
  if (team === undefined) throw refused('Team not found', 'NotFoundError');
  if (!team.enableExportTeamOverview) throw refused('Forbidden', 'ForbiddenError');
  return team;
}

function supportedMethod(method: string): SandboxMethod {
  if (method === 'FILE_STORAGE' || method === 'EMAIL' || method === 'CUSTOM_WEBHOOK') return method;
  throw refused(`The sandbox does not deliver by ${method}`, 'BadRequestError');
}

function webhook({ url, secret }: ExportInput): WebhookTarget {
  if (url === undefined || url === null) throw refused('CUSTOM_WEBHOOK needs a url', 'BadRequestError');
  if (!isLoopbackUrl(url))
    throw refused('The sandbox sends webhooks to loopback URLs only', 'BadRequestError');
  return { url, secret: secret ?? null };
}

function refused(message: string, type: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}
