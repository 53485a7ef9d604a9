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
