import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { Logger } from '../../base/logger.ts';
import type { EventWriter } from '../../events/event-store.ts';
import type { ModelDirectory } from '../../models/routing/model-directory.ts';
import type { ToolHost } from '../../models/tools/tool-host.ts';
import type { ToolServerStore } from '../../models/tools/tool-server-store.ts';
import type { Storage } from '../../storage/storage.ts';

export interface ToolsContext {
  storage: Storage;
  store: ToolServerStore;
  host: ToolHost;
  directory: ModelDirectory;
  events: EventWriter;
  clock: Clock;
  newId: NewId;
  logger: Logger;
  /** Whose house it is. */
  ownerId: string;
}
