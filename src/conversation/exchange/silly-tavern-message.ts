import { cleanText } from '../../../contract/common.ts';
import { parseChatDate } from './chat-date.ts';
import type { ImportedNode } from './imported-chat.ts';
import { asArray, asObject, asText, isObject, type JsonObject } from './safe-json.ts';

/** The longest name of a speaker, in UTF-16 units. */
const NAME_LENGTH = 200;
/** Swipes of one message; the wildest files hold some hundreds. */
const MAX_SWIPES = 10_000;

/** What a node of a SillyTavern message keeps for its way back. */
export interface SillyTavernForeign {
  source: 'sillytavern';
  /** The whole line without its texts and swipes; on the chosen swipe only. */
  message?: JsonObject;
  /** The line's `swipe_id` where it is not the place of the chosen text; null = it had none. */
  swipeId?: unknown;
  /** The length of `swipe_info`, where there was one. */
  infos?: number;
  /** True when the line had `swipes`. */
  swipes?: boolean;
  /** This swipe's entry of `swipe_info`. */
  info?: unknown;
  /** The text as it came, where something in it cannot be kept in a text. */
  raw?: string;
  /** What `swipes` held in this one's place, where `mes` said something else. */
  swipeText?: string;
}

/** Any name as something that can be shown; empty when nothing is left of it. */
export function cleanName(name: unknown): string {
  return cleanText(asText(name))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, NAME_LENGTH)
    .replace(/[\uD800-\uDBFF]$/, '');
}

/** The swipes of one line as siblings below `parent`, in their order; null when the line is no message. */
export function toNodes(line: JsonObject, parent: number | null): ImportedNode[] | null {
  const { mes, ...rest } = line;
  const { swipes, swipe_id: swipeId, swipe_info: swipeInfo, ...unswiped } = rest;
  const hasSwipes = Array.isArray(swipes) && swipes.length > 0;
  const message = hasSwipes ? unswiped : rest;
  const texts = hasSwipes ? swipes.slice(0, MAX_SWIPES).map(swipeText) : [];
  const pointed = typeof swipeId === 'number' && texts[swipeId] !== undefined ? swipeId : undefined;
  const said = typeof mes === 'string' ? mes : pointed === undefined ? undefined : texts[pointed];
  if (said === undefined) return null;
  if (texts.length === 0) texts.push(said);
  const chosen = pointed ?? Math.max(texts.lastIndexOf(said), 0);
  const infos = hasSwipes && Array.isArray(swipeInfo) ? swipeInfo : undefined;
  const author = authorOf(message);
  return texts.map((text, index): ImportedNode => {
    const isChosen = index === chosen;
    const shown = isChosen ? said : text;
    const info = infos?.[index];
    const extra = { ...asObject(asObject(info)['extra']), ...(isChosen ? asObject(message['extra']) : {}) };
    const foreign: SillyTavernForeign = { source: 'sillytavern' };
    if (info !== undefined) foreign.info = info;
    if (cleanText(shown) !== shown) foreign.raw = shown;
    if (isChosen) {
      foreign.message = message;
      if (hasSwipes) foreign.swipes = true;
      if (text !== shown) foreign.swipeText = text;
      if (hasSwipes && swipeId !== chosen) foreign.swipeId = swipeId ?? null;
      if (infos) foreign.infos = infos.length;
    }
    return {
      parent,
      author,
      text: cleanText(shown),
      reasoning: cleanText(asText(extra['reasoning'])),
      hidden: message['is_system'] === true,
      createdAt:
        parseChatDate(isChosen ? message['send_date'] : asObject(info)['send_date']) ??
        parseChatDate(message['send_date']),
      chosen: isChosen,
      foreign: { ...foreign },
    };
  });
}

/** Chub writes its swipes as objects. */
function swipeText(swipe: unknown): string {
  return isObject(swipe) ? asText(swipe['message'] ?? swipe['mes']) : asText(swipe);
}

function authorOf(message: JsonObject): ImportedNode['author'] {
  const name = cleanName(message['name']);
  if (message['is_user'] === true) return { kind: 'human', name };
  const type = asObject(message['extra'])['type'];
  if (type === 'narrator' || type === 'comment') return { kind: 'narrator', name };
  return { kind: 'character', name };
}

export function isMessage(line: JsonObject): boolean {
  return typeof line['mes'] === 'string' || asArray(line['swipes']).length > 0;
}
