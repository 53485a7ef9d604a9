import { Command, CommanderError, Option } from 'commander';
import { exitStatus } from './exit-status.js';
import { version } from './version.js';

const examples = `Examples:
  $ export DATASAUR_ACCESS_TOKEN=…                      a token, or DATASAUR_CLIENT_ID and DATASAUR_CLIENT_SECRET
  $ datasaur-export team-overview 121                   wait for, download and verify the overview of team 121
  $ datasaur-export team-overview 121 122 -o exports/   several teams, into a folder
  $ datasaur-export team-overview 121 --json | jq .     one JSON object a line for each team
  $ datasaur-export schema check                        does the live schema still fit the operations?
  $ datasaur-export schema pull                         make our fragment of it, and what is generated, fit
  $ datasaur-export sandbox                             a local Datasaur to try all this against
`;

const teamOverviewExamples = `Examples:
  $ datasaur-export team-overview 121
  $ datasaur-export team-overview 121 -o overview.zip --overwrite --quiet
  $ datasaur-export team-overview 121 122 123 -o exports/ --timeout 30m --json
  $ datasaur-export team-overview 121 --method email
`;

const afterTeamOverview = `
Environment:
  DATASAUR_ACCESS_TOKEN                           or
  DATASAUR_CLIENT_ID, DATASAUR_CLIENT_SECRET      OAuth client credentials
  DATASAUR_WEBHOOK_SECRET                         signs what is sent to --webhook-url
  DATASAUR_BASE_URL                               default https://datasaur.ai
  NO_COLOR                                        no colours

Exit status:
  0 done    1 unexpected    2 usage    4 credentials or permission    5 the export FAILED
  6 not ready before --timeout    7 some of several teams failed    8 verification failed
  129 SIGHUP    130 SIGINT    143 SIGTERM
`;

const schemaCheckExamples = `Examples:
  $ datasaur-export schema check                                    the configured API, by introspection
  $ datasaur-export schema check --from introspection.json --json   or a file with SDL
  $ datasaur-export schema check --from https://localhost/graphql --schema schema --operations operations
`;

const schemaEnvironment = `
Environment:
  DATASAUR_ACCESS_TOKEN                           or
  DATASAUR_CLIENT_ID, DATASAUR_CLIENT_SECRET      OAuth client credentials
  DATASAUR_BASE_URL                               default https://datasaur.ai
  NO_COLOR                                        no colours
`;

const afterSchemaCheck = `${schemaEnvironment}
Exit status:
  0 nothing that matters    3 something dangerous: an enum grew, a default changed    1 something breaking, or an error
  2 usage    4 credentials or permission    129 SIGHUP    130 SIGINT    143 SIGTERM
`;

const schemaPullExamples = `Examples:
  $ datasaur-export schema pull --dry-run                what would change, as a diff
  $ datasaur-export schema pull                          rewrite ./schema, and have the code generated anew
  $ datasaur-export schema pull --from schema.graphql --schema src/schema --operations src/operations
`;

const afterSchemaPull = `
graphql-codegen is run where it is set up in the current folder. All files are written, or none.
${schemaEnvironment}
Exit status:
  0 done, or nothing to do    1 the operations do not fit the live schema, or an error; nothing was written
  2 usage    4 credentials or permission    129 SIGHUP    130 SIGINT    143 SIGTERM
`;

export interface TeamOverviewFlags {
  method: 'file-storage' | 'email' | 'custom-webhook';
  output?: string;
  overwrite?: true;
  timeout: string;
  json?: true;
  quiet?: true;
  baseUrl?: string;
  webhookUrl?: string;
  insecureHttp?: true;
}

export interface SchemaFlags {
  from?: string;
  json?: true;
  baseUrl?: string;
  insecureHttp?: true;
  schema?: string;
  operations?: string;
}

export interface SchemaPullFlags extends SchemaFlags {
  dryRun?: true;
}

export interface SandboxFlags {
  port: string;
  readyAfter: string;
}

interface Actions {
  teamOverview: (teamIds: string[], flags: TeamOverviewFlags) => Promise<number>;
  schemaCheck: (flags: SchemaFlags) => Promise<number>;
  schemaPull: (flags: SchemaPullFlags) => Promise<number>;
  sandbox: (flags: SandboxFlags) => Promise<number>;
}

