import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildASTSchema, parse, type GraphQLSchema } from 'graphql';

const PACKAGE = 'datasaur-export';

/** The schema in the package's `schema/` folder. */
export function loadSchema(): GraphQLSchema {
  const folder = join(packageRoot(dirname(fileURLToPath(import.meta.url))), 'schema');
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'));
  const sources = files.sort().map((name) => readFileSync(join(folder, name), 'utf8'));
  return buildASTSchema(parse(sources.join('\n')));
}

/** Walks up, because this file is deeper in the built package than in the source tree. */
function packageRoot(folder: string): string {
  if (isPackage(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error(`the ${PACKAGE} package's folder was not found`);
  return packageRoot(parent);
}

function isPackage(manifest: string): boolean {
  if (!existsSync(manifest)) return false;
  const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown };
  return name === PACKAGE;
}
