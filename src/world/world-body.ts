import { z } from 'zod';
import { placeSchema, residentSchema, type Place, type Resident } from '../../contract/worlds.ts';
import { InvalidInputError } from '../base/errors.ts';

/** What a world's row keeps as JSON. */
export interface WorldBody {
  places: Place[];
  residents: Resident[];
}

const bodySchema = z.object({ places: z.array(placeSchema), residents: z.array(residentSchema) });

export function parseWorldBody(json: string): WorldBody {
  return bodySchema.parse(JSON.parse(json));
}

/**
 * A body in which everything that is named is there: places have distinct ids, lie in no circle, and a connection leads
 * both ways. Throws an error that names the field.
 */
export function checkWorldBody({ places, residents }: WorldBody): WorldBody {
  const known = new Map(places.map((place) => [place.id, place]));
  if (known.size !== places.length) throw wrong('places', 'Two places have the same id.');
  for (const place of places) {
    if (place.parentId !== null && !known.has(place.parentId)) {
      throw wrong('places', `“${place.name}” lies in a place that is not in this world.`);
    }
    const missing = place.connections.find((id) => !known.has(id));
    if (missing !== undefined) {
      throw wrong('places', `“${place.name}” leads to a place that is not in this world.`);
    }
  }
  for (const place of places) {
    if (liesInCircle(place, known)) throw wrong('places', `“${place.name}” lies in itself: choose another place.`);
  }
  const lost = residents.find(({ placeId }) => placeId !== null && !known.has(placeId));
  if (lost) throw wrong('residents', `“${lost.name}” is at a place that is not in this world.`);
  return { places: withBothWays(places), residents };
}

function liesInCircle(place: Place, known: ReadonlyMap<string, Place>): boolean {
  const seen = new Set<string>();
  for (let at: Place | undefined = place; at; at = at.parentId === null ? undefined : known.get(at.parentId)) {
    if (seen.has(at.id)) return true;
    seen.add(at.id);
  }
  return false;
}

function withBothWays(places: readonly Place[]): Place[] {
  const neighbours = new Map(places.map(({ id }) => [id, new Set<string>()]));
  for (const { id, connections } of places) {
    for (const other of connections) {
      if (other === id) continue;
      neighbours.get(id)?.add(other);
      neighbours.get(other)?.add(id);
    }
  }
  return places.map((place) => ({ ...place, connections: [...(neighbours.get(place.id) ?? [])] }));
}

/** A place and all it lies in, the nearest first. */
export function placeWithParents(places: readonly Place[], placeId: string): Place[] {
  const known = new Map(places.map((place) => [place.id, place]));
  const chain: Place[] = [];
  let at = known.get(placeId);
  while (at && !chain.includes(at)) {
    chain.push(at);
    at = at.parentId === null ? undefined : known.get(at.parentId);
  }
  return chain;
}

function wrong(field: string, message: string): InvalidInputError {
  return new InvalidInputError(message, { code: 'world-places', field });
}
