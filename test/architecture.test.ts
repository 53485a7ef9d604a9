import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix } from 'node:path';
import ts from 'typescript';
import * as index from '../src/index.js';
import * as react from '../src/react/index.js';
import * as readinessInBrowser from '../src/readiness/browser.js';
import * as readiness from '../src/readiness/index.js';
import * as sandbox from '../src/sandbox/index.js';

interface Import {
  from: string;
  /** As written, or, for a relative one, the path from the top of the repository. */
  to: string;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .sort();
}

function importsOf(from: string): Import[] {
  return ts
    .preProcessFile(readFileSync(from, 'utf8'), true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .map((written) => ({
      from,
      to: written.startsWith('.') ? posix.join(dirname(from), written) : written,
    }));
}

/** `src/client`, `generated`, `src/index.js`; null for a package or a builtin module. */
function roomOf({ to }: Import): string | null {
  const parts = to.split('/');
  if (parts[0] === 'generated') return 'generated';
  return parts[0] === 'src' ? parts.slice(0, 2).join('/') : null;
}

const sources = filesIn('src').filter((path) => path.endsWith('.ts'));
const imports = sources.flatMap(importsOf);
const importsFrom = (room: string): Import[] => imports.filter(({ from }) => from.startsWith(`src/${room}/`));
const shown = ({ from, to }: Import): string => `${from} → ${to}`;

/** What each room may import besides itself, packages and Node's modules. */
const directions = {
  errors: [],
  client: ['src/errors'],
  readiness: ['src/errors'],
  transfer: ['src/readiness', 'src/errors'],
  export: ['src/client', 'generated', 'src/readiness', 'src/transfer', 'src/errors'],
  schema: ['src/client', 'src/export', 'src/readiness', 'src/errors'],
  cli: ['src/index.js', 'src/schema'],
  react: ['generated', 'src/readiness', 'src/export', 'src/errors'],
  sandbox: [],
};
const rooms = Object.entries<string[]>(directions);

it('sees the files and the imports that it judges', () => {
  expect(sources.length).toBeGreaterThan(50);
  expect(imports.length).toBeGreaterThan(150);
  expect(imports.map(shown)).toEqual(
    expect.arrayContaining([
      'src/transfer/download.ts → src/readiness/index.js',
      'src/index.ts → generated/documents.js',
      'src/client/create-apollo-client.ts → @apollo/client',
      'src/cli/sandbox-command.ts → #sandbox',
    ]),
  );
});

it('knows every room, and only rooms', () => {
  const found = readdirSync('src', { withFileTypes: true });
  expect(
    found
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort(),
  ).toEqual(Object.keys(directions).sort());
  expect(found.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual(['index.ts']);
});

it.each(rooms)('src/%s imports only the rooms it may', (room, allowed) => {
  const found = importsFrom(room);
  expect(found.length).toBeGreaterThan(0);
  const wrong = found.filter((one) => {
    // The package's own name would be a way around.
    if (/^datasaur-export(\/|$)/.test(one.to)) return true;
    if (one.to.startsWith('#')) return !(room === 'cli' && one.to === '#sandbox');
    const target = roomOf(one);
    // What is relative and leaves src/ and generated/ is nobody's to import.
    if (target === null) return one.to.startsWith('.') || /^(test|bench|examples|dist)\//.test(one.to);
    return target !== `src/${room}` && !allowed.includes(target);
  });
  expect(wrong.map(shown)).toEqual([]);
});

it.each(['readiness', 'errors'])('src/%s runs in a browser and without GraphQL', (room) => {
  const builtins = new Set(builtinModules);
  const wrong = importsFrom(room).filter(
    ({ to }) => /^(node:|@apollo\/|graphql)/.test(to) || builtins.has(to) || builtins.has(to.split('/')[0]!),
  );
  expect(wrong.map(shown)).toEqual([]);
});

/** All that a module loads, sooner or later; not what it takes only types from. Packages by their name. */
function loadedBy(entry: string): string[] {
  const found = new Set([entry]);
  for (const path of found) {
    if (!path.endsWith('.ts')) continue;
    const options = {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2022,
      verbatimModuleSyntax: true,
    };
    const { outputText } = ts.transpileModule(readFileSync(path, 'utf8'), { compilerOptions: options });
    for (const { fileName } of ts.preProcessFile(outputText, true, true).importedFiles) {
      const relative = fileName.startsWith('.');
      found.add(relative ? posix.join(dirname(path), fileName).replace(/\.js$/, '.ts') : fileName);
    }
  }
  return [...found].sort();
}

it.each([
  [
    'src/react/index.ts',
    ['src/react/journey.ts', 'src/readiness/wait-until-ready.ts', 'src/client/run-query.ts'],
  ],
  ['src/readiness/browser.ts', ['src/readiness/wait-until-ready.ts']],
])('%s loads nothing that a browser has not', (entry, among) => {
  const loaded = loadedBy(entry);
  expect(loaded).toEqual(expect.arrayContaining(among));
  const builtins = new Set(builtinModules);
  const foreign = loaded.filter(
    (to) => /^(node:|src\/(transfer|cli|sandbox)\/)/.test(to) || builtins.has(to.split('/')[0]!),
  );
  expect(foreign).toEqual([]);
});

it('a page pays for an export when it first asks for one', () => {
  const users = importsFrom('react').filter(({ to }) => to === 'src/react/journey.js');
  expect(users.length).toBeGreaterThan(0);
  const eager = users.filter(({ from }) => /^import (?!type).*journey\.js/m.test(readFileSync(from, 'utf8')));
  expect(eager.map(shown)).toEqual([]);
});

it('constructs an ApolloClient in one place', () => {
  const places = sources.filter((path) => /new\s+ApolloClient\s*[(<]/.test(readFileSync(path, 'utf8')));
  expect(places).toEqual(['src/client/create-apollo-client.ts']);
});

it('keeps every file to what can be read in one sitting', () => {
  const long = sources
    .map((path) => ({ path, lines: readFileSync(path, 'utf8').trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > 250);
  expect(long).toEqual([]);
});

it('has no drawer for odds and ends', () => {
  const drawers = [...sources, ...filesIn('test')].filter((path) =>
    path.split('/').some((part) => /^(utils?|helpers?|common|managers?)(\.|$)/i.test(part)),
  );
  expect(drawers).toEqual([]);
});

it('marks generated files as such', () => {
  const generated = filesIn('generated');
  expect(generated).toContain('generated/documents.ts');
  expect(generated.filter((path) => !readFileSync(path, 'utf8').startsWith('// Generated'))).toEqual([]);
});

it('exports from datasaur-export what it promises', () => {
  expect(Object.keys(index).sort()).toEqual([
    'DatasaurExportError',
    'Destination',
    'ExportTeamOverviewDocument',
    'GetAllTeamsDocument',
    'GetExportDeliveryStatusDocument',
    'PresignedUrl',
    'RemoteFile',
    'createDatasaurClient',
    'defaultBaseUrl',
    'download',
    'endpointsOf',
    'errorCodes',
    'formatDuration',
    'parseDuration',
    'parseHandle',
    'serializeHandle',
    'typedError',
    'waitUntilReady',
  ]);
});

it('exports from datasaur-export/readiness what it promises', () => {
  expect(Object.keys(readiness).sort()).toEqual([
    'DatasaurExportError',
    'PresignedUrl',
    'RemoteFile',
    'browserFetch',
    'classify',
    'describe',
    'formatDuration',
    'isLoopback',
    'nextDelay',
    'onAbort',
    'parseDuration',
    'pollUntilReady',
    'refusalOf',
    'systemClock',
    'waitUntilReady',
  ]);
});

it('exports from datasaur-export/react what it promises', () => {
  expect(Object.keys(react).sort()).toEqual([
    'DatasaurExportError',
    'formatDuration',
    'useExportTeamOverviewLazyQuery',
    'useGetAllTeamsQuery',
    'useGetExportDeliveryStatusQuery',
    'useTeamOverviewExport',
  ]);
});

it('exports from datasaur-export/readiness the same in a browser', () => {
  expect(Object.keys(readinessInBrowser).sort()).toEqual(Object.keys(readiness).sort());
});

it('exports from datasaur-export/sandbox what it promises', () => {
  expect(Object.keys(sandbox)).toEqual(['startSandbox']);
});
