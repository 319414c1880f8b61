import { loreEntrySchema, lorebookBodySchema, loreSettingsSchema, type LoreMode } from '../contract/lore.ts';
import { PatternCache } from '../src/lore/keys/pattern-cache.ts';
import { emptyLoreState } from '../src/lore/lore-state.ts';
import { neededMessages } from '../src/lore/needed-messages.ts';
import { runLore, type LoreBookInUse, type LoreMessage } from '../src/lore/run-lore.ts';
import { median, printFigure } from './report/figure.ts';

/**
 * What a book costs a turn: 500 entries over a chat of 10,000 messages, each turn one message longer. Against a naive
 * rescan, which looks for every key in every message with plain expressions, in the same run.
 */
const MESSAGES = 10_000;
const ENTRIES = 500;
const TURNS = 15;
/** Of the rescan's processor time. */
const TARGET_RATIO = 0.1;

const WORDS =
  'lantern harbour bridge winter kettle stove shutter bicycle letter garden market station window morning evening ' +
  'river mountain castle dragon sword forest silver copper engine railway teacher doctor sailor baker island';
const vocabulary = WORDS.split(' ');
const word = (index: number) => vocabulary[index % vocabulary.length] ?? '';

const messages: LoreMessage[] = Array.from({ length: MESSAGES + TURNS }, (_, index) => ({
  name: index % 2 === 0 ? 'Mira' : 'Ann',
  role: index % 2 === 0 ? 'assistant' : 'user',
  text: Array.from({ length: 40 }, (_, place) => word(index * 7 + place * place + (index % 13))).join(' '),
}));

/** A tenth are expressions, some look deeper than the settings, most do not fire. */
function bookOf(mode: LoreMode): LoreBookInUse {
  const entries = Array.from({ length: ENTRIES }, (_, index) =>
    loreEntrySchema.parse({
      uid: String(index),
      keys:
        index % 10 === 0
          ? [`/(?:${word(index)}|rare${index})s? of the/i`]
          : [`${word(index)}${index}`, `key ${index}`, index % 50 === 1 ? word(index) : `also${index}`],
      useRegex: index % 10 === 0,
      content: `What is known about ${word(index + 1)}: ${'it is told '.repeat(8)}`,
      scanDepth: index % 25 === 0 ? 40 : null,
    }),
  );
  return { id: mode, name: mode, source: 'global', body: lorebookBodySchema.parse({ mode, entries }) };
}

const settings = loreSettingsSchema.parse({ world_info_depth: 4 });

async function measureEngine(book: LoreBookInUse): Promise<number> {
  const patterns = new PatternCache();
  const times: number[] = [];
  for (let turn = -3; turn < TURNS; turn += 1) {
    const all = messages.slice(0, MESSAGES + Math.max(0, turn));
    const start = process.cpuUsage();
    const needed = neededMessages([book], settings);
    const newest = all.slice(-needed);
    await runLore({
      books: [book],
      messages: newest,
      earlierMessages: all.length - newest.length,
      earlierAssistantMessages: Math.ceil((all.length - newest.length) / 2),
      greetingIndex: 0,
      settings,
      fields: {
        personaDescription: '',
        characterDescription: '',
        characterPersonality: '',
        characterDepthPrompt: '',
        scenario: '',
        creatorNotes: '',
      },
      character: { name: 'Mira', tags: [] },
      userIcon: null,
      trigger: 'normal',
      contextLength: 8192,
      renderMacros: (text) => text,
      countTokens: (texts) => Promise.resolve(texts.map((text) => Math.ceil(text.length / 4))),
      random: () => 0.5,
      state: emptyLoreState(),
      patterns,
    });
    if (turn >= 0) times.push(spentSince(start));
  }
  return median(times);
}

function measureRescan({ body }: LoreBookInUse): number {
  const times: number[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const all = messages.slice(0, MESSAGES + turn);
    const start = process.cpuUsage();
    const fired = body.entries.filter(({ keys }) =>
      keys.some((key) => {
        const expression = key.startsWith('/')
          ? new RegExp(key.slice(1, -2), 'i')
          : new RegExp(`(?:^|\\W)${key}(?:$|\\W)`, 'i');
        // Every message, as a scan that must know which ones a key stands in.
        return all.filter(({ text }) => expression.test(text)).length > 0;
      }),
    );
    if (fired.length === 0) throw new Error('The rescan found nothing.');
    times.push(spentSince(start));
  }
  return median(times);
}

/** Milliseconds of the processor. */
function spentSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

for (const mode of ['spec', 'st'] as const) {
  const book = bookOf(mode);
  const value = await measureEngine(book);
  const reference = measureRescan(book);
  printFigure({
    name: `lore of a turn, mode ${mode}`,
    value,
    unit: 'ms CPU',
    reference,
    target: `<= ${TARGET_RATIO}x`,
    pass: value <= TARGET_RATIO * reference,
  });
}
