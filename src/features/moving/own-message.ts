import type { Attachment } from '../../../contract/attachments.ts';
import type { MessagePart } from '../../../contract/messages.ts';
import { attachmentUrl } from '../../conversation/attachment-store.ts';
import type { ImportedNode } from '../../conversation/exchange/imported-chat.ts';
import type { Stage } from '../../conversation/stage.ts';
import type { MessageNode } from '../../conversation/tree-types.ts';

/** Somebody of the file, as they are part of the conversation here. */
export interface ArrivedPerson {
  participantId: string;
  kind: 'human' | 'character';
  /** A user's or a character's id; nobody's where there is none such. */
  subjectId: string;
}

/** What the keys of Everwith's own file mean here. */
export interface OwnKeys {
  people: ReadonlyMap<string, ArrivedPerson>;
  files: ReadonlyMap<string, Attachment>;
  /** True where the world it happens in is here: its places mean something. */
  keepsPlaces: boolean;
}

export interface OwnMessage {
  message: Pick<MessageNode, 'parts' | 'state' | 'failure' | 'audience' | 'manner' | 'foreign'>;
  /** Who is there from this message on; null = as before. */
  stage: Stage | null;
  /** Ids of the files it carries. */
  files: string[];
}

/** A message of Everwith's own file as it stands in the tree here. */
export function ownMessage(own: NonNullable<ImportedNode['own']>, keys: OwnKeys): OwnMessage {
  const idOf = (key: string) => keys.people.get(key)?.participantId;
  const parts = own.parts.flatMap((part) => ownPart(part, keys));
  return {
    message: {
      parts,
      state: own.state === 'streaming' ? 'interrupted' : own.state,
      failure: own.failure,
      audience: own.audience === 'everyone' ? 'everyone' : [...new Set(own.audience.flatMap((key) => idOf(key) ?? []))],
      manner: own.manner,
      foreign: own.foreign === null ? null : JSON.stringify(own.foreign),
    },
    stage: own.stage && {
      present: Object.fromEntries(
        own.stage.present.flatMap(([key, door]) => {
          const id = idOf(key);
          return id === undefined ? [] : [[id, door] as const];
        }),
      ),
      placeId: keys.keepsPlaces ? own.stage.placeId : null,
      time: own.stage.time,
    },
    files: parts.flatMap((part) => (part.type === 'file' || part.type === 'image' ? [part.attachmentId] : [])),
  };
}

/** A file that did not come along leaves its name. */
function ownPart(part: MessagePart, { files }: OwnKeys): MessagePart[] {
  switch (part.type) {
    case 'file': {
      const file = files.get(part.attachmentId);
      if (!file || file.kind === 'image') return [{ type: 'note', text: part.name }];
      const { id, name, mediaType, size } = file;
      return [{ ...part, attachmentId: id, name, mediaType, size }];
    }
    case 'image': {
      const file = files.get(part.attachmentId);
      if (!file || file.width === null || file.height === null) return [{ type: 'note', text: part.name }];
      const { id, name, mediaType, width, height, alt } = file;
      return [{ ...part, attachmentId: id, url: attachmentUrl(id), name, mediaType, width, height, alt }];
    }
    case 'citations': {
      const passages = part.passages.flatMap((one) => {
        const file = files.get(one.attachmentId);
        return file ? [{ ...one, attachmentId: file.id }] : [];
      });
      return passages.length === 0 ? [] : [{ ...part, passages }];
    }
    case 'text':
    case 'reasoning':
    case 'note':
    case 'event':
    case 'tool':
    case 'voice':
      return [part];
    default:
      return part satisfies never;
  }
}
