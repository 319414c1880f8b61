import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Me } from '../../../contract/accounts.ts';
import type { KeptConversation } from '../../../client/conversation-state.ts';
import type { OutboxMessage } from '../../../client/outbox-storage.ts';

/** What a device keeps of one person: unsent messages, and recent conversations to read without a network. */
interface DeviceSchema extends DBSchema {
  outbox: { key: string; value: OutboxMessage };
  conversations: { key: string; value: KeptConversation & { id: string } };
  person: { key: 'me'; value: { me: Me; keptAt: number } };
}

export type DeviceDatabase = IDBPDatabase<DeviceSchema>;

const PREFIX = 'everwith-device-';
const VERSION = 1;

/** Each person has a database of their own, so that nobody at the same device reads another's. */
export function openDeviceDatabase(userId: string): Promise<DeviceDatabase> {
  return openDB<DeviceSchema>(PREFIX + userId, VERSION, {
    upgrade: (database) => {
      database.createObjectStore('outbox', { keyPath: 'clientId' });
      database.createObjectStore('conversations', { keyPath: 'id' });
      database.createObjectStore('person');
    },
    // Another tab wants to remove or upgrade it.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}

export function removeDeviceDatabase(userId: string): Promise<void> {
  return deleteDB(PREFIX + userId);
}
