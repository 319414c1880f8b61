import { asArray, asObject, asText } from '../../conversation/exchange/safe-json.ts';

/** Books of SillyTavern's `settings.json` that are on everywhere, and those of characters by the name of their card. */
export interface FoundBookLinks {
  everywhere: string[];
  characters: { card: string; books: string[] }[];
}

/** Links read of one settings file; a hostile one has no more. */
const MAX_LINKS = 5000;

export function readBookLinks(settings: unknown): FoundBookLinks {
  const info = asObject(asObject(settings)['world_info_settings'] ?? settings);
  const world = asObject(info['world_info']);
  return {
    everywhere: asArray(world['globalSelect']).map(asText).filter(Boolean).slice(0, MAX_LINKS),
    characters: asArray(world['charLore'])
      .slice(0, MAX_LINKS)
      .map((entry) => ({
        card: asText(asObject(entry)['name']),
        books: asArray(asObject(entry)['extraBooks']).map(asText).filter(Boolean).slice(0, 100),
      }))
      .filter(({ card, books }) => card !== '' && books.length > 0),
  };
}
