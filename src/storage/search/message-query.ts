import { createHash } from 'node:crypto';
import type { SearchPhrase } from './message-words.ts';

/** What narrows a search by exact values, kept beside the words of each message. */
export type SearchScope =
  | { kind: 'hearer'; id: string }
  | { kind: 'conversation'; id: string }
  | { kind: 'character'; id: string }
  | { kind: 'author'; id: 'human' | 'character' | 'narrator' };

const LETTERS = { hearer: 'u', conversation: 'c', character: 'k', author: 'a' } as const;
/** Of 64 hexadecimal digits: 80 bits, so that no two ids of a house share a token. */
const DIGITS = 20;
/** UTF-16 units: PostgreSQL refuses lexemes of 2 KiB. */
const LONGEST_LEXEME = 500;
/** PostgreSQL's limits of a lexeme's positions. */
const LAST_POSITION = 16_383;
const MOST_POSITIONS = 256;

/** One word that stands for a value; words of people have none of the same form on PostgreSQL, and another column on SQLite. */
export function scopeToken({ kind, id }: SearchScope): string {
  return LETTERS[kind] + createHash('sha256').update(id).digest('hex').slice(0, DIGITS);
}

/** Every phrase, of each group of scopes at least one, and none of `without`. */
export interface MessageQuestion {
  phrases: readonly SearchPhrase[];
  scopes: readonly (readonly SearchScope[])[];
  without: readonly SearchScope[];
}

/** A question in FTS5's language. */
export function toMessageFtsQuery({ phrases, scopes, without }: MessageQuestion): string {
  const anyOf = (group: readonly SearchScope[]) =>
    `(${group.map((scope) => `scope : "${scopeToken(scope)}"`).join(' OR ')})`;
  const words = phrases.map(({ words, open }) => `text : "${words.join(' ')}"${open ? '*' : ''}`);
  const wanted = [...scopes.map(anyOf), ...words].join(' AND ');
  return without.length === 0 ? wanted : `(${wanted}) NOT ${anyOf(without)}`;
}

/** A question as a `tsquery` literal. Words are letters, digits and marks only, so quoting them is safe. */
export function toMessageTsQuery({ phrases, scopes, without }: MessageQuestion): string {
  const anyOf = (group: readonly SearchScope[]) => `(${group.map((scope) => `'=${scopeToken(scope)}'`).join(' | ')})`;
  const words = phrases.map(({ words, open }) => {
    const lexemes = words.map((word) => `'${word.slice(0, LONGEST_LEXEME)}'`);
    return `(${lexemes.join(' <-> ')}${open ? ':*' : ''})`;
  });
  const wanted = [...scopes.map(anyOf), ...words].join(' & ');
  return without.length === 0 ? wanted : `${wanted} & !${anyOf(without)}`;
}

/** A message's words and scopes as a `tsvector` literal: no parser of the database's locale comes between. */
export function toTsVector(words: string, scopes: readonly SearchScope[]): string {
  const positions = new Map<string, number[]>();
  for (const [index, word] of words.split(' ').entries()) {
    const lexeme = word.slice(0, LONGEST_LEXEME);
    const list = positions.get(lexeme);
    const position = Math.min(index + 1, LAST_POSITION);
    if (!list) positions.set(lexeme, [position]);
    else if (list.length < MOST_POSITIONS) list.push(position);
  }
  const said = [...positions].map(([lexeme, at]) => `'${lexeme}':${at.join(',')}`);
  return [...said, ...scopes.map((scope) => `'=${scopeToken(scope)}'`)].join(' ');
}
