import fc from 'fast-check';
import type { Message } from '../../../contract/messages.ts';
import type { Device } from './device.ts';
import type { Fault } from './faulty-network.ts';

/** What is done more often stands there more often. */
const ACTIONS: readonly string[] = (
  'say say say ask-slowly whisper whisper aside regenerate choose end-here edit edit-and-ask delete restore ' +
  'delete-many undo-many hide stop cut reopen offline online leave enter close-door open-door branch-off'
).split(' ');
const FAULTS: readonly Fault[] = ['none', 'none', 'none', 'lose-request', 'lose-answer', 'double'];

export interface Step {
  device: number;
  action: string;
  /** Which message or person, modulo how many there are. */
  pick: number;
  fault: Fault;
  /** False goes on with the next step at once. */
  waits: boolean;
}

export const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  device: fc.nat(2),
  action: fc.constantFrom(...ACTIONS),
  pick: fc.nat(40),
  fault: fc.constantFrom(...FAULTS),
  waits: fc.boolean(),
});

/** Stands in each text that is written, once in all talks, and is found again in whatever a device was told. */
export const TOKEN = /tq\d+x/gu;
let tokens = 0;
const newToken = (): string => `tq${(tokens += 1)}x`;

/** What of a talk more than one step knows. */
export interface Talk {
  conversationId: string;
  /** By which what was last changed with others is undone. */
  batchId: string | null;
}

/** Does one step; rejects as the client does. */
export async function perform(talk: Talk, device: Device, { action, pick }: Step): Promise<unknown> {
  const { session, network } = device;
  const { path, conversation } = session.getState();
  const message = path[pick % Math.max(1, path.length)];
  const participants = conversation?.participants ?? [];
  const other = participants[pick % Math.max(1, participants.length)];
  switch (action) {
    case 'say':
      return device.say(`Say ${newToken()}`);
    case 'ask-slowly':
      return device.say(`slow ${newToken()}`);
    case 'whisper':
      return device.say(`Whisper ${newToken()}`, other ? [other.id] : []);
    case 'aside':
      return device.say(`Aside ${newToken()}`, []);
    case 'stop':
      return session.stop();
    case 'cut':
      return network.cut();
    case 'reopen':
      return device.reopen();
    case 'offline':
      return network.setOffline(true);
    case 'online':
      network.heal();
      return device.outbox.wake();
    case 'undo-many':
      return talk.batchId === null ? undefined : session.undoMany(talk.batchId);
    case 'leave':
    case 'enter':
    case 'close-door':
    case 'open-door':
      return other === undefined ? undefined : move(device, { action, participantId: other.id, ...talk });
    default:
      return message === undefined ? undefined : change(talk, device, { action, message });
  }
}

function move(
  { client }: Device,
  { action, participantId, conversationId }: { action: string; participantId: string; conversationId: string },
): Promise<unknown> {
  const params = { id: conversationId };
  if (action === 'leave' || action === 'enter') {
    return client.call('moveParticipant', {
      params: { ...params, participantId },
      body: { present: action === 'enter' },
    });
  }
  const body = { participantIds: [participantId], door: action === 'close-door' ? 'cellar' : '' };
  return client.call('closeDoor', { params, body });
}

async function change(
  talk: Talk,
  device: Device,
  { action, message }: { action: string; message: Message },
): Promise<unknown> {
  const { session } = device;
  const { id } = message;
  const sibling = message.siblings.at(0) ?? id;
  switch (action) {
    case 'regenerate':
      return session.startReply('regenerate', id);
    case 'choose':
      return session.choose(sibling);
    case 'end-here':
      return session.choose(id, { endHere: true });
    case 'edit':
    case 'edit-and-ask': {
      const token = newToken();
      await session.edit({ messageId: id, text: `Edit ${token}`, reply: action === 'edit-and-ask' });
      return device.edited.push(token);
    }
    case 'delete':
      return session.remove(id);
    case 'restore':
      return session.restore(id);
    case 'hide':
      return session.setHidden(id, !message.hidden);
    case 'delete-many': {
      const { batchId } = await session.changeMany('delete', { messageIds: [id, sibling] });
      talk.batchId = batchId ?? talk.batchId;
      return undefined;
    }
    case 'branch-off':
      return device.branchOff(id);
    default:
      throw new Error(`Nobody knows how to ${action}.`);
  }
}
