import { z } from 'zod';
import { foldText } from '../../fold-text.ts';

export const namesSchema = z.array(z.string());

/** The names of an answer in the spelling of the plan, and those that the plan does not have. */
export function readNames(given: readonly string[], known: readonly string[]): { names: string[]; unknown: string[] } {
  const names: string[] = [];
  const unknown: string[] = [];
  for (const name of given) {
    const found = known.find((one) => foldText(one) === foldText(name));
    if (found === undefined) unknown.push(name);
    else names.push(found);
  }
  return { names, unknown };
}
