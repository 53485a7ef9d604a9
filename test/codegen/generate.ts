import { plugin as documentNodes } from '@graphql-codegen/typed-document-node';
import {
  plugin as operationTypes,
  type TypeScriptDocumentsPluginConfig,
} from '@graphql-codegen/typescript-operations';
import { buildSchema, parse } from 'graphql';
import { plugin as typedHooks } from '../../codegen/typed-hooks.mjs';

export interface Source {
  schema: string;
  /** One string for each file, or `[path, text]`. */
  operations: readonly (string | [path: string, text: string])[];
  /** For all plugins alike. */
  config?: Record<string, unknown>;
}

const directive = 'directive @sideEffects on FIELD_DEFINITION\n';

function read({ schema, operations, config }: Source) {
  return {
    schema: buildSchema(directive + schema),
    documents: operations
      .map((file, index) => (typeof file === 'string' ? ([`${index}.graphql`, file] as const) : file))
      .map(([location, text]) => ({ location, document: parse(text) })),
    config: {
      ...{
        documentMode: 'documentNode',
        useTypeImports: true,
        skipTypename: true,
        enumType: 'string-literal',
      },
      ...config,
    },
  };
}

/** `hooks.ts` for operations that are not ours. */
export function generateHooks(source: Source): string {
  const { schema, documents, config } = read(source);
  const { prepend, content } = typedHooks(schema, documents, {
    ...config,
    documentsFrom: './documents.js',
  } as never);
  return [...prepend, content].join('\n');
}

/** `documents.ts` for the same operations, by the plugins that write ours. */
export async function generateDocuments(source: Source): Promise<string> {
  const { schema, documents, config } = read(source);
  const info = { outputFile: 'documents.ts' };
  const outputs = [
    await operationTypes(schema, documents, config as TypeScriptDocumentsPluginConfig, info),
    await documentNodes(schema, documents, config as never, info),
  ].map((output) => (typeof output === 'string' ? { content: output } : output));
  return [...outputs.flatMap(({ prepend }) => prepend ?? []), ...outputs.map(({ content }) => content)].join(
    '\n',
  );
}
