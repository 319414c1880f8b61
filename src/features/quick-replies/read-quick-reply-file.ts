import { z } from 'zod';
import { MOST_QUICK_REPLIES, quickReplySchema, type QuickReply } from '../../../contract/quick-replies.ts';
import { InvalidInputError } from '../../base/errors.ts';

export interface SkippedReply {
  label: string;
  reason: 'empty' | 'script' | 'too-many';
}

export interface QuickReplyFile {
  name: string;
  replies: QuickReply[];
  skipped: SkippedReply[];
}

const text = z.string().catch('');
const flag = z.boolean().catch(false);

/** Version 2 (SillyTavern 1.12 and later): `qrList`; `disableSend` holds for the whole set. */
const secondSchema = z.looseObject({
  version: z.literal(2),
  name: text,
  disableSend: flag,
  qrList: z.array(z.looseObject({ label: text, message: text, title: text })),
});
/** Version 1: `quickReplySlots`, which put their text into the box unless `AutoInputInject` says otherwise. */
const firstSchema = z.looseObject({
  name: text,
  quickActionEnabled: flag,
  quickReplySlots: z.array(z.looseObject({ label: text, mes: text })),
});
const oursSchema = z.object({ name: z.string(), replies: z.array(quickReplySchema) });

/**
 * A quick-reply set of SillyTavern's (its `QuickReplySet.toJSON`), or one of ours. Buttons without words and those
 * that are only a script of slash commands are left out and named. Throws `InvalidInputError`.
 */
export function readQuickReplyFile(file: string): QuickReplyFile {
  const json = parse(file.replace(/^\uFEFF/u, ''));
  const ours = oursSchema.safeParse(json);
  if (ours.success) return limit({ ...ours.data, skipped: [] });
  const second = secondSchema.safeParse(json);
  if (second.success) {
    const { name, qrList, disableSend } = second.data;
    const buttons = qrList.map(({ label, title, message }) => ({ label: label || title, words: message }));
    return readButtons(buttons, { name, send: !disableSend });
  }
  const first = firstSchema.safeParse(json);
  if (first.success) {
    const { name, quickReplySlots, quickActionEnabled } = first.data;
    const buttons = quickReplySlots.map(({ label, mes }) => ({ label, words: mes }));
    return readButtons(buttons, { name, send: quickActionEnabled });
  }
  throw new InvalidInputError('This file is not a set of quick replies: it has neither `qrList` nor `replies`.', {
    field: 'file',
  });
}

function parse(file: string): unknown {
  try {
    return JSON.parse(file);
  } catch {
    throw new InvalidInputError('This file is not JSON.', { field: 'file' });
  }
}

function readButtons(
  buttons: readonly { label: string; words: string }[],
  { name, send }: { name: string; send: boolean },
): QuickReplyFile {
  const replies: QuickReply[] = [];
  const skipped: SkippedReply[] = [];
  for (const { label, words } of buttons) {
    const plain = words.trim();
    const shown = firstLetters(label.trim() === '' ? plain : label.trim(), 60);
    if (plain === '') skipped.push({ label: shown, reason: 'empty' });
    else if (isScript(plain)) skipped.push({ label: shown, reason: 'script' });
    else replies.push({ label: shown, text: firstLetters(plain, 20_000), send });
  }
  return limit({ name, replies, skipped });
}

/** A script runs in SillyTavern and would be sent here as it stands. */
function isScript(words: string): boolean {
  return /^\/[a-z?#][\w-]*/iu.test(words);
}

function limit({ name, replies, skipped }: QuickReplyFile): QuickReplyFile {
  const more = replies.slice(MOST_QUICK_REPLIES).map(({ label }) => ({ label, reason: 'too-many' as const }));
  return {
    name: firstLetters(name.trim(), 100) || 'Quick replies',
    replies: replies.slice(0, MOST_QUICK_REPLIES),
    skipped: [...skipped, ...more],
  };
}

function firstLetters(words: string, most: number): string {
  return words.length <= most ? words : Array.from(words.slice(0, most)).join('').toWellFormed();
}
