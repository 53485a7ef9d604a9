import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { GraphQLError, Kind, parse, Source, type DocumentNode } from 'graphql';
import { DatasaurExportError } from '../errors/index.js';
import { refuseDeepNesting } from './nesting.js';
import { oneLine } from './one-line.js';

/** A file with what is in it; the nodes know their places in it. */
export interface GraphqlFile {
  /** As given to the file system. */
  path: string;
  /** As shown to people, and as in the nodes' `loc.source.name`: relative to the current folder where it is in there. */
  name: string;
  text: string;
  document: DocumentNode;
}

/** In the order of their names, also of folders in `folder`. */
export function graphqlFilesIn(folder: string): GraphqlFile[] {
  let paths: string[];
  try {
    paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // What is hidden is an editor's, a lock for instance, not the project's.
      .filter((path) => /\.(graphql|gql)$/.test(path) && !/(^|[\\/])(node_modules[\\/]|\.)/.test(path))
      .map((path) => join(folder, path))
      .sort();
  } catch (error) {
    throw unreadable((error as NodeJS.ErrnoException).path ?? folder, error);
  }
  return paths.filter(isFile).map(readGraphql);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readGraphql(path: string): GraphqlFile {
  const name = shownPath(path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    // Without anything in it but comments, a file is no GraphQL document, but does no harm.
    const empty = /^[\uFEFF\s,]*$/.test(text.replace(/#.*/g, ''));
    const source = new Source(text, name);
    if (!empty) refuseDeepNesting(source);
    const document: DocumentNode = empty ? { kind: Kind.DOCUMENT, definitions: [] } : parse(source);
    return { path, name, text, document };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [{ line, column } = { line: 1, column: 1 }] = error.locations ?? [];
    throw invalidProject(`${name}:${line}:${column}: ${error.message}`);
  }
}

/** Relative to the current folder, with `/`, if it is in there. */
export function shownPath(path: string): string {
  const inside = relative('', resolve(path));
  const shown = inside === '' ? '.' : inside.startsWith('..') ? resolve(path) : inside;
  return shown.split(sep).join('/');
}

function unreadable(path: string, error: unknown): DatasaurExportError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  return invalidProject(`${shownPath(path)} cannot be read (${code}).`);
}

export function invalidProject(message: string): DatasaurExportError {
  return new DatasaurExportError('OPERATIONS_INVALID', oneLine(message), {
    hint: 'This is about the files of this project (--schema, --operations), not about the live schema.',
  });
}
