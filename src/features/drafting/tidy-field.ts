import type { DraftField } from '../../../contract/drafting.ts';
import { cleanText } from '../../../contract/common.ts';

const MOST_TAGS = 8;
/** UTF-16 units: a longer one is a sentence, not a tag. */
const TAG_LENGTH = 30;
/** The contract's limits of the short form. */
const NAME_LENGTH = 100;
const TAGLINE_LENGTH = 160;

/** Puts a field that a model wrote into the form a card has it in. */
export function tidyField(field: DraftField, text: string, names: { char: string }): string {
  const clean = cleanText(text).trim();
  switch (field) {
    case 'name':
      return oneLine(clean)
        .replace(/[.。]$/, '')
        .slice(0, NAME_LENGTH)
        .trim();
    case 'tagline':
      return oneLine(clean).slice(0, TAGLINE_LENGTH).trim();
    case 'tags':
      return tidyTags(clean);
    case 'exampleDialogue':
      return tidyDialogue(clean, names.char);
    case 'greeting':
    case 'alternateGreeting':
      return closeStars(withoutLabel(clean, names.char));
    default:
      return clean;
  }
}

function oneLine(text: string): string {
  return (text.split('\n').find((line) => line.trim() !== '') ?? '')
    .trim()
    .replace(/^["'“”«»「『]+|["'“”«»」』]+$/gu, '');
}

function tidyTags(text: string): string {
  const tags = text
    .split(/[,，、;；\n#]+/)
    .map((tag) => tag.replace(/^[\s\-*•"'\d.]+|["'\s.。]+$/g, ''))
    .filter((tag) => tag !== '' && tag.length <= TAG_LENGTH);
  const seen = new Set<string>();
  const kept = tags.filter((tag) => {
    const key = tag.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return kept.slice(0, MOST_TAGS).join(', ');
}

/** Small models like to name the speaker first, although it is one alone. */
function withoutLabel(text: string, name: string): string {
  const label = /^\s*(?:\{\{char\}\}|([^\n:：*]{1,60}))\s*[:：]\s*/.exec(text);
  if (label && (label[1] === undefined || label[1].trim().toLowerCase() === name.toLowerCase())) {
    return text.slice(label[0].length);
  }
  return text;
}

/** An asterisk without its partner would make the rest of the message narration. */
function closeStars(text: string): string {
  const count = text.split('*').length - 1;
  return count % 2 === 0 ? text : `${text}*`;
}

/** Lines that begin with a speaker get the card's own names for them; a dialogue begins with `<START>`. */
function tidyDialogue(text: string, name: string): string {
  const lines = text
    .replaceAll(/<START>/gi, '<START>')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const speaker = /^(\{\{user\}\}|\{\{char\}\}|user|char|you|[^:：{}]{1,60})\s*[:：]\s*/i.exec(line);
      if (!speaker?.[1]) return line;
      const who = speaker[1].toLowerCase();
      const words = withoutOwnLabel(line.slice(speaker[0].length), name);
      if (who === '{{user}}' || who === 'user' || who === 'you') return `{{user}}: ${words}`;
      if (who === '{{char}}' || who === 'char' || who === name.toLowerCase()) return `{{char}}: ${words}`;
      return line;
    });
  if (lines.length === 0 || (lines.length === 1 && lines[0] === '<START>')) return '';
  return lines[0] === '<START>' ? lines.join('\n') : ['<START>', ...lines].join('\n');
}

function withoutOwnLabel(words: string, name: string): string {
  const inner = withoutLabel(words, name);
  return /^(?:user|char|\{\{user\}\})\s*[:：]\s*/i.test(inner) ? inner.replace(/^[^:：]*[:：]\s*/, '') : inner;
}
