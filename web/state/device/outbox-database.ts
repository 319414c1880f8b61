import type { OutboxLock, OutboxStorage } from '../../../client/outbox-storage.ts';
import { openDeviceDatabase, type DeviceDatabase } from './device-database.ts';

/** Unsent messages of one person in the browser's database; other tabs are told of changes. */
export function createOutboxDatabase(userId: string): OutboxStorage {
  let opened: Promise<DeviceDatabase> | null = null;
  const database = () => {
    // A failed opening is tried again with the next message.
    opened ??= openDeviceDatabase(userId).catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return opened;
  };
  const name = `everwith-outbox-${userId}`;
  const tell = () => {
    if (typeof BroadcastChannel === 'undefined') return;
    const channel = new BroadcastChannel(name);
    channel.postMessage(null);
    channel.close();
  };
  return {
    list: async () => (await database()).getAll('outbox'),
    put: async (message) => {
      await (await database()).put('outbox', message);
      tell();
    },
    remove: async (clientId) => {
      await (await database()).delete('outbox', clientId);
      tell();
    },
    watch: (listener) => {
      if (typeof BroadcastChannel === 'undefined') return () => undefined;
      const channel = new BroadcastChannel(name);
      channel.addEventListener('message', listener);
      return () => channel.close();
    },
  };
}

/** One tab at a time where the browser has locks, which it has on secure addresses only. */
export const lockAcrossTabs: OutboxLock = (name, work) => {
  // Plain addresses of a network at home have none, whatever the types say.
  const locks = navigator.locks as LockManager | undefined;
  return locks ? locks.request(name, work) : work();
};
