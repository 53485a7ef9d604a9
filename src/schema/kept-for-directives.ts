import { isTypeDefinitionNode, isTypeExtensionNode, Kind, visit, type DefinitionNode } from 'graphql';

/**
 * The types that live schemas do not have, but the arguments of our own directives need.
 *
 * @param isLive whether the live fragment has a type of that name
 */
export function keptForDirectives(
  definitions: readonly DefinitionNode[],
  isLive: (name: string) => boolean,
): ReadonlySet<string> {
  const kept = new Set<string>();
  const keep = (node: DefinitionNode): void => {
    visit(node, {
      [Kind.NAMED_TYPE]: ({ name }) => {
        if (isLive(name.value)) return;
        kept.add(name.value);
      },
    });
  };
  for (const node of definitions) if (node.kind === Kind.DIRECTIVE_DEFINITION) keep(node);
  const types = definitions.filter((node) => isTypeDefinitionNode(node) || isTypeExtensionNode(node));
  // A set that grows while it is walked is walked to its new end.
  for (const name of kept) types.filter((node) => node.name.value === name).forEach(keep);
  return kept;
}
