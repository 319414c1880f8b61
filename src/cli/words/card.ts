import { createWriteStream } from 'node:fs';
import { readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MAX_CARD_FILE_BYTES, type CardWarning, type ExportFormat } from '../../../contract/cards.ts';
import { AppError, ConflictError, InvalidInputError, NotFoundError, errorMessage } from '../../base/errors.ts';
import { viewCard } from '../../character/card.ts';
import { cardTooLarge, isRecord, type CardFile } from '../../character/formats/card-file.ts';
import { CONTAINER, type CardSource } from '../../character/formats/card-source.ts';
import { describeLosses } from '../../character/formats/describe-losses.ts';
import { readCardFile } from '../../character/formats/read-card-file.ts';
import { sourceOfFile } from '../../character/formats/source-of-file.ts';
import { writeCardFile } from '../../character/formats/write-card-file.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatBytes } from '../terminal.ts';

export interface InspectFlags {
  json?: boolean;
}

export interface ConvertFlags {
  spec?: string;
  force?: boolean;
}

/** Says what a card file is and holds. Needs no house. */
export async function inspectCardWord(context: CliContext, file: string, flags: InspectFlags): Promise<ExitCode> {
  const { terminal } = context;
  const card = await readCard(context, file);
  if (!card) return EXIT.failed;
  const report = reportOf(card, await sourceOfFile(card));
  if (flags.json) terminal.print(JSON.stringify(report, null, 2));
  else printReport(context, report);
  return EXIT.done;
}

