import { authorsNoteSchema } from '../../../contract/prompts.ts';
import { samplingPresetSchema } from '../../../contract/conversations.ts';
import { localeSchema } from '../../../contract/common.ts';
import { conversationMemorySchema } from '../../../contract/memory.ts';
import { roomSettingsSchema } from '../../../contract/rooms.ts';
import { listAttachments, listCarried } from '../../conversation/attachment-store.ts';
import { listBranchMarks } from '../../conversation/branch-mark-store.ts';
import { blankMessage } from '../../conversation/blank-message.ts';
import { EVERWITH_SPEC } from '../../conversation/exchange/everwith-lines.ts';
import type { OwnChat } from '../../conversation/exchange/everwith-writer.ts';
import { asObject, parseSafeJson } from '../../conversation/exchange/safe-json.ts';
import type { KeptTree } from '../../conversation/kept-tree.ts';
import { readMessages } from '../../conversation/message-store.ts';
import { listParticipants } from '../../conversation/participant-store.ts';
import { listStages } from '../../conversation/stage-store.ts';
import type { ConversationRecord, MessageNode } from '../../conversation/tree-types.ts';
import type { Db, Storage } from '../../storage/storage.ts';
import { readWorld } from '../../world/world-store.ts';

/** Messages read at a time. */
const AT_A_TIME = 200;

/** What Everwith's own file of a conversation says, for the messages that go along. */
export async function openOwnChat(
  { db, blobs }: Pick<Storage, 'db' | 'blobs'>,
  {
    conversation,
    names,
    tree,
    withFiles,
  }: {
    conversation: ConversationRecord;
    names: { characterName: string; userName: string };
    tree: KeptTree;
    withFiles: boolean;
  },
): Promise<OwnChat> {
  const { id, ownerId, worldId } = conversation;
  const [participants, stages, carried, attachments, marks, world] = await Promise.all([
    listParticipants(db, id),
    listStages(db, id),
    listCarried(db, id),
    listAttachments(db, id),
    listBranchMarks(db, id),
    worldId === null ? undefined : readWorld(db, { id: worldId, ownerId }),
  ]);
  const along = new Set(
    carried.filter(({ messageId }) => tree.numberOf.has(messageId)).map(({ attachmentId }) => attachmentId),
  );
  return {
    head: {
      spec: EVERWITH_SPEC,
      version: 1,
      title: conversation.title,
      ...names,
      characterId: conversation.characterId,
      locale: localeSchema.parse(conversation.locale),
      createdAt: conversation.createdAt,
      memory: conversationMemorySchema.parse(conversation.memory),
      preset: samplingPresetSchema.parse(conversation.preset),
      authorsNote:
        conversation.authorsNote === null ? null : authorsNoteSchema.parse(JSON.parse(conversation.authorsNote)),
      room: conversation.room === null ? null : roomSettingsSchema.parse(JSON.parse(conversation.room)),
      world: world ? { id: world.id, name: world.name } : null,
      marks: marks.flatMap(({ messageId, kind, name, createdAt }) => {
        const message = tree.numberOf.get(messageId);
        return message === undefined ? [] : [{ message, kind, name, createdAt }];
      }),
      foreign: conversation.foreign === null ? null : asObject(parseSafeJson(conversation.foreign)),
    },
    participants,
    tree,
    stages,
    files: attachments.filter((file) => along.has(file.id)),
    read: withFiles ? ({ hash }) => blobs.read(hash) : null,
    messages: messagesOf(db, tree.ids),
  };
}

async function* messagesOf(db: Db, ids: readonly string[]): AsyncGenerator<MessageNode> {
  for (let start = 0; start < ids.length; start += AT_A_TIME) {
    const some = ids.slice(start, start + AT_A_TIME);
    const byId = new Map((await readMessages(db, some)).map((node) => [node.id, node]));
    for (const id of some) {
      const node = byId.get(id);
      // Forgotten for good while the file was written: its place stays, so that numbers keep their meaning.
      yield node ?? gone(id);
    }
  }
}

function gone(id: string): MessageNode {
  return {
    ...blankMessage({ id, conversationId: '', parent: null, createdAt: 0 }),
    author: { kind: 'narrator', id: '', name: '' },
    parts: [],
  };
}
