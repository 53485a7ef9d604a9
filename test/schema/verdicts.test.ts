import { describe, expect, it } from '@jest/globals';
import { changes, shown } from './projects.js';

describe('root types of another name', () => {
  it('leave a live type that is called like ours what it is', async () => {
    const sdl = 'type Query { a(q: In): Int b: T } input In { x: Int } type T { id: ID }';
    const live = `schema { query: Root } type Root { a(q: Query): Int b: T } input Query { x: Int }
      type T { id: ID query: Query_ } type Query_ { id: ID }`;
    const found = await changes(sdl, 'query Q { a(q: { x: 1 }) b { id } }', live);
    expect(found.map(shown)).toEqual(['breaking In (Q)', 'breaking Query.a(q:) (Q)']);
    expect(found[1]?.message).toMatch(/from 'In' to 'Query'/);
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