/** Writes a card file as another kind, by the name of the new one. Needs no house. */
export async function convertCardWord(
  context: CliContext,
  { file, out }: { file: string; out: string },
  flags: ConvertFlags,
): Promise<ExitCode> {
  const { terminal, texts, clock } = context;
  const format = targetFormat(out, flags.spec);
  const target = at(context, out);
  if (!flags.force && (await stat(target).catch(() => null))) {
    throw new ConflictError(`${target} is there already. Choose another name, or replace it with --force.`, {
      code: 'file-exists',
    });
  }
  const card = await readCard(context, file);
  if (!card) return EXIT.failed;
  const source = await sourceOfFile(card);
  for (const warning of card.warnings) terminal.note(texts.card.warning(warning));
  for (const loss of describeLosses(source, format, { converted: false })) terminal.note(texts.card.loss(loss));
  const { body } = await writeCardFile(source, { format, now: clock.now() });
  const temporary = `${target}.part`;
  try {
    await pipeline(body instanceof Readable ? body : Readable.from([body]), createWriteStream(temporary));
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  terminal.print(texts.card.converted(target, formatBytes((await stat(target)).size)));
  return EXIT.done;
}

function at({ callerDirectory }: CliContext, path: string): string {
  return isAbsolute(path) ? path : resolve(callerDirectory, path);
}

/** Null, with one line said, for what is no card. */
async function readCard(context: CliContext, file: string): Promise<CardFile | null> {
  const { terminal, texts } = context;
  const path = at(context, file);
  const found = await stat(path).catch((error: unknown) => {
    throw new NotFoundError(`${path} cannot be read: ${errorMessage(error)}`, { code: 'file-missing', cause: error });
  });
  if (!found.isFile()) throw new NotFoundError(`${path} is not a file.`, { code: 'file-missing' });
  try {
    if (found.size > MAX_CARD_FILE_BYTES) throw cardTooLarge(`“${basename(path)}” is larger than 256 MiB.`);
    return await readCardFile(await readFile(path), basename(path));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const reason = texts.card.problems[error.code];
    const words = reason === undefined ? error.message : `${basename(path)}: ${reason}`;
    terminal.note(`${texts.error}: ${words.replace(/\s+/g, ' ')}`);
    return null;
  }
}

function targetFormat(out: string, spec: string | undefined): ExportFormat {
  if (spec !== undefined && spec !== 'v2' && spec !== 'v3') {
    throw new InvalidInputError(`There is no card version “${spec}”; there are v2 and v3.`, { field: 'spec' });
  }
  const version = spec ?? 'v3';
  switch (extname(out).toLowerCase()) {
    case '.png':
    case '.apng':
      return version === 'v2' ? 'v2-png' : 'v3-png';
    case '.json':
      return version === 'v2' ? 'v2-json' : 'v3-json';
    case '.charx':
      if (version === 'v2') throw new InvalidInputError('A CHARX card is always V3.', { field: 'spec' });
      return 'charx';
    default:
      throw new InvalidInputError('The new file must end in .png, .json or .charx.', { field: 'out' });
  }
}

interface CardReport {
  name: string;
  format: string;
  spec: string;
  container: string;
  version: string;
  /** Filled text fields and their length in UTF-16 units. */
  fields: Record<string, number>;
  greetings: number;
  tags: string[];
  bookEntries: number | null;
  extensions: string[];
  /** Keys of `data` and of the frame that no version of the card knows. */
  unknownKeys: string[];
  picture: { mediaType: string; bytes: number } | null;
  assets: { type: string; name: string; ext: string; uri: string; bytes: number }[];
  containerFiles: { path: string; bytes: number }[];
  warnings: CardWarning[];
}

const KNOWN_KEYS: ReadonlySet<string> = new Set([
  'name',
  'description',
  'personality',
  'scenario',
  'first_mes',
  'mes_example',
  'creator_notes',
  'system_prompt',
  'post_history_instructions',
  'creator',
  'character_version',
  'alternate_greetings',
  'tags',
  'extensions',
  'character_book',
  'group_only_greetings',
  'nickname',
  'assets',
  'creator_notes_multilingual',
  'source',
  'creation_date',
  'modification_date',
  'spec',
  'spec_version',
  'data',
]);

function reportOf(file: CardFile, source: CardSource): CardReport {
  const { data } = viewCard(file.card);
  const lengths = Object.entries(data).flatMap(([key, value]) =>
    typeof value === 'string' && value !== '' && KNOWN_KEYS.has(key) ? [[key, value.length] as const] : [],
  );
  const book = data['character_book'];
  return {
    name: data.name,
    format: file.format,
    spec: file.spec,
    container: file.container,
    version: file.version,
    fields: Object.fromEntries(lengths),
    greetings: [data.first_mes, ...data.alternate_greetings].filter((greeting) => greeting.trim() !== '').length,
    tags: data.tags,
    bookEntries: isRecord(book) && Array.isArray(book['entries']) ? book['entries'].length : null,
    extensions: Object.keys(data.extensions),
    unknownKeys: [...Object.keys(file.card.data), ...Object.keys(file.card)].filter((key) => !KNOWN_KEYS.has(key)),
    picture: source.picture && { mediaType: source.picture.mediaType, bytes: source.picture.bytes.length },
    assets: source.files
      .filter(({ type }) => type !== CONTAINER)
      .map(({ type, name, ext, uri, size }) => ({ type, name, ext, uri, bytes: size })),
    containerFiles: source.files
      .filter(({ type }) => type === CONTAINER)
      .map(({ uri, size }) => ({ path: uri, bytes: size })),
    warnings: file.warnings,
  };
}

function printReport({ terminal, texts }: CliContext, report: CardReport): void {
  const { card } = texts;
  const lines: [string, string][] = [
    [card.name, report.name],
    [card.format, report.version === '' ? report.format : `${report.format} (${report.version})`],
    [
      card.fields,
      Object.entries(report.fields)
        .map(([key, length]) => `${key} ${length}`)
        .join(', '),
    ],
    [card.greetings, String(report.greetings)],
    [card.tags, report.tags.join(', ')],
    [card.book, report.bookEntries === null ? '' : card.entries(report.bookEntries)],
    [card.extensions, report.extensions.join(', ')],
    [card.unknown, report.unknownKeys.join(', ')],
    [card.picture, report.picture ? `${report.picture.mediaType}, ${formatBytes(report.picture.bytes)}` : ''],
    ...report.assets.map(({ type, name, ext, bytes }): [string, string] => [
      card.asset,
      `${type} “${name}” (${ext}, ${formatBytes(bytes)})`,
    ]),
    ...report.containerFiles.map(({ path, bytes }): [string, string] => [card.file, `${path} (${formatBytes(bytes)})`]),
  ];
  for (const [label, value] of lines) if (value !== '') terminal.print(`${label}: ${oneLine(value)}`);
  for (const warning of report.warnings) terminal.print(`! ${oneLine(card.warning(warning))}`);
}

/** A card must not move the cursor of a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 2000);
}
