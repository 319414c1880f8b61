import type { MessagePart } from './messages.ts';
import type { PlacedTool } from './tool-parts.ts';

/** Stands between the words before a call and those after it, as long as a reply is one growing text. */
export const WORDS_JOINT = '\n\n';

/** A reply that grows: its words as one text, and the calls within it by their place. */
export interface GrowingReply {
  text: string;
  reasoning: string;
  tools: readonly PlacedTool[];
}

/** What a reply has said and done so far, in order, as the parts of its message. */
export function partsOfReply({ text, reasoning, tools }: GrowingReply): MessagePart[] {
  const parts: MessagePart[] = reasoning === '' ? [] : [{ type: 'reasoning', text: wholeCharacters(reasoning) }];
  let from = 0;
  const say = (to: number) => {
    const words = text.slice(from, to);
    const said = from > 0 && words.startsWith(WORDS_JOINT) ? words.slice(WORDS_JOINT.length) : words;
    if (said !== '') parts.push({ type: 'text', text: wholeCharacters(said) });
    from = Math.max(from, to);
  };
  for (const { at, part } of tools) {
    if (at > from) say(at);
    parts.push(part);
  }
  say(text.length);
  return parts;
}

/** The calls of a reply with the one given in its place: a call that is known changes, another joins them. */
export function withTool(tools: readonly PlacedTool[], placed: PlacedTool): PlacedTool[] {
  const known = tools.some(({ part }) => part.callId === placed.part.callId);
  if (!known) return [...tools, placed];
  return tools.map((one) => (one.part.callId === placed.part.callId ? { at: one.at, part: placed.part } : one));
}

/** A reply's parts as one growing text with placed calls: what `partsOfReply` takes apart again. */
export function growthOfParts(parts: readonly MessagePart[]): GrowingReply {
  const tools: PlacedTool[] = [];
  const reasoning: string[] = [];
  let text = '';
  for (const part of parts) {
    if (part.type === 'text') text += text === '' ? part.text : `${WORDS_JOINT}${part.text}`;
    if (part.type === 'reasoning') reasoning.push(part.text);
    if (part.type === 'tool') tools.push({ at: text.length, part });
  }
  return { text, reasoning: reasoning.join(WORDS_JOINT), tools };
}

/** Parts of a reply that ended: a call that had not, ended with it. */
export function endCalls(parts: readonly MessagePart[]): MessagePart[] {
  return parts.map((part) =>
    part.type === 'tool' && (part.state === 'asked' || part.state === 'running') ? { ...part, state: 'stopped' } : part,
  );
}

/** A token may end inside a surrogate pair; a prefix must not end in half a character. */
function wholeCharacters(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '').toWellFormed();
}
