import {
  astFromValue,
  print,
  valueFromAST,
  type ConstValueNode,
  type GraphQLArgument,
  type GraphQLInputField,
} from 'graphql';
import { isDeepStrictEqual } from 'node:util';

/** What an argument or input field is if it is not given. */
export interface LiveDefault {
  /** As written in SDL; null if there is none. */
  readonly text: string | null;
  /** Whether what we have written means the same. */
  isSaidBy(ours: ConstValueNode | undefined): boolean;
}

export const noDefault: LiveDefault = { text: null, isSaidBy: (ours) => ours === undefined };

export function liveDefault(input: GraphQLArgument | GraphQLInputField): LiveDefault {
  const { defaultValue } = input;
  if (defaultValue === undefined) return noDefault;
  return {
    text: textOf(input),
    isSaidBy: (ours) => ours !== undefined && isDeepStrictEqual(valueFromAST(ours, input.type), defaultValue),
  };
}

function textOf({ defaultValue, type }: GraphQLArgument | GraphQLInputField): string | null {
  try {
    const value = astFromValue(defaultValue, type);
    return value ? print(value) : null;
  } catch {
    // An object of a scalar of the server's own, which only it can write.
    return untypedText(defaultValue);
  }
}

/** A value as GraphQL would write it, where no type says how. */
function untypedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(untypedText).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, inner]) => `${name}: ${untypedText(inner)}`);
    return `{${fields.join(', ')}}`;
  }
  return JSON.stringify(value ?? null);
}
