import { createHash } from 'node:crypto';
import { z } from 'zod';
import { loreCutSchema, loreFiredSchema } from '../../contract/lore.ts';
import { sentRoleSchema, type PromptRecord } from '../../contract/prompts.ts';
import { textOf } from '../conversation/tree-types.ts';
import { readMessages } from '../conversation/message-store.ts';
import type { Db, Trx } from '../storage/storage.ts';
import type { AssembledPrompt } from './assemble-prompt.ts';
import { JOINT, digestOf, toModelMessage } from './prompt-chunks.ts';

/**
 * A piece of a sent message: its segment, and its text by message id (with what stands before it) or by hash; `c` is a
 * call of a tool or its result.
 */
const pieceSchema = z.union([
  z.tuple([z.int().nonnegative(), z.literal('m'), z.string()]),
  z.tuple([z.int().nonnegative(), z.literal('n'), z.string(), z.string()]),
  z.tuple([z.int().nonnegative(), z.literal('t'), z.string()]),
  z.tuple([z.int().nonnegative(), z.literal('c'), z.string()]),
]);
const bodySchema = z.object({
  model: z.object({ ref: z.string(), label: z.string() }),
  order: z.enum(['stable', 'classic']),
  presetName: z.string(),
  messages: z.array(z.tuple([sentRoleSchema, z.array(pieceSchema)])),
  segments: z.array(
    z.object({
      kind: z.string(),
      owner: z.string(),
      tokens: z.int().nonnegative(),
      stable: z.boolean(),
      messages: z.int().nonnegative().optional(),
    }),
  ),
  /** Hash of the text of the tools. */
  tools: z.string().optional(),
  dropped: z.array(z.object({ kind: z.string(), tokens: z.int().nonnegative(), messages: z.int().nonnegative() })),
  lore: z.object({ fired: z.array(loreFiredSchema), cut: z.array(loreCutSchema) }),
  digest: z.string(),
  /** Words in it were forgotten. */
  redacted: z.literal(true).optional(),
});
type Body = z.infer<typeof bodySchema>;

/** Texts inserted in one statement, below every database's limit of parameters. */
const TEXTS_AT_ONCE = 200;

/**
 * Keeps the exact prompt of a reply. Words of the conversation are kept by the message's id and other texts once per
 * conversation, so that a prompt of thirty pages costs a page.
 */
export async function insertPromptRecord(
  trx: Trx,
  {
    messageId,
    conversationId,
    model,
    assembled,
  }: {
    messageId: string;
    conversationId: string;
    model: { ref: string; label: string };
    assembled: AssembledPrompt;
  },
): Promise<void> {
  const texts = new Map<string, string>();
  const messages = assembled.messages.map(({ role, pieces }): Body['messages'][number] => [
    role,
    pieces.map(({ segment, chunk }) => {
      if (chunk.messageId !== undefined) {
        return chunk.prefix ? [segment, 'n', chunk.messageId, chunk.prefix] : [segment, 'm', chunk.messageId];
      }
      const hash = createHash('sha256').update(chunk.text).digest('hex');
      texts.set(hash, chunk.text);
      return [segment, chunk.isPart ? 'c' : 't', hash];
    }),
  ]);
  const { order, presetName, segments, dropped, lore, digest } = assembled;
  const tools = toolsOf(assembled);
  if (tools) texts.set(tools.hash, tools.text);
  const body: Body = {
    model,
    order,
    presetName,
    messages,
    segments,
    ...(tools ? { tools: tools.hash } : {}),
    dropped,
    lore,
    digest,
  };
  await insertTexts(trx, { conversationId, texts });
  await trx
    .insertInto('promptRecord')
    .values({ messageId, conversationId, body: JSON.stringify(body) })
    .execute();
}

function toolsOf({ tools }: AssembledPrompt): { hash: string; text: string } | null {
  if (tools.length === 0) return null;
  const text = JSON.stringify(tools);
  return { hash: createHash('sha256').update(text).digest('hex'), text };
}

async function insertTexts(
  trx: Trx,
  { conversationId, texts }: { conversationId: string; texts: ReadonlyMap<string, string> },
): Promise<void> {
  const rows = [...texts].map(([hash, text]) => ({ conversationId, hash, text }));
  for (let start = 0; start < rows.length; start += TEXTS_AT_ONCE) {
    await trx
      .insertInto('promptText')
      .values(rows.slice(start, start + TEXTS_AT_ONCE))
      .onConflict((conflict) => conflict.columns(['conversationId', 'hash']).doNothing())
      .execute();
  }
}

/** A text of a kept prompt: the kind of its segment, and whether it is the JSON of a call of a tool or its result. */
export interface KeptText {
  kind: string;
  text: string;
  isPart: boolean;
}

/**
 * Takes words out of a kept prompt: `redact` gets every text of the conversation's own that stands in a segment, and returns it without them. The record says so from then on, and proves no digest any more.
 * Returns the hashes of texts that must go once every prompt that was sent them is redacted.
 */
