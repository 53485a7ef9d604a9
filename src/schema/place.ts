import { getLocation, type Location } from 'graphql';

/** `operations/GetAllTeams.graphql:13:3`; null where the place is not known. */
export function placeOf(location: Location | undefined): string | null {
  if (location === undefined) return null;
  const { line, column } = getLocation(location.source, location.start);
  return `${location.source.name}:${line}:${column}`;
}

/** `schema/export.graphql:13`; null where the place is not known. */
export function lineOf(location: Location | undefined): string | null {
  return placeOf(location)?.replace(/:\d+$/, '') ?? null;
}
