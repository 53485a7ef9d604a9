import { describe, expect, it } from '@jest/globals';
import { check } from '../../src/schema/check.js';
import { changes, introspected, liveSdl, ours, schemaOf, shown } from './projects.js';

type Replacement = readonly [string | RegExp, string];

const unrelated = `
type Job { id: ID! progress: Int state(of: JobState = OPEN): JobState }
enum JobState { OPEN DONE }
input JobFilter { state: JobState }
union Thing = Team | Job
extend type Query { getJobs(filter: JobFilter): [Job]! getThing: Thing }
extend type Team { logoURL: String }
type OtherSetting { id: ID! }
extend type ExportRequestResult { queued: Boolean redirect: String }
`;
const added: Replacement = [/$/, unrelated];

/** Each drift as an introspection shows it, which knows no files and no directives of ours. */
async function verdict(...replacements: Replacement[]): Promise<string[]> {
  const live = introspected(schemaOf(liveSdl(...replacements)));
  return (await check(ours, live)).map(shown);
}

describe('a drift of what our operations use', () => {
  const table: [string, Replacement, string[]][] = [
    ['a field is removed', ['  name: String!\n', ''], ['breaking Team.name (GetAllTeams)']],
    ['a field is renamed', ['  name: String!\n', '  title: String!\n'], ['breaking Team.name (GetAllTeams)']],
    ['the field of an operation is removed', [/ +exportTeamOverview\(.*\n/, '  other: Int\n'], ['breaking Query.exportTeamOverview (ExportTeamOverview)']], // prettier-ignore
    ['a field is made nullable', ['name: String!', 'name: String'], ['breaking Team.name (GetAllTeams)']],
    ['a field is made non-null', ['fileUrl: String', 'fileUrl: String!'], ['safe ExportRequestResult.fileUrl (ExportTeamOverview)']], // prettier-ignore
    ['the items of a list are made nullable', ['[JobError!]!', '[JobError]!'], ['breaking GetExportDeliveryStatusResult.errors (GetExportDeliveryStatus)']], // prettier-ignore
    ['an optional argument is added', ['getAllTeams:', 'getAllTeams(search: String):'], ['dangerous Query.getAllTeams(search:) (GetAllTeams)']], // prettier-ignore
    ['a required argument is added', ['getAllTeams:', 'getAllTeams(search: String!):'], ['breaking Query.getAllTeams(search:) (GetAllTeams)']], // prettier-ignore
    ['a required argument with a default is added', ['getAllTeams:', 'getAllTeams(search: String! = "a"):'], ['dangerous Query.getAllTeams(search:) (GetAllTeams)']], // prettier-ignore
    ['an argument is removed', ['(exportId: ID!)', ''], ['breaking Query.getExportDeliveryStatus(exportId:) (GetExportDeliveryStatus)']], // prettier-ignore
    ['an argument is made optional', ['(exportId: ID!)', '(exportId: ID)'], ['safe Query.getExportDeliveryStatus(exportId:) (GetExportDeliveryStatus)']], // prettier-ignore
    ['the type of an argument changes', ['(exportId: ID!)', '(exportId: Int!)'], ['breaking Query.getExportDeliveryStatus(exportId:) (GetExportDeliveryStatus)']], // prettier-ignore
    ['an optional input field is added', ['  secret: String\n', '  secret: String\n  more: JobFilter\n'], ['dangerous ExportTeamOverviewInput.more (ExportTeamOverview)']], // prettier-ignore
    ['a required input field is added', ['  secret: String\n', '  secret: String\n  more: Int!\n'], ['breaking ExportTeamOverviewInput.more (ExportTeamOverview)']], // prettier-ignore
    ['a required input field with a default is added', ['  secret: String\n', '  secret: String\n  more: Int! = 1\n'], ['dangerous ExportTeamOverviewInput.more (ExportTeamOverview)']], // prettier-ignore
    ['an input field is removed', ['  secret: String\n', '  other: String\n'], ['breaking ExportTeamOverviewInput.secret (ExportTeamOverview)', 'dangerous ExportTeamOverviewInput.other (ExportTeamOverview)']], // prettier-ignore
    ['an input field is made required', ['  url: String\n', '  url: String!\n'], ['breaking ExportTeamOverviewInput.url (ExportTeamOverview)']], // prettier-ignore
    ['an input field is made optional', ['  teamId: String!', '  teamId: String'], ['safe ExportTeamOverviewInput.teamId (ExportTeamOverview)']], // prettier-ignore
    ['the default of an input field changes', ['  url: String\n', '  url: String = "a"\n'], ['dangerous ExportTeamOverviewInput.url (ExportTeamOverview)']], // prettier-ignore
    ['an enum value is added to what is sent', ['  DOWNLOAD_REQUEST\n', '  DOWNLOAD_REQUEST\n  "New."\n  EXTERNAL_OBJECT_STORAGE @deprecated\n'], ['dangerous GqlExportMethod.EXTERNAL_OBJECT_STORAGE (ExportTeamOverview)']], // prettier-ignore
    ['an enum value is added to what is answered', ['  QUEUED\n', '  QUEUED\n  PAUSED\n'], ['dangerous ExportDeliveryStatus.PAUSED (GetExportDeliveryStatus)']], // prettier-ignore
    ['an enum value is removed', ['  QUEUED\n', ''], ['breaking ExportDeliveryStatus.QUEUED (GetExportDeliveryStatus)']], // prettier-ignore
    ['a type changes to another', ['setting: TeamSetting\n', 'setting: OtherSetting\n'], ['breaking Team.setting (GetAllTeams)', 'breaking OtherSetting.enableExportTeamOverview (GetAllTeams)']], // prettier-ignore
    ['a scalar changes', ['enableExportTeamOverview: Boolean!', 'enableExportTeamOverview: String!'], ['breaking TeamSetting.enableExportTeamOverview (GetAllTeams)']], // prettier-ignore
    ['a field becomes a list', ['name: String!', 'name: [String!]!'], ['breaking Team.name (GetAllTeams)']],
    ['a type changes its kind', [/enum ExportDeliveryStatus [^}]*}/, 'scalar ExportDeliveryStatus'], ['breaking ExportDeliveryStatus (GetExportDeliveryStatus)']], // prettier-ignore
    ['a field is deprecated', ['name: String!', 'name: String! @deprecated(reason: "old")'], ['safe Team.name (GetAllTeams)']], // prettier-ignore
    ['an argument is deprecated', ['(exportId: ID!)', '(exportId: ID @deprecated)'], ['safe Query.getExportDeliveryStatus(exportId:) (GetExportDeliveryStatus)', 'safe Query.getExportDeliveryStatus(exportId:) (GetExportDeliveryStatus)']], // prettier-ignore
    ['an input field is deprecated', ['  url: String\n', '  url: String @deprecated\n'], ['safe ExportTeamOverviewInput.url (ExportTeamOverview)']], // prettier-ignore
    ['an enum value is deprecated', ['  QUEUED\n', '  QUEUED @deprecated\n'], ['safe ExportDeliveryStatus.QUEUED (GetExportDeliveryStatus)']], // prettier-ignore
    ['an enum value is no longer deprecated', ['DOWNLOAD @deprecated', 'DOWNLOAD'], ['safe GqlExportMethod.DOWNLOAD (ExportTeamOverview)']], // prettier-ignore
    ['an input takes exactly one of its fields', ['input ExportTeamOverviewInput {', 'input ExportTeamOverviewInput @oneOf {'], ['breaking ExportTeamOverviewInput (ExportTeamOverview)']], // prettier-ignore
    ['a description changes', ['"Final."', '"Not final."'], ['safe ExportDeliveryStatus.FAILED (GetExportDeliveryStatus)']], // prettier-ignore
    ['a description of an argument is there that we do not have', ['(exportId:', '("Which." exportId:'], ['safe Query.getExportDeliveryStatus(exportId:) (GetExportDeliveryStatus)']], // prettier-ignore
    ['a description is not there that we have', ['"Final."', ''], []],
    [
      'our own directive is not there',
      [/directive @sideEffects on FIELD_DEFINITION/, 'directive @other on FIELD_DEFINITION'],
      [],
    ],
  ];

  it.each(table)('%s', async (_name, replacement, expected) => {
    expect((await verdict(replacement, added)).sort()).toEqual([...expected].sort());
  });

  it('the root type has another name', async () => {
    const renamed = [/(type|query:) Query\b/g, '$1 RootQuery'] as const;
    expect(await verdict(renamed)).toEqual([]);
    expect(await verdict(renamed, [/ +exportTeamOverview\(.*\n/, '  other: Int\n'])).toEqual([
      'breaking Query.exportTeamOverview (ExportTeamOverview)',
    ]);
  });
});

