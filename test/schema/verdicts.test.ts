import { describe, expect, it } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, graphqlSync, type IntrospectionQuery } from 'graphql';
import { check } from '../../src/schema/check.js';
import { toldBy } from '../../src/schema/told.js';
import { changes, project, schemaOf, shown } from './projects.js';

async function messages(ourSchema: string, operations: string, live: string): Promise<string[]> {
  return (await changes(ourSchema, operations, live)).map(({ message }) => message);
}

describe('what is said of a deprecation', () => {
  const sdl = (value: string, field = '', arg = ''): string =>
    `type Query { kind(of: Int ${arg}): Kind ${field} } enum Kind { A B ${value} }`;
  const none = '';
  const byDefault = '@deprecated';
  const other = '@deprecated(reason: "Use A.")';
  const another = '@deprecated(reason: "Never use it.")';
  const cases: [string, string, string][] = [
    [byDefault, none, 'is no longer deprecated.'],
    [other, none, 'is no longer deprecated.'],
    [none, byDefault, 'is deprecated: No longer supported'],
    [none, other, 'is deprecated: Use A.'],
    [byDefault, other, 'is deprecated for another reason now: Use A.'],
    [other, byDefault, 'is deprecated for another reason now: No longer supported'],
    [other, another, 'is deprecated for another reason now: Never use it.'],
    [none, '@deprecated(reason: "")', 'is deprecated.'],
  ];
  it.each(cases)('%s to %s', async (before, after, said) => {
    expect(await messages(sdl(before), '{ kind }', sdl(after))).toEqual([`Kind.B ${said}`]);
    expect(await messages(sdl('', before), '{ kind }', sdl('', after))).toEqual([`Query.kind ${said}`]);
    expect(await messages(sdl('', '', before), '{ kind }', sdl('', '', after))).toEqual([
      `Query.kind(of:) ${said}`,
    ]);
  });
});

describe('a live schema that does not tell everything', () => {
  const sdl = `type Query { a(old: Int @deprecated, in: In): Int }
    input In @oneOf { old: Int @deprecated(reason: "x") new: Int }`;
  const hidden = sdl.replace('old: Int @deprecated,', '').replace('old: Int @deprecated(reason: "x")', '');
  const open = sdl.replaceAll(/ @(deprecated|oneOf)(\(reason: "x"\))?/g, '');

  async function verdict(live: string, operations: string, full = false): Promise<string[]> {
    const source = getIntrospectionQuery(full ? { inputValueDeprecation: true, oneOf: true } : {});
    const answer = graphqlSync({ schema: schemaOf(live), source }).data as unknown as IntrospectionQuery;
    const found = await check(project(sdl, operations), buildClientSchema(answer), toldBy(answer));
    return found.map((change) => `${shown(change)}${change.message.includes('cannot be told') ? ' ?' : ''}`);
  }

  it('does not say that what it may hide is gone', async () => {
    const cannotTell = ['safe Query.a(old:) (Q) ?', 'safe In.old (Q) ?'].sort();
    expect((await verdict(sdl, 'query Q { a }')).sort()).toEqual(cannotTell);
    expect((await verdict(hidden, 'query Q($in: In) { a(in: $in) }')).sort()).toEqual(cannotTell);
    expect((await verdict(hidden, 'query Q { a }', true)).sort()).toEqual(['breaking In.old (Q)', 'breaking Query.a(old:) (Q)']); // prettier-ignore
  });

  it('has it refused where an operation says it', async () => {
    expect(await verdict(hidden, 'query Q { a(old: 1) }')).toContain('breaking Query.a(old:) (Q)');
  });

  it('does not say that anything is no longer so', async () => {
    expect(await verdict(open, 'query Q { a }')).toEqual([]);
    expect((await verdict(open, 'query Q { a }', true)).sort()).toEqual(['safe In (Q)', 'safe In.old (Q)', 'safe Query.a(old:) (Q)']); // prettier-ignore
  });
});

