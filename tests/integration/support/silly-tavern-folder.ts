import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pngCard, pngPixel } from './card-files.ts';

/** A file of a SillyTavern data folder, by its path in it. */
export type FolderFiles = Map<string, Buffer | string>;

export interface FolderOptions {
  characters: number;
  chatsPerCharacter: number;
  messagesPerChat: number;
  /** Characters of text in a message, about. */
  messageLength?: number;
}

export const cardOf = (name: string) => ({
  spec: 'chara_card_v2',
  spec_version: '2.0',
  data: {
    name,
    description: `${name} tends a lighthouse.`,
    personality: '',
    scenario: '',
    first_mes: `I am ${name}.`,
    mes_example: '',
    creator_notes: '',
    system_prompt: '',
    post_history_instructions: '',
    alternate_greetings: [],
    tags: ['sea'],
    creator: '',
    character_version: '',
    extensions: { fav: true },
  },
});

function withWorld(name: string, world: string): unknown {
  const card = cardOf(name);
  return { ...card, data: { ...card.data, extensions: { world } } };
}

export interface ChatOptions {
  character: string;
  integrity: string;
  messages: number;
  messageLength?: number;
  mainChat?: string;
}

/** A chat in SillyTavern's form; every third answer has swipes. */
export function chatLines({ character, integrity, messages, messageLength = 40, mainChat }: ChatOptions): string[] {
  const filler = 'wave upon wave '.repeat(Math.ceil(messageLength / 15)).slice(0, messageLength);
  const header = {
    user_name: 'Kim',
    character_name: character,
    create_date: '2024-6-5 @14h 56m 50s 682ms',
    chat_metadata: { integrity, ...(mainChat === undefined ? {} : { main_chat: mainChat }), odd: { kept: true } },
  };
  const lines = [JSON.stringify(header)];
  for (let index = 0; index < messages; index += 1) {
    const isUser = index % 2 === 1;
    const mes = `${isUser ? 'Kim' : character} ${integrity} ${index} ${filler}`;
    lines.push(
      JSON.stringify({
        name: isUser ? 'Kim' : character,
        is_user: isUser,
        is_system: false,
        send_date: 1_717_599_410_682 + index * 60_000,
        mes,
        extra: { 'x-model': 'm' },
        ...(index % 3 === 2 && !isUser ? { swipes: [`${mes} (one)`, mes, `${mes} (three)`], swipe_id: 1 } : {}),
      }),
    );
  }
  return lines;
}

/** Good files of every kind, and one broken one of every kind among them. */
export function sillyTavernFolder(options: FolderOptions): FolderFiles {
  const { characters, chatsPerCharacter, messagesPerChat, messageLength = 40 } = options;
  const files: FolderFiles = new Map();
  const root = 'data/default-user';
  for (let person = 0; person < characters; person += 1) {
    const name = `Keeper ${person}`;
    files.set(`${root}/characters/${name}.png`, pngCard(cardOf(name), { mark: name }));
    for (let chat = 0; chat < chatsPerCharacter; chat += 1) {
      const integrity = `i-${person}-${chat}`;
      const lines = chatLines({ character: name, integrity, messages: messagesPerChat, messageLength });
      files.set(`${root}/chats/${name}/${name} - 2024-6-5 @14h ${chat}m 50s 682ms.jsonl`, lines.join('\n'));
    }
  }
  const [first = ''] = [...files.keys()].filter((path) => path.endsWith('0m 50s 682ms.jsonl'));
  const main = String(files.get(first)).split('\n');
  const branchHeader = JSON.stringify({
    ...(JSON.parse(main[0] ?? '') as object),
    chat_metadata: { integrity: 'i-branch', main_chat: first.split('/').at(-1)?.replace('.jsonl', '') },
  });
  const turn = { name: 'Kim', is_user: true, is_system: false, send_date: 1_717_600_000_000, mes: 'Another way' };
  files.set(
    `${root}/chats/Keeper 0/Branch #1.jsonl`,
    [branchHeader, ...main.slice(1, 4), JSON.stringify(turn)].join('\n'),
  );
  addOddities(files, root);
  return files;
}

