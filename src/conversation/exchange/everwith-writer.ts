import { createHash } from 'node:crypto';
import type { MessagePart } from '../../../contract/messages.ts';
import type { AttachmentRecord } from '../attachment-store.ts';
import type { KeptTree } from '../kept-tree.ts';
import type { ParticipantRecord } from '../participant-store.ts';
import type { Stage } from '../stage.ts';
import type { MessageNode } from '../tree-types.ts';
import {
  FILE_LINE_BYTES,
  type EverwithFile,
  type EverwithHead,
  type EverwithMessage,
  type EverwithStage,
} from './everwith-lines.ts';
import { asObject, parseSafeJson } from './safe-json.ts';

/** A conversation on its way out whole, in Everwith's own form. */
export interface OwnChat {
  head: Omit<EverwithHead, 'participants' | 'end' | 'character' | 'files'> & { characterId: string };
  participants: readonly ParticipantRecord[];
  tree: KeptTree;
  stages: ReadonlyMap<string, Stage>;
  files: readonly AttachmentRecord[];
  /** The bytes of a file; null leaves them behind. */
  read: ((file: AttachmentRecord) => Promise<Buffer>) | null;
  /** The messages of the tree in its order. */
  messages: AsyncIterable<MessageNode>;
}

/** Keys of the file for ids of the house. */
interface Keys {
  people: ReadonlyMap<string, string>;
  files: ReadonlyMap<string, string>;
}

export async function* writeEverwithChat(chat: OwnChat): AsyncGenerator<string> {
  const keys: Keys = {
    people: new Map(chat.participants.map(({ id }, index) => [id, `p${index}`])),
    files: new Map(chat.files.map(({ id }, index) => [id, `f${index}`])),
  };
  yield lineOf(headOf(chat, keys));
  for (const file of chat.files) yield* fileLines(file, { key: keys.files.get(file.id) ?? '', read: chat.read });
  const stageIds: (string | null)[] = [];
  let number = 0;
  for await (const node of chat.messages) {
    stageIds.push(node.stageId);
    yield lineOf(messageOf(node, { chat, keys, number, stageIds }));
    number += 1;
  }
}

function headOf({ head, participants, tree, read }: OwnChat, { people }: Keys): EverwithHead {
  const { characterId, spec, version, ...rest } = head;
  const lead = participants.find(({ kind, subjectId }) => kind === 'character' && subjectId === characterId);
  return {
    // What tells a reader which file this is stands first.
    spec,
    version,
    ...rest,
    character: (lead && people.get(lead.id)) ?? null,
    participants: participants.map((one) => ({
      key: people.get(one.id) ?? '',
      kind: one.kind,
      role: one.role,
      name: one.name,
      fromStart: one.fromStart,
      muted: one.muted,
      talkativeness: one.talkativeness,
      position: one.position,
      createdAt: one.createdAt,
      leftAt: one.leftAt,
    })),
    files: read !== null,
    end: tree.end,
  };
}

async function* fileLines(
  file: AttachmentRecord,
  { key, read }: { key: string; read: OwnChat['read'] },
): AsyncGenerator<string> {
  const bytes = read ? await read(file) : null;
  const lines = bytes ? Math.ceil(bytes.length / FILE_LINE_BYTES) : 0;
  const { name, mediaType, alt } = file;
  const size = bytes?.length ?? file.size;
  const sha256 = bytes ? createHash('sha256').update(bytes).digest('hex') : file.hash;
  yield lineOf({ type: 'file', key, name, mediaType, alt, size, sha256, lines } satisfies EverwithFile);
  if (!bytes) return;
  for (let start = 0; start < bytes.length; start += FILE_LINE_BYTES) {
    const data = bytes.subarray(start, start + FILE_LINE_BYTES).toString('base64');
    yield lineOf({ type: 'file-bytes', key, data });
  }
}

function messageOf(
  node: MessageNode,
  { chat, keys, number, stageIds }: { chat: OwnChat; keys: Keys; number: number; stageIds: readonly (string | null)[] },
): EverwithMessage {
  const { participants, stages, tree } = chat;
  const parent = tree.parents[number] ?? null;
  const { kind, id, name } = node.author;
  const author = participants.find((one) => one.kind === kind && one.subjectId === id);
  const stage =
    node.stageId === (parent === null ? null : stageIds[parent]) ? undefined : stages.get(node.stageId ?? '');
  const streams = node.state === 'streaming';
  return {
    type: 'message',
    parent,
    chosen: tree.chosen[number] ?? false,
    author: { kind, participant: (author && keys.people.get(author.id)) ?? null, name },
    parts: node.parts.map((part) => keyed(part, keys)),
    // What is being written is here as far as it is.
    state: streams ? 'interrupted' : node.state,
    failure: node.failure,
    editOf: node.editOf === null ? null : (tree.numberOf.get(node.editOf) ?? null),
    hidden: node.hidden,
    audience: node.audience === 'everyone' ? 'everyone' : node.audience.flatMap((one) => keys.people.get(one) ?? []),
    manner: node.manner,
    stage: stage ? stageOf(stage, keys) : null,
    createdAt: node.createdAt,
    foreign: node.foreign === null ? null : asObject(parseSafeJson(node.foreign)),
  };
}

function stageOf({ present, placeId, time }: Stage, { people }: Keys): EverwithStage {
  const there = Object.entries(present).flatMap(([id, door]): [string, string][] => {
    const key = people.get(id);
    return key === undefined ? [] : [[key, door]];
  });
  return { present: there.toSorted(([a], [b]) => (a < b ? -1 : 1)), placeId, time };
}

/** Parts as they mean something elsewhere: recordings and calls stay here, files are named by their keys. */
function keyed(part: MessagePart, { files }: Keys): MessagePart {
  const key = (id: string) => files.get(id) ?? 'gone';
  switch (part.type) {
    case 'file':
      return { ...part, attachmentId: key(part.attachmentId) };
    case 'image':
      return { ...part, attachmentId: key(part.attachmentId), url: '' };
    case 'citations':
      return { ...part, passages: part.passages.map((one) => ({ ...one, attachmentId: key(one.attachmentId) })) };
    case 'voice':
      return { ...part, callId: null, recorded: false };
    case 'tool':
      return part.state === 'asked' || part.state === 'running' ? { ...part, state: 'stopped' } : part;
    case 'text':
    case 'reasoning':
    case 'note':
    case 'event':
      return part;
    default:
      return part satisfies never;
  }
}

function lineOf(value: unknown): string {
  return `${JSON.stringify(value)}\n`;
}
