import { createHash } from 'node:crypto';
import type { Actor } from '../../accounts/actor.ts';
import { AppError } from '../../base/errors.ts';
import { DETECTION_BYTES, detectChatFile } from '../../conversation/exchange/detect-chat-file.ts';
import type { ChatFormat } from '../../conversation/exchange/imported-chat.ts';
import { asArray, asObject, asText, parseSafeJson } from '../../conversation/exchange/safe-json.ts';
import { classifyPath, type ClassifiedPath } from './classify-path.ts';
import type { Found, FoundFile } from './found.ts';
import { joinChats, type SurveyedGroup } from './join-chats.ts';
import { readBookLinks } from './link-books.ts';
import type { MovingContext } from './moving-context.ts';
import { readPersonas } from './read-personas.ts';
import type { ReportDraft } from './report-draft.ts';
import { standFiles, standPersonas } from './stand-found.ts';
import { standLoreSettings } from './stand-lore-settings.ts';
import { surveyChats, type FoundChat } from './survey-chats.ts';
import {
  isRefusal,
  readBeginning,
  readWhole,
  wholeLimit,
  type MoveSource,
  type SourceFile,
} from './sources/move-source.ts';

export interface SurveyOptions {
  context: MovingContext;
  actor: Actor;
  source: MoveSource;
  draft: ReportDraft;
  signal: AbortSignal;
  /** Told after every file. */
  onFile(path: string): void;
}

/** The dry run: reads everything once, changes nothing, and says what would happen. */
export async function surveySource(options: SurveyOptions): Promise<Found> {
  const survey = new Survey(options);
  for await (const file of options.source.files(options.signal)) {
    options.signal.throwIfAborted();
    if (isRefusal(file)) options.draft.addProblem({ path: file.path, reason: file.refused });
    else await survey.add(file);
    options.onFile(file.path);
  }
  return survey.close();
}

class Survey {
  readonly #options: SurveyOptions;
  readonly #files: FoundFile[] = [];
  readonly #chats: { chat: FoundChat; place: ClassifiedPath }[] = [];
  readonly #groups = new Map<string, SurveyedGroup>();
  readonly #avatars = new Map<string, SourceFile>();
  readonly #settings: { root: string; value: unknown }[] = [];

  constructor(options: SurveyOptions) {
    this.#options = options;
  }

  async add(file: SourceFile): Promise<void> {
    const { draft } = this.#options;
    const place = classifyPath(file.path);
    draft.files += 1;
    draft.bytes += file.size;
    try {
      await this.#examine(file, place);
    } catch (error) {
      if (this.#options.signal.aborted) throw error;
      draft.addProblem({ path: file.path, reason: 'unreadable', message: error instanceof Error ? error.message : '' });
    }
  }

  async #examine(file: SourceFile, place: ClassifiedPath): Promise<void> {
    const { draft } = this.#options;
    const { hint } = place;
    switch (hint.kind) {
      case 'left-out':
        return draft.addNote('left-out', hint.name);
      case 'secrets':
        return draft.addNote('secrets', 'secrets.json');
      case 'avatar':
        this.#avatars.set(`${place.root}/${baseName(file.path)}`, file);
        return;
      case 'character':
        return this.#addFile(file, 'character');
      case 'lorebook':
        return this.#addFile(file, 'lorebook');
      case 'preset':
        return this.#addFile(file, 'preset');
      case 'group':
        return this.#addGroup(file, place);
      case 'settings':
        return this.#addSettings(file, place);
      case 'chat':
      case 'group-chat':
        return this.#addChats(file, { place, format: 'sillytavern' });
      case 'unknown':
        return this.#addUnknown(file, place);
    }
  }

  /** By its content, wherever it lies. */
  async #addUnknown(file: SourceFile, place: ClassifiedPath): Promise<void> {
    const beginning = await readBeginning(file, DETECTION_BYTES);
    const format = detectChatFile(beginning);
    if (format) return this.#addChats(file, { place, format });
    if (/\.jsonl$/i.test(file.path)) {
      return this.#options.draft.addBroken('chat', { path: file.path, reason: 'not-a-chat' });
    }
    const text = beginning.toString('utf8', 0, DETECTION_BYTES);
    if (/^\s*(?:\uFEFF)?\{/.test(text)) {
      if (looksLikeBook(text)) return this.#addFile(file, 'lorebook');
      if (looksLikePreset(text)) return this.#addFile(file, 'preset');
    }
    return this.#addFile(file, 'character', { isPictureMaybe: /\.(?:png|apng|jpe?g)$/i.test(file.path) });
  }

