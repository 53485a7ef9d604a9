// @ts-check
import { lazySource, querySource, sendMutationSource, sendQuerySource } from './shared-source.mjs';

/**
 * @typedef {'query' | 'lazyQuery' | 'mutation' | 'subscription'} Form
 *
 * @typedef {object} Hook
 * @property {Form} form
 * @property {string} operation its name, as written
 * @property {readonly string[]} effects the fields that have side effects, as `Query.exportTeamOverview`
 * @property {string} hook
 * @property {string} document
 * @property {string} data the type of what is answered
 * @property {string} variables their type
 */

const reactHooks = ['useCallback', 'useEffect', 'useInsertionEffect', 'useMemo', 'useRef', 'useState'];

/** What the generated file itself imports or declares, and a hook can therefore not be called. */
export const ownNames = ['useApolloClient', 'useQuery', 'useSubscription', 'useSideEffect', ...reactHooks];

/**
 * The text of the file: the same hooks give the same text.
 *
 * @param {readonly Hook[]} hooks
 * @param {string} documentsFrom
 * @returns {{ prepend: string[], content: string }}
 */
export function sourceOf(hooks, documentsFrom) {
  const forms = new Set(hooks.map(({ form }) => form));
  if (forms.size === 0) return { prepend: [], content: 'export {};\n' };
  const lazy = forms.has('lazyQuery') || forms.has('mutation');
  const parts = [
    forms.has('query') && querySource,
    lazy && lazySource,
    forms.has('lazyQuery') && sendQuerySource,
    forms.has('mutation') && sendMutationSource,
    ...hooks.map(hookSource),
  ];
  return {
    prepend: importsOf(forms, lazy, documentsFrom),
    content: ['', ...parts.filter(Boolean)].join('\n'),
  };
}

/**
 * @param {ReadonlySet<Form>} forms
 * @param {boolean} lazy
 * @param {string} documentsFrom
 */
function importsOf(forms, lazy, documentsFrom) {
  const queries = forms.has('query');
  const core = [
    ...(lazy ? ['ApolloClient', 'DefaultContext', 'DocumentNode', 'ErrorLike'] : []),
    ...(lazy || queries ? ['ErrorPolicy'] : []),
    ...(lazy ? ['MaybeMasked', 'TypedDocumentNode'] : []),
    ...(lazy || queries ? ['OperationVariables'] : []),
  ];
  const react = [
    ...(queries || forms.has('subscription') ? ['type SkipToken'] : []),
    ...(lazy ? ['useApolloClient'] : []),
    ...(queries ? ['useQuery'] : []),
    ...(forms.has('subscription') ? ['useSubscription'] : []),
  ];
  const lines = [`import { ${react.join(', ')} } from '@apollo/client/react';`];
  if (core.length > 0) lines.unshift(`import type { ${core.sort().join(', ')} } from '@apollo/client';`);
  if (lazy) lines.push(`import { ${reactHooks.join(', ')} } from 'react';`);
  // By one name, so that nothing in it can have a name that is used here.
  return [...lines, `import * as documents from '${documentsFrom}';`];
}

/** @param {Hook} hook */
function hookSource({ form, operation, effects, hook, document, data, variables }) {
  const [dataType, variablesType] = [`documents.${data}`, `documents.${variables}`];
  const types = `${dataType}, ${variablesType}`;
  switch (form) {
    case 'query':
      return `/** Reads \`${operation}\`: Apollo Client's \`useQuery\`, with its options. */
export const ${hook}: QueryHook<
  ${dataType},
  ${variablesType}
> = (options?: unknown) => useQuery(documents.${document}, options as never) as never;
`;
    case 'subscription':
      return `/** Subscribes to \`${operation}\`: Apollo Client's \`useSubscription\`, with its options. */
export function ${hook}(
  ...options: {} extends ${variablesType}
    ? [options?: SkipToken | useSubscription.Options<${types}>]
    : [options: SkipToken | useSubscription.Options<${types}>]
): useSubscription.Result<${dataType}> {
  return useSubscription<${types}>(documents.${document}, ...(options as [never]));
}
`;
    case 'lazyQuery':
    case 'mutation':
      return `/**
 * ${form === 'mutation' ? `The mutation \`${operation}\`` : `\`${operation}\`, a query with side effects (\`${effects.join('`, `')}\`)`}.
 * It is sent once for each call of \`execute\`, and never otherwise.
 */
export function ${hook}(
  options?: SideEffectOptions,
): SideEffectHook<${types}> {
  return useSideEffect(documents.${document}, ${form === 'mutation' ? 'sendMutation' : 'sendQuery'}, options);
}
`;
  }
}
