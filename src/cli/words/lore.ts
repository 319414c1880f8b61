import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import {
  loreModeSchema,
  loreRoleSchema,
  loreSettingsSchema,
  type LoreMode,
  type LoreSettings,
} from '../../../contract/lore.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { ConfigFlags } from '../../config/config.ts';
import { readLorebook, type ReadLorebook } from '../../lore/formats/read-lorebook.ts';
import { emptyLoreState } from '../../lore/lore-state.ts';
import { renderMacros } from '../../lore/macros/render-macros.ts';
import { runLore, type LoreMessage, type LoreResult } from '../../lore/run-lore.ts';
import { placeName, textsByPlace } from '../../lore/texts-by-place.ts';
import { estimateTokens } from '../../models/remote/estimate-tokens.ts';
import { seededRandom } from '../../turn/seeded-random.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { padEnd, widthOf } from '../terminal.ts';

export interface TestLoreFlags extends ConfigFlags {
  book: string;
  messages: string;
  mode?: string;
  settings?: string;
  seed?: string;
  json?: boolean;
}

const messagesSchema = z.array(
  z.looseObject({
    name: z.string().default(''),
    text: z.string().max(1_000_000),
    role: loreRoleSchema.optional(),
  }),
);
type WrittenMessage = z.output<typeof messagesSchema>[number];

/** SillyTavern keeps world info's settings in a part of its settings.json, and the context's length beside it. */
const settingsFileSchema = z.looseObject({
  world_info_settings: z.record(z.string(), z.unknown()).optional(),
  max_context: z.number().int().positive().optional(),
});

/** Tokens, where the settings say nothing. */
const DEFAULT_CONTEXT = 8192;

/** Shows what a lorebook does with some messages. Needs no house. */
export async function testLoreWord(context: CliContext, flags: TestLoreFlags): Promise<ExitCode> {
  const { texts } = context;
  const mode = parseMode(context, flags.mode);
  const seed = flags.seed ?? '1';
  if (!/^\d{1,15}$/.test(seed)) throw new InvalidInputError(texts.loreWrongSeed(seed), { field: 'seed' });
  const book = readLorebook(await readBytes(context, flags.book), flags.book, mode);
  const messages = withRoles(
    parse(context, { file: flags.messages, schema: messagesSchema, value: await readJson(context, flags.messages) }),
  );
  const { settings, contextLength } = await readSettings(context, flags.settings);
  const result = await testLore(context, { book, messages, settings, contextLength, seed });
  for (const warning of book.warnings) context.terminal.note(`${texts.warning}: ${warning}`);
  if (flags.json) context.terminal.print(JSON.stringify(presentResult(result), null, 2));
  else printResult(context, { book, result });
  return EXIT.done;
}

function testLore(
  { clock, locale, texts }: CliContext,
  {
    book,
    messages,
    settings,
    contextLength,
    seed,
  }: {
    book: ReadLorebook;
    messages: readonly LoreMessage[];
    settings: LoreSettings;
    contextLength: number;
    seed: string;
  },
): Promise<LoreResult> {
  const nameOf = (role: LoreMessage['role']) => messages.findLast((message) => message.role === role)?.name;
  const names = { char: nameOf('assistant') || texts.macroChar, user: nameOf('user') || texts.macroUser };
  const macros = {
    mode: book.mode,
    names,
    now: clock.now(),
    locale,
    seed,
    random: seededRandom(`macros ${seed}`),
    variables: { local: new Map<string, string>(), global: new Map<string, string>() },
  };
  const none = '';
  return runLore({
    books: [{ id: 'book', name: book.body.name, body: book.body, source: 'global' }],
    messages,
    earlierMessages: 0,
    earlierAssistantMessages: 0,
    // A character's message at the beginning is its first greeting.
    greetingIndex: messages[0]?.role === 'assistant' ? 0 : null,
    settings,
    fields: {
      personaDescription: none,
      characterDescription: none,
      characterPersonality: none,
      characterDepthPrompt: none,
      scenario: none,
      creatorNotes: none,
    },
    character: { name: names.char, tags: [] },
    userIcon: null,
    trigger: 'normal',
    contextLength,
    renderMacros: (text) => renderMacros(text, macros),
    countTokens: (texts) => Promise.resolve(texts.map(estimateTokens)),
    random: seededRandom(`lore ${seed}`),
    state: emptyLoreState(),
  });
}

/** Names that say by themselves who speaks. */
const PERSON = /^(?:user|you|me|human|player|用户|你|我|玩家)$/i;
const CHARACTER = /^(?:char|character|bot|assistant|ai|角色|助手)$/i;
const NARRATOR = /^(?:system|narrator|系统|旁白)$/i;

