import { join } from 'node:path';
import type { Accounts } from './accounts/accounts.ts';
import type { Config } from './config/config.ts';
import { ConversationToolChoices } from './features/tools/conversation-tools.ts';
import { ToolDesk } from './features/tools/tool-desk.ts';
import { ToolServers } from './features/tools/tool-servers.ts';
import type { ToolsContext } from './features/tools/tools-context.ts';
import { ToolHost } from './models/tools/tool-host.ts';
import { ToolServerStore } from './models/tools/tool-server-store.ts';

/** Tools for models: the servers of the house, what people chose, and the desk where calls arrive. */
export function openTools({
  config,
  accounts,
  environment,
  stack,
  ...house
}: Omit<ToolsContext, 'store' | 'host' | 'ownerId'> & {
  config: Config;
  accounts: Accounts;
  environment: Readonly<Record<string, string | undefined>>;
  stack: AsyncDisposableStack;
}) {
  const { storage, clock, logger } = house;
  const store = new ToolServerStore({ db: storage.db, secrets: accounts.secrets });
  const host = stack.use(
    new ToolHost({
      folder: join(config.dataDirectory, 'tool-servers'),
      searchPath: environment['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
      clock,
      logger,
      onList: (id, list) => store.putList(id, { list, now: clock.now() }),
    }),
  );
  const context: ToolsContext = { ...house, store, host, ownerId: accounts.terminalActor.userId };
  return {
    toolServers: new ToolServers(context),
    toolChoices: new ConversationToolChoices(context),
    toolDesk: new ToolDesk(context),
  };
}
