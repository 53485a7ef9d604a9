import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, printSchema, validateSchema } from 'graphql';
import { pruned } from '../../src/schema/prune.js';
import { reachOf } from '../../src/schema/reach.js';
import { ours } from './projects.js';

const schema = buildSchema(`
directive @shown(as: Look) on FIELD
directive @other on FIELD
enum Look { BIG SMALL }
"All of it."
type Query { node(id: ID!): Node media(where: Where, unused: Other): [Media!]! job: Job }
interface Node { id: ID! made: Time }
type Film implements Node { id: ID! made: Time title(in: Language = EN): String cast: [Person!]! }
type Song implements Node { made: Time seconds: Int id: ID! }
union Media = Film | Song | Noise
type Noise { source: Person level: Float }
type Person { name: String! job: Job boss: Person }
type Job { id: ID! }
enum Language { EN DE @deprecated(reason: "Gone.") }
input Where { language: Language and: [Where!] }
input Other { x: Int }
input Unused { x: Int }
scalar Time @specifiedBy(url: "https://time.example")
`);

function fragment(operations: string): string {
  const part = pruned(schema, reachOf(schema, [parse(operations)]));
  expect(validateSchema(part)).toEqual([]);
  return printSchema(part);
}

/** Types and their members, without arguments and descriptions. */
function members(operations: string): Record<string, string[]> {
  const { fields } = reachOf(schema, [parse(operations)]);
  return Object.fromEntries([...fields].map(([name, selected]) => [name, [...selected].sort()]));
}

describe('what operations reach', () => {
  it('is the whole of our own fragment', () => {
    const part = pruned(ours.schema, reachOf(ours.schema, [ours.operations]));
    const own = printSchema(ours.schema).replace(/"""\nThe field does more[^]*?FIELD_DEFINITION\n+/, '');
    expect(printSchema(part).split('\n').sort()).toEqual(own.split('\n').sort());
  });

  it('has the fields that are selected, through fragments, with all their arguments', () => {
    const text = fragment(`
      query A { media { ... on Film { ...Title } } }
      fragment Title on Film { title cast { ...Name } }
      fragment Name on Person { name boss { ...Name } }
    `);
    expect(text).toContain('media(where: Where, unused: Other): [Media!]!');
    expect(text).toContain('title(in: Language = EN): String');
    expect(text).toMatch(/type Person \{\s+name: String!\s+boss: Person\s+\}/);
    expect(text).toContain('input Where');
    expect(text).toContain('input Other');
    expect(text).toContain('DE @deprecated(reason: "Gone.")');
    expect(text).not.toMatch(/Unused|Job|interface|directive/);
  });

  it('has every type that a value can be of, with a field where none is selected', () => {
    expect(members('{ media { __typename } }')).toEqual({
      Query: ['media'],
      Media: [],
      Film: ['id'],
      Song: ['id'],
      Noise: ['level'],
    });
  });

  it('has the fields of an interface in the types that implement it', () => {
    expect(members('{ node(id: 1) { made ... on Film { title } } }')).toEqual({
      Query: ['node'],
      Node: ['made'],
      Film: ['made', 'title'],
      Song: ['made'],
    });
    expect(members('{ node(id: 1) { __typename } }')).toMatchObject({
      Node: ['id'],
      Film: ['id'],
      Song: ['id'],
    });
    expect(fragment('{ node(id: 1) { made } }')).toContain('scalar Time @specifiedBy');
  });

  it('has what a fragment on an interface selects only where it can be', () => {
    expect(members('{ media { ... on Node { made } } }')).toMatchObject({ Song: ['made'], Noise: ['level'] });
  });

  it('has the types of variables, and directives that operations bear', () => {
    const { whole, directives } = reachOf(schema, [
      parse('query A($look: Look) { job { id @shown(as: $look) } }'),
    ]);
    expect([...whole].sort()).toEqual(['ID', 'Look']);
    expect([...directives]).toEqual(['shown']);
    expect(fragment('query A($look: Look) { job { id @shown(as: $look) } }')).toContain(
      'directive @shown(as: Look)',
    );
  });

  it('knows which operation uses what, and leaves out what is not there', () => {
    const { usedBy } = reachOf(schema, [
      parse('query A { job { ...Id } gone { id } } query B { node(id: 1) { ...Id } }'),
      parse('fragment Id on Job { id } subscription C { gone }'),
    ]);
    expect([...(usedBy.get('Job.id') ?? [])]).toEqual(['A']);
    expect([...(usedBy.get('ID') ?? [])]).toEqual(['A', 'B']);
    expect([...(usedBy.get('Query') ?? [])]).toEqual(['A', 'B']);
  });
});
