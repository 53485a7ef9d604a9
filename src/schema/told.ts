import type { IntrospectionQuery } from 'graphql';

/** What a live schema says at all: a server, or a query, that knows less of introspection leaves it out. */
export interface Told {
  /** Of arguments and input fields. Without it those that are deprecated may not be listed either. */
  readonly inputDeprecation: boolean;
  readonly oneOf: boolean;
}

/** As SDL does. */
export const toldAll: Told = { inputDeprecation: true, oneOf: true };

/** What was asked for has a key in the answer, whatever its value. */
export function toldBy({ __schema: { types } }: IntrospectionQuery): Told {
  const inputs = types.flatMap((type) => {
    if (type.kind === 'INPUT_OBJECT') return type.inputFields;
    return type.kind === 'OBJECT' || type.kind === 'INTERFACE' ? type.fields.flatMap(({ args }) => args) : [];
  });
  return {
    inputDeprecation: inputs.some((input) => 'isDeprecated' in input),
    oneOf: types.some((type) => 'isOneOf' in type),
  };
}