describe('the same drift of what our operations do not use is not reported', () => {
  it.each<[string, Replacement]>([
    ['a field is removed', ['logoURL: String', 'other: Int']],
    ['a field is renamed', ['logoURL: String', 'logo: String']],
    ['a field is made nullable', ['progress: Int', 'progress: Int!']],
    ['a field is made non-null', ['id: ID! progress', 'id: ID progress']],
    ['an optional argument is added', ['getThing:', 'getThing(kind: Int):']],
    ['a required argument is added', ['getThing:', 'getThing(kind: Int!):']],
    ['an input field is added', ['input JobFilter {', 'input JobFilter { id: ID! ']],
    ['an enum value is added', ['enum JobState {', 'enum JobState { LOST']],
    ['an enum value is removed', ['{ OPEN DONE }', '{ OPEN }']],
    ['a default changes', ['= OPEN', '= DONE']],
    ['a type changes', ['progress: Int', 'progress: String']],
    ['a type is removed', ['union Thing = Team | Job', 'union Thing = Team']],
    ['a field is deprecated', ['progress: Int', 'progress: Int @deprecated']],
    ['a union member is added', ['union Thing = Team | Job', 'union Thing = Team | Job | JobError']],
    ['a description changes', ['type Job {', '"Another." type Job {']],
    ['a field of a type that we use is added', ['queued: Boolean', 'queued: Boolean waiting: Int']],
  ])('%s', async (_name, replacement) => {
    expect(await verdict(added, replacement)).toEqual([]);
  });
});

