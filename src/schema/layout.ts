/** The formatter of this project breaks longer lines too. */
export const lineLimit = 110;

export function described(description: string | null, text: string): string {
  return description === null ? text : `${description}\n${text}`;
}

export function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** What we have, as we have it, and then what is new. */
export function inOurOrder<T extends { readonly name: string }>(
  live: readonly T[],
  ours: readonly { readonly name: { readonly value: string } }[],
): T[] {
  const place = new Map(ours.map(({ name }, index) => [name.value, index]));
  const known = live.filter(({ name }) => place.has(name));
  known.sort((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0));
  return [...known, ...live.filter(({ name }) => !place.has(name))];
}

export function withBody(head: string, members: readonly string[]): string {
  return members.length === 0 ? head : `${head} {\n${members.map(indented).join('\n')}\n}`;
}