export async function redactPromptRecord(
  trx: Trx,
  { messageId, redact }: { messageId: string; redact: (kept: KeptText) => string },
): Promise<string[]> {
  const row = await trx.selectFrom('promptRecord').selectAll().where('messageId', '=', messageId).executeTakeFirst();
  if (!row) return [];
  const { conversationId } = row;
  const body = bodySchema.parse(JSON.parse(row.body));
  const hashes = [
    ...new Set(body.messages.flatMap(([, list]) => list.flatMap(([, k, id]) => (k === 't' || k === 'c' ? [id] : [])))),
  ];
  const texts = await readTexts(trx, { conversationId, hashes });
  const fresh = new Map<string, string>();
  const stale = new Set<string>();
  const redactPiece = (piece: z.infer<typeof pieceSchema>): z.infer<typeof pieceSchema> => {
    const [segment, kind, hash] = piece;
    if (kind !== 't' && kind !== 'c') return piece;
    const text = texts.get(hash);
    if (text === undefined) return piece;
    const left = redact({ kind: body.segments[segment]?.kind ?? '', text, isPart: kind === 'c' });
    if (left === text) return piece;
    const leftHash = createHash('sha256').update(left).digest('hex');
    stale.add(hash);
    fresh.set(leftHash, left);
    return [segment, kind, leftHash];
  };
  const messages = body.messages.map(([role, list]): Body['messages'][number] => [role, list.map(redactPiece)]);
  if (stale.size === 0) return [];
  const redacted: Body = { ...body, messages, digest: '', redacted: true };
  await insertTexts(trx, { conversationId, texts: fresh });
  await trx
    .updateTable('promptRecord')
    .set({ body: JSON.stringify(redacted) })
    .where('messageId', '=', messageId)
    .execute();
  return [...stale];
}

/** Removes texts of prompts for good; where a prompt still names one, nothing stands in its place. */
export async function deletePromptTexts(
  trx: Trx,
  { conversationId, hashes }: { conversationId: string; hashes: readonly string[] },
): Promise<void> {
  for (let start = 0; start < hashes.length; start += TEXTS_AT_ONCE) {
    await trx
      .deleteFrom('promptText')
      .where('conversationId', '=', conversationId)
      .where('hash', 'in', hashes.slice(start, start + TEXTS_AT_ONCE))
      .execute();
  }
}

/** The prompt of a reply as it was sent; undefined where none was kept. */
export async function readPromptRecord(db: Db, messageId: string): Promise<Omit<PromptRecord, 'tokens'> | undefined> {
  const row = await db.selectFrom('promptRecord').selectAll().where('messageId', '=', messageId).executeTakeFirst();
  if (!row) return undefined;
  const body = bodySchema.parse(JSON.parse(row.body));
  const pieces = body.messages.flatMap(([, list]) => list);
  const wanted = (...kinds: string[]) => [
    ...new Set(pieces.filter((piece) => kinds.includes(piece[1])).map(([, , id]) => id)),
  ];
  const [said, texts] = await Promise.all([
    readMessages(db, wanted('m', 'n')),
    readTexts(db, {
      conversationId: row.conversationId,
      hashes: [...wanted('t', 'c'), ...(body.tools === undefined ? [] : [body.tools])],
    }),
  ]);
  const words = new Map(said.map((node) => [node.id, textOf(node.parts)]));
  const textIn = ([, kind, id, prefix = '']: (typeof pieces)[number]) =>
    kind === 't' || kind === 'c' ? (texts.get(id) ?? '') : `${prefix}${words.get(id) ?? ''}`;
  const prompt = body.messages.map(([role, list]) =>
    toModelMessage(
      role,
      list.map((piece) => ({ text: textIn(piece), isPart: piece[1] === 'c' && texts.has(piece[2]) })),
    ),
  );
  const tools = body.tools === undefined ? '' : (texts.get(body.tools) ?? '');
  return {
    messageId,
    model: body.model,
    order: body.order,
    presetName: body.presetName,
    messages: body.messages.map(([role, list]) => ({
      role,
      pieces: list.map((piece, index) => ({
        segment: piece[0],
        text: index === 0 ? textIn(piece) : `${JOINT}${textIn(piece)}`,
      })),
    })),
    segments: body.segments.map(({ messages, ...segment }) => ({
      ...segment,
      ...(messages === undefined ? {} : { messages }),
    })),
    ...(tools === '' ? {} : { tools }),
    dropped: body.dropped,
    lore: body.lore,
    digest: body.digest,
    exact: body.redacted === undefined && digestOf(prompt, tools) === body.digest,
    ...(body.redacted ? { redacted: true as const } : {}),
  };
}

async function readTexts(
  db: Db,
  { conversationId, hashes }: { conversationId: string; hashes: readonly string[] },
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (let start = 0; start < hashes.length; start += TEXTS_AT_ONCE) {
    const rows = await db
      .selectFrom('promptText')
      .select(['hash', 'text'])
      .where('conversationId', '=', conversationId)
      .where('hash', 'in', hashes.slice(start, start + TEXTS_AT_ONCE))
      .execute();
    for (const { hash, text } of rows) texts.set(hash, text);
  }
  return texts;
}
