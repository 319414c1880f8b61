import type { MacroCard } from './macro-context.ts';
import { plain, type MacroDefinition, type MacroTable } from './macro-definition.ts';

function field(name: keyof MacroCard): MacroDefinition {
  return plain(({ context, render }) => render(name, context.card?.[name] ?? ''));
}

const description = field('description');
const personality = field('personality');
const scenario = field('scenario');
const examples = field('exampleDialogue');
const instruction = field('postHistoryInstructions');
const creatorNotes = field('creatorNotes');
const version = plain(({ context }) => context.card?.version ?? '');
const firstMessage = field('firstMessage');

/** What the card and the persona say. */
export const cardMacros: MacroTable = {
  description,
  chardescription: description,
  personality,
  charpersonality: personality,
  scenario,
  charscenario: scenario,
  mesexamples: examples,
  mesexamplesraw: examples,
  charprompt: field('systemPrompt'),
  charinstruction: instruction,
  charjailbreak: instruction,
  chardepthprompt: field('depthPrompt'),
  charcreatornotes: creatorNotes,
  creatornotes: creatorNotes,
  charversion: version,
  char_version: version,
  charfirstmessage: firstMessage,
  firstmessage: firstMessage,
  greeting: firstMessage,
  persona: plain(({ context, render }) => render('persona', context.persona ?? '')),
  /** SillyTavern puts it in once; the V3 specification wherever it stands. */
  original: plain(({ context, render, once }) =>
    context.mode === 'spec' || once('original') ? render('original', context.original ?? '') : '',
  ),
};