  async #addFile(
    file: SourceFile,
    kind: FoundFile['kind'],
    { isPictureMaybe = false }: { isPictureMaybe?: boolean } = {},
  ): Promise<void> {
    const { draft } = this.#options;
    const { characters, lorebooks, presets } = this.#options.context;
    const importer = { character: characters, lorebook: lorebooks, preset: presets }[kind];
    const bytes = await readWhole(file, wholeLimit(kind === 'character' ? 'character' : 'other'));
    if (!bytes) return draft.addBroken(kind, { path: file.path, reason: 'too-large' });
    const fileName = baseName(file.path);
    try {
      const { name, book = '' } = await importer.inspect({ fileName, bytes });
      const sourceHash = createHash('sha256').update(bytes).digest('hex');
      const targetId = await importer.find(this.#options.actor, { fileName, bytes });
      const status = targetId === null ? 'new' : 'here';
      this.#files.push({ kind, file, fileName, name, book, sourceHash, status, targetId });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (isPictureMaybe && error.code === 'card-missing') return draft.addNote('left-out', 'pictures');
      draft.addBroken(kind, { path: file.path, reason: error.code, message: error.message });
    }
  }

  async #addChats(file: SourceFile, { place, format }: { place: ClassifiedPath; format: ChatFormat }): Promise<void> {
    const { draft, signal } = this.#options;
    let found = 0;
    const fileName = baseName(file.path);
    for await (const part of surveyChats(file, { format, fileName, signal })) {
      if (part.type === 'problem') draft.addProblem({ path: file.path, line: part.line, reason: part.reason });
      else {
        found += 1;
        this.#chats.push({ chat: part.chat, place });
      }
    }
    if (found === 0) draft.addBroken('chat', { path: file.path, reason: 'nothing-readable' });
  }

  async #addGroup(file: SourceFile, { root }: ClassifiedPath): Promise<void> {
    const bytes = await readWhole(file, wholeLimit('other'));
    const group = asObject(bytes && parseSafeJson(bytes.toString('utf8').replace(/^\uFEFF/, '')));
    const chats = [asText(group['chat_id']), ...asArray(group['chats']).map(asText)].filter(Boolean);
    if (chats.length === 0) return this.#options.draft.addBroken('chat', { path: file.path, reason: 'not-a-group' });
    const found = { name: asText(group['name']), members: asArray(group['members']).map(asText) };
    for (const chat of chats) this.#groups.set(`${root}/${chat}`, found);
  }

  async #addSettings(file: SourceFile, { root }: ClassifiedPath): Promise<void> {
    const bytes = await readWhole(file, wholeLimit('other'));
    const value = bytes && parseSafeJson(bytes.toString('utf8').replace(/^\uFEFF/, ''));
    if (value === undefined) return this.#options.draft.addBroken('settings', { path: file.path, reason: 'not-json' });
    if (asObject(value)['power_user'] === undefined) {
      return this.#options.draft.addProblem({ path: file.path, reason: 'unknown-kind' });
    }
    this.#settings.push({ root, value });
  }

  async close(): Promise<Found> {
    const { context, actor } = this.#options;
    const files = await standFiles(context, { actor, files: this.#files });
    const personas = this.#settings.flatMap(({ root, value }) =>
      readPersonas(value).map(({ avatar, persona }) => ({
        persona,
        picture: this.#avatars.get(`${root}/${avatar}`) ?? null,
      })),
    );
    return {
      files,
      conversations: await joinChats({ context, actor, chats: this.#chats, files, groups: this.#groups }),
      personas: await standPersonas(context, { actor, personas }),
      loreSettings: await standLoreSettings(context, { actor, settings: this.#settings.map(({ value }) => value) }),
      links: this.#settings.map(({ root, value }) => ({ root, ...readBookLinks(value) })),
    };
  }
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** SillyTavern, V3 standalone, Agnai, RisuAI and NovelAI books. */
function looksLikeBook(text: string): boolean {
  if (/"spec"\s*:\s*"lorebook_v3"|"lorebookVersion"\s*:|"kind"\s*:\s*"memory"/.test(text)) return true;
  if (/"type"\s*:\s*"risu"/.test(text)) return true;
  return /"entries"\s*:/.test(text) && !/"(?:spec|first_mes|char_persona|data)"\s*:/.test(text);
}

/** Chat-completion presets, instruct and context templates. */
function looksLikePreset(text: string): boolean {
  return /"(?:prompt_order|input_sequence|story_string|openai_max_context)"\s*:/.test(text);
}
