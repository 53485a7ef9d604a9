import { Kind, visit, type DocumentNode, type FragmentDefinitionNode } from 'graphql';

/** The operations with the fragments that they spread, also in other fragments: a fragment that nothing uses is not sent. */
export function usedPart(document: DocumentNode): DocumentNode {
  const spread = new Set<string>();
  const { definitions } = document;
  const fragments = new Map<string, FragmentDefinitionNode[]>();
  for (const one of definitions) {
    if (one.kind !== Kind.FRAGMENT_DEFINITION) continue;
    fragments.set(one.name.value, [...(fragments.get(one.name.value) ?? []), one]);
  }
  const walked = definitions.filter(({ kind }) => kind !== Kind.FRAGMENT_DEFINITION);
  // It grows while it is walked.
  for (const definition of walked) {
    visit(definition, {
      FragmentSpread: ({ name }) => {
        if (spread.has(name.value)) return;
        spread.add(name.value);
        walked.push(...(fragments.get(name.value) ?? []));
      },
    });
  }
  const used = new Set(walked);
  return { ...document, definitions: definitions.filter((one) => used.has(one)) };
}
