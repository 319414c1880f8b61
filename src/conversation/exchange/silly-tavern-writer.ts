import { cleanText } from '../../../contract/common.ts';
import type { MessageNode } from '../tree-types.ts';
import type { WrittenChat } from './written-chat.ts';
import { asObject, isObject, parseSafeJson, type JsonObject } from './safe-json.ts';
import { notesOf, saidOf } from './written-parts.ts';
import { writtenWords, type WrittenWords } from './written-words.ts';
import { cleanName, type SillyTavernForeign } from './silly-tavern-message.ts';

/**
 * SillyTavern's chat file: a line of metadata, then a line a message with its siblings as swipes. What an imported
 * chat brought along goes back where it was. What is in a message besides words (calls of tools, files, sources) is told
 * in a line of the system before it, as SillyTavern tells of its own tools: shown, and never sent to a model.
 */
export async function* writeSillyTavernChat(chat: WrittenChat): AsyncGenerator<string> {
  const header = withMainChat(headerOf(chat), chat);
  if (header) yield `${JSON.stringify(header)}\n`;
  const words = writtenWords(chat.locale);
  for await (const { message, siblings } of chat.steps) {
    const notes = noteLine(message, words);
    if (notes) yield `${JSON.stringify(notes)}\n`;
    yield `${JSON.stringify(toLine(message, siblings, words))}\n`;
  }
}

/** Branches name the chat they left, as SillyTavern's own do. */
function withMainChat(header: JsonObject | null, { mainChat }: WrittenChat): JsonObject | null {
  if (mainChat === undefined) return header;
  return { ...header, chat_metadata: { ...asObject(header?.['chat_metadata']), main_chat: mainChat } };
}

function headerOf(chat: WrittenChat): JsonObject | null {
  const foreign = asObject(chat.foreign);
  if (foreign['source'] === 'sillytavern' && 'header' in foreign) {
    return isObject(foreign['header']) ? foreign['header'] : null;
  }
  return {
    user_name: chat.userName,
    character_name: chat.characterName,
    create_date: new Date(chat.createdAt).toISOString(),
    chat_metadata: {},
  };
}

function noteLine({ parts, createdAt }: MessageNode, words: WrittenWords): JsonObject | null {
  const notes = notesOf(parts, words);
  if (notes === '') return null;
  const invocations = parts.flatMap((part) =>
    part.type === 'tool'
      ? [
          {
            id: part.callId,
            displayName: part.title || part.tool,
            name: part.tool,
            parameters: part.input,
            result: part.output,
          },
        ]
      : [],
  );
  return {
    name: words.narrator,
    is_user: false,
    is_system: true,
    send_date: new Date(createdAt).toISOString(),
    mes: notes,
    extra: { isSmallSys: true, ...(invocations.length === 0 ? {} : { tool_invocations: invocations }) },
  };
}

function toLine(message: MessageNode, siblings: readonly MessageNode[], words: WrittenWords): JsonObject {
  const swipes = siblings.filter(
    ({ author }) => author.kind === message.author.kind && author.name === message.author.name,
  );
  const chosen = swipes.findIndex(({ id }) => id === message.id);
  const kept = swipes.map(foreignOf);
  const own = kept[chosen] ?? {};
  const lead = own.message ? own : kept.find(({ message: line }) => line !== undefined);
  const line = { ...(lead?.message ?? newLine(message)), ...said(message, own, words) };
  if (lead && lead !== own) Object.assign(line, dates(message, own));
  keepAuthor(line, message);
  if (swipes.length === 1 && !lead?.swipes) return line;
  const isAsImported = lead === own && lead?.swipes === true;
  const count = isAsImported ? Math.min(own.infos ?? 0, swipes.length) : swipes.length;
  const pointer = isAsImported && own.swipeId !== undefined ? own.swipeId : chosen;
  return {
    ...line,
    ...(pointer === null ? {} : { swipe_id: pointer }),
    swipes: swipes.map((swipe, index) =>
      index === chosen ? (own.swipeText ?? rawText(swipe, own, words)) : rawText(swipe, kept[index] ?? {}, words),
    ),
    ...(isAsImported && own.infos === undefined
      ? {}
      : { swipe_info: swipes.slice(0, count).map((swipe, index) => infoOf(swipe, kept[index])) }),
  };
}

function foreignOf(node: MessageNode): Partial<SillyTavernForeign> {
  const foreign: Partial<SillyTavernForeign> = node.foreign === null ? {} : asObject(parseSafeJson(node.foreign));
  return foreign.source === 'sillytavern' ? foreign : {};
}

/** The words as they came, as long as they are still the same ones. */
function rawText(node: MessageNode, foreign: Partial<SillyTavernForeign>, words: WrittenWords): string {
  const text = saidOf(node.parts, words);
  return foreign.raw !== undefined && cleanText(foreign.raw) === text ? foreign.raw : text;
}

function said(node: MessageNode, foreign: Partial<SillyTavernForeign>, words: WrittenWords): JsonObject {
  return { mes: rawText(node, foreign, words) };
}

function newLine(node: MessageNode): JsonObject {
  return {
    name: node.author.name,
    is_user: node.author.kind === 'human',
    is_system: node.hidden,
    send_date: new Date(node.createdAt).toISOString(),
    extra: { ...(node.author.kind === 'narrator' ? { type: 'narrator' } : {}), ...extraOf(node) },
  };
}

function newInfo(node: MessageNode): JsonObject {
  return { send_date: new Date(node.createdAt).toISOString(), extra: extraOf(node) };
}

function infoOf(node: MessageNode, foreign: Partial<SillyTavernForeign> | undefined): unknown {
  return foreign?.info === undefined ? newInfo(node) : foreign.info;
}

function extraOf(node: MessageNode): JsonObject {
  const reasoning = node.parts.flatMap((part) => (part.type === 'reasoning' ? [part.text] : [])).join('\n\n');
  return reasoning === '' ? {} : { reasoning };
}

/** Another swipe than the imported line's is chosen now: its own dates and extras count. */
function dates(node: MessageNode, own: Partial<SillyTavernForeign>): JsonObject {
  return isObject(own.info) ? own.info : newInfo(node);
}

/** Names and flags as they came, unless they say something else by now. */
function keepAuthor(line: JsonObject, node: MessageNode): void {
  const name = cleanName(line['name']);
  if (name !== '' && name !== node.author.name) line['name'] = node.author.name;
  if ((line['is_user'] === true) !== (node.author.kind === 'human')) line['is_user'] = node.author.kind === 'human';
  if ((line['is_system'] === true) !== node.hidden) line['is_system'] = node.hidden;
}