describe('root types of another name', () => {
  it('leave a live type that is called like ours what it is', async () => {
    const sdl = 'type Query { a(q: In): Int b: T } input In { x: Int } type T { id: ID }';
    const live = `schema { query: Root } type Root { a(q: Query): Int b: T } input Query { x: Int }
      type T { id: ID query: Query_ } type Query_ { id: ID }`;
    const found = await changes(sdl, 'query Q { a(q: { x: 1 }) b { id } }', live);
    expect(found.map(shown)).toEqual(['breaking In (Q)', 'breaking Query.a(q:) (Q)']);
    expect(found[1]?.message).toMatch(/from 'In' to 'Query'/);
  });

  it('are not in the coordinate of what is refused', async () => {
    const live = 'schema { query: Root } type Root { a: Query } type Query { x: Int }';
    const found = await changes('type Query { a: T } type T { id: ID }', 'query Q { a { id } }', live);
    expect(found.map(shown)).toContain('breaking Query.id (Q)');
  });

  it('may be called like another type of ours', async () => {
    const sdl = 'type Query { a: A b: Int } type A { id: ID }';
    const live = 'schema { query: A } type A { a: B b: Int } type B { id: ID }';
    const found = await changes(sdl, 'query Q { a { id } b }', live);
    expect(found.map(shown).sort()).toEqual(['breaking A (Q)', 'breaking Query.a (Q)']);
    expect(await changes(sdl, 'query Q { b }', live)).toEqual([]);
  });
});

describe('what GraphQL refuses is reported once, with its coordinate', () => {
  it.each<[string, string, string, string, string[]]>([
    ['a leaf that has fields now', 'type Query { a: Int }', '{ a }', 'type Query { a: T } type T { b: Int }', ['Query.a']],
    ['an object that is a leaf now', 'type Query { a: T } type T { b: Int }', '{ a { b } }', 'type Query { a: Int t: T } type T { b: Int }', ['Query.a']],
    ['a variable of a field', 'type Query { a(x: Int): Int }', 'query ($x: Int) { a(x: $x) }', 'type Query { a(x: String): Int }', ['Query.a(x:)']],
    ['a variable in an input', 'type Query { a(x: In): Int } input In { y: [Int] }', 'query ($y: Int) { a(x: { y: [$y] }) }', 'type Query { a(x: In): Int } input In { y: [String] }', ['In.y']],
    ['a variable of a directive', 'directive @tag(n: Int) on FIELD type Query { a: Int }', 'query ($n: Int) { a @tag(n: $n) }', 'directive @tag(n: Int!) on FIELD type Query { a: Int }', ['@tag(n:)']],
    ['an argument of a directive', 'directive @tag on FIELD type Query { a: Int }', '{ a @tag }', 'directive @tag(n: Int!) on FIELD type Query { a: Int }', ['@tag(n:)']],
    ['mutations', 'type Query { a: Int } type Mutation { b: Int }', 'mutation { b }', 'type Query { a: Int }', ['Mutation']],
  ])('%s', async (_name, ours, operations, live, coordinates) => {
    const found = await changes(ours, operations, live);
    expect(found.map(({ severity, coordinate }) => `${severity} ${coordinate}`)).toEqual(coordinates.map((one) => `breaking ${one}`));
  }); // prettier-ignore
});

describe('a default that changes is written as GraphQL', () => {
  it.each<[string, string | undefined, string | undefined, string]>([
    ['In', '{ y: [A] }', '{ y: [A, B] }', 'from {y: [A]} to {y: [A, B]}.'],
    ['In', '{ y: [A], z: "it\'s" }', undefined, 'from {y: [A], z: "it\'s"} to none.'],
    ['[In]', undefined, '[{ y: [] }, null]', 'from none to [{y: []}, null].'],
    ['Int', 'null', '7', 'from null to 7.'],
    ['Kind', 'A', 'B', 'from A to B.'],
    [
      'String',
      `"${'x'.repeat(400)}a"`,
      `"${'x'.repeat(400)}b"`,
      'from …xxxxxxxxxxxxxxxxxxxxa" to …xxxxxxxxxxxxxxxxxxxxb".',
    ],
    ['String', `"a${'x'.repeat(400)}"`, '"b"', `from "a${'x'.repeat(98)}… to "b".`],
  ])('%s: case %#', async (type, before, after, said) => {
    const sdl = (value: string | undefined): string => {
      const text = value === undefined ? '' : ` = ${value}`;
      return `directive @d(x: ${type}${text}) on FIELD
        type Query { a(x: ${type}${text}, o: O): Int } input O { x: ${type}${text} }
        input In { y: [Kind] z: String } enum Kind { A B }`;
    };
    expect((await messages(sdl(before), '{ a @d }', sdl(after))).sort()).toEqual(
      ['@d(x:)', 'O.x', 'Query.a(x:)'].map((one) => `The default of ${one} changes ${said}`),
    );
  });

  it('also where the field is new', async () => {
    const [message] = await messages('type Query { a(x: In): Int } input In { y: Int }', '{ a }', 'type Query { a(x: In): Int } input In { y: Int z: [K] = [A] } enum K { A }'); // prettier-ignore
    expect(message).toContain('with default value [A] was added');
  });
});
