/** A request target taken apart and decoded. */
export interface Target {
  readonly segments: readonly string[];
  readonly query: readonly (readonly [string, string])[];
}

/** Null when the target is not properly percent-encoded. */
export function parseTarget(target: string): Target | null {
  const [path = '', search = ''] = target.split(/\?(.*)/s);
  try {
    return {
      segments: path.replace(/^\//, '').split('/').map(decodeURIComponent),
      query: search.split('&').filter(Boolean).map(decodePair),
    };
  } catch {
    return null;
  }
}

function decodePair(pair: string): [string, string] {
  const [name = '', value = ''] = pair.split(/=(.*)/s);
  return [decodeURIComponent(name), decodeURIComponent(value)];
}
