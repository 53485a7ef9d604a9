import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { buildASTSchema, parse, Source, type GraphQLSchema, type IntrospectionQuery } from 'graphql';
import { DatasaurExportError } from '../errors/index.js';
import { invalidSchema, schemaOfIntrospection, withQueries } from './build-schema.js';
import { shownPath } from './graphql-files.js';
import { refuseDeepNesting } from './nesting.js';
import { oneLine } from './one-line.js';
import { schemaTooLarge, sizeLimit } from './size-limit.js';
import type { LiveSchema } from './sources.js';
import { toldAll } from './told.js';

/** A file with the answer to an introspection, whole or only its `data`, or with SDL. */
export async function schemaOfFile(path: string): Promise<LiveSchema> {
  const name = oneLine(shownPath(path));
  const text = (await contents(path, name)).replace(/^\uFEFF/, '');
  if (/^\s*[{[]/.test(text)) return schemaOfJson(text, name);
  return { name, schema: schemaOfSdl(text, name), told: toldAll };
}

async function contents(path: string, name: string): Promise<string> {
  try {
    // Before it is opened: opening a pipe that nobody writes to does not end, and a device may never end.
    const kind = await stat(path);
    if (kind.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (!kind.isFile()) throw Object.assign(new Error(), { code: 'not an ordinary file' });
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const chunks: Buffer[] = [];
      let bytes = 0;
      // Read as it comes: a file that grows is larger than it said.
      for await (const chunk of file.createReadStream({ autoClose: false }) as AsyncIterable<Buffer>) {
        bytes += chunk.length;
        if (bytes > sizeLimit) throw schemaTooLarge(`The file ${name}`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    if (DatasaurExportError.is(error)) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new DatasaurExportError('SCHEMA_UNAVAILABLE', `The schema file ${name} cannot be read (${code}).`, {
      hint: 'Give --from a file, introspection JSON or SDL, or a URL that begins with https://.',
    });
  }
}

function schemaOfJson(text: string, name: string): LiveSchema {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalidSchema(name, error);
  }
  const answer = member(json, '__schema') === undefined ? member(json, 'data') : json;
  if (member(answer, '__schema') === undefined)
    throw invalidSchema(name, new Error('it is JSON, but not the answer to an introspection query.'));
  return schemaOfIntrospection(answer as IntrospectionQuery, name);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function schemaOfSdl(text: string, name: string): GraphQLSchema {
  try {
    const source = new Source(text, name);
    refuseDeepNesting(source);
    const document = parse(source);
    try {
      buildASTSchema(document);
    } catch (error) {
      // A published schema often bears directives that it does not define; nothing else is passed over.
      const said = error instanceof Error ? error.message.split('\n\n') : [];
      if (said.length === 0 || !said.every((one) => one.startsWith('Unknown directive '))) throw error;
    }
    // What is wrong elsewhere in it is nothing to the operations.
    return withQueries(buildASTSchema(document, { assumeValid: true }));
  } catch (error) {
    throw invalidSchema(name, error);
  }
}
