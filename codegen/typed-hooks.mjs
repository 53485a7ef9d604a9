// @ts-check
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { Kind, OperationTypeNode } from 'graphql';
import { ownNames, sourceOf } from './hook-source.mjs';
import { directiveName, sideEffectsOf } from './side-effects.mjs';

const { ClientSideBaseVisitor } = await pluginBase();

/**
 * Beside the options of typescript-operations and typed-document-node that decide on names, `documentsFrom` is what the
 * hooks import the documents and their types from, such as `./documents.js`.
 *
 * @typedef {import('@graphql-codegen/visitor-plugin-common').RawClientSideBasePluginConfig & { documentsFrom: string }} HooksConfig
 */

const suffixes = /** @type {const} */ ({
  query: 'Query',
  mutation: 'Mutation',
  subscription: 'Subscription',
});

/**
 * Writes a hook for each operation. Sending one that has side effects is a decision of its own: it gets nothing but a
 * lazy form.
 *
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('@graphql-codegen/plugin-helpers').Types.DocumentFile[]} documents
 * @param {HooksConfig} config
 * @returns {{ prepend: string[], content: string }}
 */
export function plugin(schema, documents, config) {
  const names = new ClientSideBaseVisitor(schema, [], config, {}, documents);
  const fragments = new Map(
    definitionsOf(documents).flatMap(({ definition }) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
    ),
  );
  const hooks = definitionsOf(documents.filter(({ type }) => type !== 'external')).flatMap(
    ({ definition: operation, place }) => {
      if (operation.kind !== Kind.OPERATION_DEFINITION) return [];
      if (!operation.name) throw refusal(`an anonymous ${operation.operation}${place} has no hook: name it`);
      const effects = sideEffectsOf(schema, operation, fragments);
      const form = formOf(operation, effects);
      return [{ form, effects, ...namesOf(names, operation, form), operation: operation.name.value }];
    },
  );
  refuseCollisions(hooks);
  return sourceOf(hooks, config.documentsFrom);
}

/**
 * @param {import('graphql').GraphQLSchema} _schema
 * @param {import('@graphql-codegen/plugin-helpers').Types.DocumentFile[]} _documents
 * @param {Partial<HooksConfig>} config
 * @param {string} outputFile
 */
export function validate(_schema, _documents, { documentsFrom, documentMode }, outputFile) {
  if (String(documentMode) === 'string')
    throw refusal('documentMode string makes texts, and Apollo Client takes documents');
  if (!['.ts', '.tsx', '.mts'].includes(extname(outputFile))) {
    throw refusal(`it writes TypeScript: ${outputFile} should end in .ts`);
  }
  if (typeof documentsFrom !== 'string' || documentsFrom === '') {
    throw refusal(`the option documentsFrom is missing: what ${outputFile} imports the documents from`);
  }
}

/** @param {readonly import('@graphql-codegen/plugin-helpers').Types.DocumentFile[]} documents */
function definitionsOf(documents) {
  return documents.flatMap(({ document, location }) =>
    (document?.definitions ?? []).map((definition) => ({
      definition,
      place: location === undefined ? '' : ` in ${location}`,
    })),
  );
}

/**
 * @param {import('graphql').OperationDefinitionNode} operation
 * @param {readonly string[]} effects
 * @returns {import('./hook-source.mjs').Form}
 */
function formOf({ operation, name }, effects) {
  if (effects.length === 0 || operation === OperationTypeNode.MUTATION) return operation;
  if (operation === OperationTypeNode.QUERY) return 'lazyQuery';
  // A component subscribes by rendering, and a connection that was lost subscribes again.
  throw refusal(
    `the subscription ${name?.value ?? ''} has no lazy form, but ${effects.join(', ')} bears @${directiveName}`,
  );
}

/**
 * The names that the plugins for types and documents give, by the same code and from the same options.
 *
 * @param {import('@graphql-codegen/visitor-plugin-common').ClientSideBaseVisitor} names
 * @param {import('graphql').OperationDefinitionNode} operation
 * @param {import('./hook-source.mjs').Form} form
 */
function namesOf(names, operation, form) {
  const kind = suffixes[operation.operation];
  const suffix = names.getOperationSuffix(operation, kind);
  const hookSuffix = form === 'lazyQuery' ? 'LazyQuery' : suffix;
  return {
    hook: `use${names.convertName(operation, { suffix: hookSuffix, useTypesPrefix: false, useTypesSuffix: false })}`,
    document: names.getOperationVariableName(operation),
    data: names.convertName(operation, { suffix: suffix + names.config.operationResultSuffix }),
    variables: names.convertName(operation, { suffix: `${suffix}Variables` }),
  };
}

/** @param {readonly import('./hook-source.mjs').Hook[]} hooks */
function refuseCollisions(hooks) {
  const owners = new Map(ownNames.map((name) => [name, 'the generated file itself']));
  for (const { hook, document, operation } of hooks) {
    for (const name of [hook, document]) {
      const owner = owners.get(name);
      if (owner !== undefined) throw refusal(`${operation} and ${owner} would both have the name ${name}`);
      owners.set(name, operation);
    }
  }
}

/** @param {string} text */
function refusal(text) {
  return new Error(`typed-hooks: ${text}`);
}

/**
 * Required, as the other plugins of the generator do, which loads all of them at once: from Node 22 on, what is imported
 * and required at the same time may be an error. Imported where modules cannot be required, as under Jest.
 *
 * @returns {Promise<typeof import('@graphql-codegen/visitor-plugin-common')>}
 */
async function pluginBase() {
  try {
    /** @type {typeof import('@graphql-codegen/visitor-plugin-common')} */
    const required = createRequire(import.meta.url)('@graphql-codegen/visitor-plugin-common');
    return required;
  } catch {
    return import('@graphql-codegen/visitor-plugin-common');
  }
}
