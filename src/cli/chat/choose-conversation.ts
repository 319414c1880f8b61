import { randomUUID } from 'node:crypto';
import type { ApiClient } from '../../../client/create-client.ts';
import type { CharacterSummary } from '../../../contract/characters.ts';
import type { Locale } from '../../../contract/common.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { InvalidInputError, NotFoundError } from '../../base/errors.ts';
import type { Texts } from '../locales/en.ts';
import { padEnd, widthOf } from '../terminal.ts';

export function describeCharacters(characters: readonly CharacterSummary[]): string {
  const slugWidth = Math.max(0, ...characters.map(({ slug }) => widthOf(slug)));
  const nameWidth = Math.max(0, ...characters.map(({ name }) => widthOf(name)));
  return characters
    .map(({ slug, name, tagline }) => `  ${padEnd(slug, slugWidth)}  ${padEnd(name, nameWidth)}  ${tagline}`)
    .join('\n');
}

/** By short name, id or name; throws `NotFoundError` that lists those there are. */
export async function findCharacter(
  client: ApiClient,
  { wanted, locale, texts, signal }: { wanted: string; locale: Locale; texts: Texts; signal: AbortSignal },
): Promise<CharacterSummary> {
  const { characters } = await client.call('characters', { query: { locale }, signal });
  const name = wanted.toLowerCase();
  const found =
    characters.find(({ slug, id }) => slug === name || id === wanted) ??
    characters.find((character) => character.name.toLowerCase() === name);
  if (found) return found;
  throw new NotFoundError(`${texts.unknownCharacter(wanted)}\n${describeCharacters(characters)}`, {
    code: 'character-unknown',
  });
}

/** The latest conversation with a character, or a new one. */
export async function chooseConversation(
  client: ApiClient,
  options: { characterId: string; locale: Locale; startNew: boolean; signal: AbortSignal },
): Promise<Conversation> {
  const { characterId, locale, startNew, signal } = options;
  if (!startNew) {
    const { conversations } = await client.call('conversations', {
      query: { character: characterId, limit: 1 },
      signal,
    });
    if (conversations[0]) return conversations[0];
  }
  return client.call('createConversation', { body: { characterId, locale, clientId: randomUUID() }, signal });
}

/** Keeps a model for one conversation, once it is known to be one that can be talked with. */
export async function chooseModel(
  client: ApiClient,
  { conversationId, ref, texts, signal }: { conversationId: string; ref: string; texts: Texts; signal: AbortSignal },
): Promise<void> {
  const { choices } = await client.call('modelChoices', { signal });
  const choice = choices.find((one) => one.ref === ref || one.ref === `local:${ref}`);
  if (!choice) {
    const known = choices.map((one) => `  ${one.ref}  ${one.label}`).join('\n') || texts.noChoices;
    throw new InvalidInputError(`${texts.unknownModel(ref)}\n${known}`, { code: 'model-choice', field: 'model' });
  }
  await client.call('updateConversation', { params: { id: conversationId }, body: { model: choice.ref }, signal });
}
