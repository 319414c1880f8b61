import { readMessage } from '../conversation/message-store.ts';
import { readStage } from '../conversation/stage-store.ts';
import { textOf, type MessageNode } from '../conversation/tree-types.ts';
import { shareOfTerms } from '../memory/share-of-terms.ts';
import type { Db } from '../storage/storage.ts';
import { namesInText } from '../world/names-in-text.ts';
import { listFacts, type WorldFactRecord } from '../world/world-fact-store.ts';
import { placeWithParents } from '../world/world-body.ts';
import { readWorld } from '../world/world-store.ts';
import { worldText } from '../world/world-text.ts';
import type { TurnRequest } from './turn-request.ts';

/** What a prompt tells of the world that a conversation happens in. */
export interface WorldMaterial {
  name: string;
  /** World, place, neighbourhood, time: the same bytes until something of it changes. */
  text: string;
  /** What is true and matters here, the most relevant first. */
  facts: string[];
}

/** Share of what the model can see that facts may take, and the most of it; tokens. */
const FACT_SHARE = 0.06;
const MOST_FACT_TOKENS = 480;
const MOST_FACTS = 24;
/** Newest messages whose words say what is talked of. */
const MATCHED_MESSAGES = 6;
/** What a fact gets for being of this place, of somebody here, or of something that is talked of. */
const WEIGHTS = { place: 3, placeAround: 1.5, person: 2, named: 2.5, words: 4, ofAll: 0.6 } as const;
/** Below that a fact is of something else. */
const LEAST_SCORE = 0.5;

export interface GatherWorld {
  request: Pick<TurnRequest, 'conversation' | 'endId' | 'locale' | 'room' | 'card' | 'userName'>;
  /** Oldest first. */
  newest: readonly MessageNode[];
  contextLength: number;
  countTokens: (texts: readonly string[]) => Promise<number[]>;
}

/** Null where the conversation happens in no world. */
export async function gatherWorld(
  db: Db,
  { request, newest, contextLength, countTokens }: GatherWorld,
): Promise<WorldMaterial | null> {
  const { conversation, endId, locale, room, card, userName } = request;
  const { worldId, ownerId } = conversation;
  const world = worldId === null ? undefined : await readWorld(db, { id: worldId, ownerId });
  if (!world) return null;
  const at = endId === null ? null : await readMessage(db, endId);
  const { placeId, time } = await readStage(db, { at, participants: room?.participants ?? [] });
  const facts = await listFacts(db, { worldId: world.id, states: ['accepted'] });
  const people = room ? room.participants.map(({ name }) => name) : [card.name, userName];
  const chosen = chooseFacts(
    facts.filter(({ entryUid }) => entryUid === null),
    {
      placeIds: placeId === null ? [] : placeWithParents(world.places, placeId).map(({ id }) => id),
      people,
      words: newest
        .slice(-MATCHED_MESSAGES)
        .map(({ parts }) => textOf(parts))
        .join('\n'),
    },
  );
  const budget = Math.min(MOST_FACT_TOKENS, contextLength * FACT_SHARE);
  const told = chosen.slice(0, MOST_FACTS).map(factLine);
  return {
    name: world.name,
    text: worldText(world, { placeId, time, locale }),
    facts: await withinBudget(told, { budget, countTokens }),
  };
}

/** Facts that matter at a place, among these people, for these words; the most relevant first. */
export function chooseFacts(
  facts: readonly Pick<WorldFactRecord, 'statement' | 'about' | 'placeId' | 'since'>[],
  scene: { placeIds: readonly string[]; people: readonly string[]; words: string },
): Pick<WorldFactRecord, 'statement' | 'since'>[] {
  return facts
    .map((fact) => ({ fact, score: scoreFact(fact, scene) }))
    .filter(({ score }) => score >= LEAST_SCORE)
    .toSorted((left, right) => right.score - left.score)
    .map(({ fact }) => fact);
}

function scoreFact(
  { statement, about, placeId }: Pick<WorldFactRecord, 'statement' | 'about' | 'placeId'>,
  { placeIds, people, words }: { placeIds: readonly string[]; people: readonly string[]; words: string },
): number {
  const distance = placeId === null ? -1 : placeIds.indexOf(placeId);
  const ofPlace = distance === 0 ? WEIGHTS.place : distance > 0 ? WEIGHTS.placeAround : 0;
  const folded = new Set(people.map((name) => name.toLocaleLowerCase()));
  const ofPeople = about.some((name) => folded.has(name.toLocaleLowerCase())) ? WEIGHTS.person : 0;
  const isNamed = namesInText(words, about).length > 0 ? WEIGHTS.named : 0;
  const isOfAll = placeId === null && about.length === 0 ? WEIGHTS.ofAll : 0;
  const share = words === '' ? 0 : shareOfTerms(statement, words);
  return ofPlace + ofPeople + isNamed + isOfAll + (share >= 0.25 ? share * WEIGHTS.words : 0);
}

function factLine({ statement }: Pick<WorldFactRecord, 'statement'>): string {
  return statement.replaceAll(/\s+/gu, ' ').trim();
}

async function withinBudget(
  texts: readonly string[],
  { budget, countTokens }: { budget: number; countTokens: GatherWorld['countTokens'] },
): Promise<string[]> {
  if (texts.length === 0) return [];
  const costs = await countTokens(texts);
  const kept: string[] = [];
  let spent = 0;
  for (const [index, text] of texts.entries()) {
    const cost = (costs[index] ?? 0) + 2;
    if (spent + cost > budget) continue;
    spent += cost;
    kept.push(text);
  }
  return kept;
}