/** Without roles the names say it; else who wrote the newest message is the person, because it is answered next. */
function withRoles(messages: readonly WrittenMessage[]): LoreMessage[] {
  const names = messages.filter(({ role }) => role === undefined).map(({ name }) => name.trim());
  const isNamed = names.some((name) => PERSON.test(name) || CHARACTER.test(name));
  const hasPerson = names.some((name) => PERSON.test(name));
  const roleOf = (name: string): LoreMessage['role'] => {
    if (NARRATOR.test(name)) return 'system';
    if (!isNamed) return name === names.at(-1) ? 'user' : 'assistant';
    const isPerson = hasPerson ? PERSON.test(name) : !CHARACTER.test(name);
    return isPerson ? 'user' : 'assistant';
  };
  return messages.map(({ name, text, role }) => ({ name, text, role: role ?? roleOf(name.trim()) }));
}

function presentResult({ fired, cut, placements }: LoreResult) {
  return {
    fired: fired.map(({ uid, position, depth, order, reason }) => ({
      index: indexOf(uid),
      position: placeName(position),
      depth,
      order,
      reason,
    })),
    cut: cut.map(({ uid, order, reason }) => ({ index: indexOf(uid), order, reason })),
    text: textsByPlace(placements),
  };
}

/** Uids are numbers in most files. */
function indexOf(uid: string): string | number {
  return /^(?:0|[1-9]\d{0,14})$/.test(uid) ? Number(uid) : uid;
}

function printResult(
  { terminal, texts }: CliContext,
  { book, result }: { book: ReadLorebook; result: LoreResult },
): void {
  const { fired, cut, placements, used, budget } = result;
  terminal.note(texts.loreHead(book.body.name || book.format, book.mode, used, budget));
  if (fired.length === 0) terminal.print(texts.loreNothing);
  const reasonOf = (reason: string) => texts.loreReasons[reason] ?? reason;
  const rows = [
    ...fired.map(({ uid, name, reason, key, position, depth }) => [
      '+',
      uid,
      name,
      reasonOf(reason) + (key === null ? '' : ` “${key}”`),
      depth === null ? position : `${position} ${depth}`,
    ]),
    ...cut.map(({ uid, name, reason }) => ['-', uid, name, reasonOf(reason), '']),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...rows.map((row) => widthOf(row[column] ?? ''))));
  for (const row of rows) {
    terminal.print(
      row
        .map((cell, column) => padEnd(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
  for (const [place, text] of Object.entries(textsByPlace(placements))) {
    if (text !== '') terminal.print(`\n── ${place} ──\n${text}`);
  }
}

async function readSettings(
  context: CliContext,
  file: string | undefined,
): Promise<{ settings: LoreSettings; contextLength: number }> {
  if (file === undefined) return { settings: loreSettingsSchema.parse({}), contextLength: DEFAULT_CONTEXT };
  const written = parse(context, { file, schema: settingsFileSchema, value: await readJson(context, file) });
  const value = asWritten(written.world_info_settings ?? written);
  const settings = parse(context, { file, schema: loreSettingsSchema, value });
  return { settings, contextLength: written.max_context ?? DEFAULT_CONTEXT };
}

/** SillyTavern takes numbers written as texts, and a budget above 100 percent for one of its older kind. */
function asWritten(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const read = Object.entries(settings).map(([name, value]) => {
    const isNumber = typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value.trim());
    return [name, isNumber ? Number(value) : value] as const;
  });
  const named = Object.fromEntries(read);
  const budget = named['world_info_budget'];
  return typeof budget === 'number' && budget > 100 ? { ...named, world_info_budget: undefined } : named;
}

function parseMode({ texts }: CliContext, mode: string | undefined): LoreMode | undefined {
  if (mode === undefined) return undefined;
  const parsed = loreModeSchema.safeParse(mode);
  if (!parsed.success) throw new InvalidInputError(texts.loreWrongMode(mode), { field: 'mode' });
  return parsed.data;
}

async function readBytes({ callerDirectory, texts }: CliContext, file: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(callerDirectory, file));
  } catch (error) {
    throw new InvalidInputError(texts.loreFileMissing(file), { code: 'lore-file', cause: error });
  }
}

async function readJson(context: CliContext, file: string): Promise<unknown> {
  const text = new TextDecoder().decode(await readBytes(context, file));
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new InvalidInputError(context.texts.loreNotJson(file), { code: 'lore-file', cause: error });
  }
}

function parse<T>(
  { texts }: CliContext,
  { file, schema, value }: { file: string; schema: z.ZodType<T>; value: unknown },
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InvalidInputError(texts.loreWrongShape(file, issue?.path.join('.') ?? '', issue?.message ?? ''), {
    code: 'lore-file',
    cause: parsed.error,
  });
}