function addOddities(files: FolderFiles, root: string): void {
  const say = (name: string, mes: string) =>
    JSON.stringify({ name, is_user: name === 'Kim', is_system: false, mes, send_date: 1_717_599_410_682 });
  files.set(
    `${root}/groups/1717.json`,
    JSON.stringify({
      id: '1717',
      name: 'The crew',
      members: ['Keeper 0.png', 'Keeper 1.png'],
      chat_id: 'g1',
      chats: ['g1'],
    }),
  );
  files.set(
    `${root}/group chats/g1.jsonl`,
    [say('Keeper 0', 'Ahoy'), say('Keeper 1', 'Ho'), say('Kim', 'All here?'), say('Stranger', 'Me too')].join('\n'),
  );
  files.set(
    `${root}/chats/Nobody/Nobody - 1.jsonl`,
    chatLines({ character: 'Nobody', integrity: 'n', messages: 3 }).join('\n'),
  );
  files.set(
    `${root}/settings.json`,
    JSON.stringify({
      power_user: {
        personas: { 'kim.png': 'Captain Kim', 'other.png': 'Cook' },
        persona_descriptions: { 'kim.png': { description: 'Steers.', position: 4, depth: 3, role: 1 } },
        default_persona: 'kim.png',
      },
      world_info_settings: {
        world_info: { globalSelect: ['Sea'] },
        world_info_depth: 6,
        world_info_budget: 40,
        world_info_recursive: 'wrong',
      },
    }),
  );
  const world = (content: string) =>
    JSON.stringify({
      entries: { 0: { uid: 0, key: ['wave'], keysecondary: [], content, comment: '', order: 100, position: 0 } },
    });
  files.set(`${root}/worlds/Sea.json`, world('The sea is cold.'));
  files.set(`${root}/worlds/Isles.json`, world('There are nine isles.'));
  files.set(`${root}/worlds/Torn.json`, '{"entries":');
  files.set(`${root}/characters/Pilot.png`, pngCard(withWorld('Pilot', 'Isles')));
  files.set(
    `${root}/OpenAI Settings/Storm.json`,
    JSON.stringify({ temperature: 1.1, top_p: 0.9, openai_max_context: 4096, prompts: [], prompt_order: [] }),
  );
  files.set(`${root}/User Avatars/kim.png`, pngPixel('kim'));
  files.set(`${root}/secrets.json`, '{"api_key_openai":"sk-not-to-be-read"}');
  files.set(`${root}/backgrounds/sea.jpg`, 'not taken');
  files.set(`${root}/characters/Torn.png`, pngCard(cardOf('Torn')).subarray(0, 60));
  files.set(`${root}/chats/Keeper 0/torn.jsonl`, 'this is no chat\nnor this');
  files.set(
    `${root}/chats/Keeper 1/half.jsonl`,
    [...chatLines({ character: 'Keeper 1', integrity: 'half', messages: 2 }), '{"name":"Keeper 1","mes":"cut of'].join(
      '\n',
    ),
  );
}

export async function writeFolder(files: FolderFiles, folder: string): Promise<void> {
  for (const [path, content] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** The files as a browser sends them. */
export function bundleOf(files: FolderFiles): Buffer {
  return Buffer.concat(
    [...files].flatMap(([path, content]) => {
      const bytes = Buffer.from(content);
      return [Buffer.from(`${JSON.stringify({ path, size: bytes.length })}\n`), bytes];
    }),
  );
}

/** A way out of the folder that must not be taken. */
export async function addLink(folder: string, target: string): Promise<void> {
  await symlink(target, join(folder, 'data/default-user/characters/Link.png'));
}