describe('what our operations do not have', () => {
  const sdl = `
type Query { media(where: Where! = { open: true }): Media! node(id: ID!): Node }
type Mutation { touch(id: ID!): Boolean! }
input Where { open: Boolean next: Where at: Time }
scalar Time
union Media = Film | Song
type Film implements Node { id: ID! title: String }
type Song implements Node { id: ID! seconds: Int name: String }
interface Node { id: ID! }
`;
  const operations = `
query Media($where: Where!) { media(where: $where) { ...Title } }
fragment Title on Media { __typename ... on Film { title } }
query Node { node(id: "1") { id } }
mutation Touch { touch(id: 1) }
`;
  it.each<[string, Replacement[], string[]]>([
    ['nothing', [], []],
    ['a union gets a member', [['| Song', '| Song | Book'], [/$/, 'type Book { isbn: ID! }']], ['dangerous Media (Media)']],
    ['a union loses a member', [['Film | Song', 'Film']], ['breaking Media (Media)']],
    ['a union loses a member that is selected', [['Film | Song', 'Song']], ['breaking Media (Media)']],
    ['a type implements an interface', [[/$/, 'type Book implements Node { id: ID! }']], ['dangerous Node (Node)']],
    ['a type no longer implements an interface', [['Film implements Node', 'Film']], ['breaking Film (Media, Node)']],
    ['a field that only our types need is removed', [['seconds: Int', '']], []],
    ['a nested input type changes', [['at: Time', 'at: String']], ['breaking Where.at (Media)']],
    ['a default changes', [['{ open: true }', '{ open: false }']], ['dangerous Query.media(where:) (Media)']],
    ['a default is removed', [[' = { open: true }', '']], ['dangerous Query.media(where:) (Media)']],
    ['there are no mutations', [[/type Mutation .*\n/, '']], ['breaking Mutation (Touch)']],
  ])('%s', async (_name, replacements, expected) => {
    const live = replacements.reduce((text, [from, to]) => text.replace(from, to), sdl);
    expect((await changes(sdl, operations, live)).map(shown).sort()).toEqual([...expected].sort());
  }); // prettier-ignore
});

describe('where', () => {
  it('is the line of our schema that says otherwise', async () => {
    const live = liveSdl(['name: String!', 'name: Int'], ['  QUEUED\n', '  QUEUED\n  PAUSED\n'], ['getAllTeams:', 'getAllTeams(a: Int!):']); // prettier-ignore
    const found = await check(ours, schemaOf(live));
    expect(found.map(({ at, coordinate }) => `${at} ${coordinate}`)).toEqual([
      'schema/team.graphql:3 Query.getAllTeams(a:)',
      'schema/team.graphql:9 Team.name',
      'schema/delivery-status.graphql:12 ExportDeliveryStatus.PAUSED',
    ]);
  });

  it('is the line and column of the operation that GraphQL refuses', async () => {
    const live = liveSdl(['setting: TeamSetting\n', 'setting: Other\n'], [/$/, 'type Other { id: ID }']);
    const found = await check(ours, schemaOf(live));
    expect(found.map(({ at, coordinate }) => `${at} ${coordinate}`)).toEqual([
      'operations/GetAllTeams.graphql:6:7 Other.enableExportTeamOverview',
      'schema/team.graphql:10 Team.setting',
    ]);
  });
});

it('says what a type became', async () => {
  const live = introspected(
    schemaOf(liveSdl([/enum ExportDeliveryStatus [^}]*}/, 'scalar ExportDeliveryStatus'])),
  );
  const [change] = await check(ours, live);
  expect(change?.message).toBe("Type 'ExportDeliveryStatus' changed from an enum to a scalar.");
});

it('passes over a refusal where the change that it comes from is reported', async () => {
  const sdl = 'directive @big on FIELD type Query { search(kind: Kind): Int } enum Kind { A B }';
  const operation = 'query Search($kind: Kind) { search(kind: $kind) @big }';
  const live = 'directive @small on FIELD type Query { search(kind: Int): Int } enum Kind { A }';
  const found = await changes(sdl, operation, live);
  expect(found.map(shown).sort()).toEqual([
    'breaking @big (Search)',
    'breaking Kind.B (Search)',
    'breaking Query.search(kind:) (Search)',
  ]);
});

it('cleans what the live schema says of what drives a terminal', async () => {
  const live = liveSdl(['(exportId: ID!)', '(exportId: ID! @deprecated(reason: "a\\u001b[31mb\\nc"))']);
  const [change] = await check(ours, schemaOf(live));
  expect(change?.message).toBe('Query.getExportDeliveryStatus(exportId:) is deprecated: a [31mb c');
});
