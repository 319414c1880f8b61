import { parseByteText, type PublicName } from './public-name.ts';
import { readRelayUsage, type RelayUsage } from './relay-usage.ts';

const USAGE_KEY = '"usage":';

export interface WholeAnswer {
  body: Buffer;
  usage: RelayUsage | null;
}

/** An answer that came at once, under its public name; only what tells of usage is parsed. Null where it is no JSON object. */
export function readWhole(body: Buffer, name: PublicName): WholeAnswer | null {
  const text = body.toString('latin1');
  if (!/^\s*\{/.test(text) || !/\}\s*$/.test(text)) return null;
  const named = name.put(text);
  return { body: named === text ? body : Buffer.from(named, 'latin1'), usage: usageIn(text) };
}

function usageIn(text: string): RelayUsage | null {
  const key = text.lastIndexOf(USAGE_KEY);
  const start = key < 0 ? -1 : text.indexOf('{', key + USAGE_KEY.length);
  if (start < 0 || text.slice(key + USAGE_KEY.length, start).trim() !== '') return null;
  // Its values are numbers and objects of numbers: no brace stands in a string.
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}' && (depth -= 1) === 0) return readRelayUsage(parseByteText(text.slice(start, at + 1)));
  }
  return null;
}