/** Reads the arguments and runs what they ask for. @returns the exit status */
export async function runProgram(args: readonly string[], actions: Actions): Promise<number> {
  let status: number = exitStatus.done;
  const program = new Command('datasaur-export')
    .description('Request, wait for, download and verify Datasaur exports.')
    .version(version)
    .addHelpText('before', examples)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      outputError: (text, write) => {
        write(`${text.replace(/^error: /, 'error INVALID_ARGUMENT: ')}  hint: See datasaur-export --help.\n`);
      },
    })
    .configureHelp({ helpWidth: 110 });
  program
    .command('team-overview')
    .description('export the Team Overview of one or several teams')
    .addHelpText('before', teamOverviewExamples)
    .addHelpText('after', afterTeamOverview)
    .argument('<teamId...>', "the numbers in the web app's address: /teams/{teamId}/…")
    .addOption(
      new Option('--method <method>', 'how the result is delivered')
        .choices(['file-storage', 'email', 'custom-webhook'])
        .default('file-storage'),
    )
    .option(
      '-o, --output <path>',
      'a folder (existing, or ending in /), or for one team a file (default: here)',
    )
    .option('--overwrite', 'replace existing files, once their replacements are verified')
    .option('--timeout <duration>', 'how long to wait until the file is there (ms, s, m, h)', '15m')
    .option('--json', 'one JSON object a line for each team')
    .option('--quiet', 'no progress; errors are still shown')
    .option('--base-url <url>', 'the Datasaur to ask (default: $DATASAUR_BASE_URL, else https://datasaur.ai)')
    .option('--webhook-url <url>', 'where the result is sent, with --method custom-webhook')
    .option('--insecure-http', 'allow http: URLs to hosts other than this machine')
    .action(async (teamIds: string[], flags: TeamOverviewFlags) => {
      status = await actions.teamOverview(teamIds, flags);
    });
  const schema = program
    .command('schema')
    .description('compare the live schema with what the operations use, or follow it');
  schema
    .command('check')
    .description('report what the live schema changes of what the operations use')
    .addHelpText('before', schemaCheckExamples)
    .addHelpText('after', afterSchemaCheck)
    .option('--from <url|file>', 'a GraphQL URL, introspection JSON or SDL (default: the configured API)')
    .option('--json', 'one JSON object a line for each change')
    .option('--base-url <url>', 'the Datasaur to ask (default: $DATASAUR_BASE_URL, else https://datasaur.ai)')
    .option('--insecure-http', 'allow http: URLs to hosts other than this machine')
    .option('--schema <folder>', 'our fragment of the schema (default: ./schema, or what this package ships)')
    .option('--operations <folder>', 'our operations (default: ./operations, or what this package ships)')
    .action(async (flags: SchemaFlags) => {
      status = await actions.schemaCheck(flags);
    });
  schema
    .command('pull')
    .description('rewrite our fragment of the schema as the live one has it, and generate anew')
    .addHelpText('before', schemaPullExamples)
    .addHelpText('after', afterSchemaPull)
    .option('--from <url|file>', 'a GraphQL URL, introspection JSON or SDL (default: the configured API)')
    .option('--dry-run', 'only print what would change')
    .option('--json', 'one JSON object a line for each file')
    .option('--base-url <url>', 'the Datasaur to ask (default: $DATASAUR_BASE_URL, else https://datasaur.ai)')
    .option('--insecure-http', 'allow http: URLs to hosts other than this machine')
    .option('--schema <folder>', 'our fragment of the schema, also where it is not there yet', 'schema')
    .option('--operations <folder>', 'our operations', 'operations')
    .action(async (flags: SchemaPullFlags) => {
      status = await actions.schemaPull(flags);
    });
  program
    .command('sandbox')
    .description('run a local Datasaur, and print the variables that point at it')
    .addHelpText('before', 'Examples:\n  $ datasaur-export sandbox --port 4000 --ready-after 10s\n')
    .option('--port <number>', 'the port to listen on, 0 for any free one', '4000')
    .option('--ready-after <duration>', 'how long an export takes (ms, s, m, h)', '3s')
    .action(async (flags: SandboxFlags) => {
      status = await actions.sandbox(flags);
    });
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitStatus.done : exitStatus.usage;
  }
  return status;
}
