export type Severity = 'breaking' | 'dangerous' | 'safe';

/** One difference between the live schema and what the operations use of ours. */
export interface Change {
  severity: Severity;
  /** Their names, in order. */
  operations: readonly string[];
  /** What changed, as a schema coordinate: `Type`, `Type.field`, `Type.field(argument:)`, `Enum.VALUE`. */
  coordinate: string;
  message: string;
  /** Where we say otherwise: `schema/export.graphql:13`, or in `operations/` with the column. */
  at: string;
}

/** A change that nobody has looked up yet. */
export interface Drift {
  severity: Severity;
  /** The type, then the field, input field or enum value, then the argument; a directive begins with `@`. */
  path: readonly string[];
  message: string;
}
