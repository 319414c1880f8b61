import type { SaveToolServer, ToolServer } from '../../../contract/tools.ts';
import { requireOwner, type Actor } from '../../accounts/actor.ts';
import { InvalidInputError, NotFoundError } from '../../base/errors.ts';
import type { ToolServerRecord } from '../../models/tools/tool-server-store.ts';
import type { ToolsContext } from './tools-context.ts';

/** Servers of one house; each may hold two hundred tools. */
const MOST_SERVERS = 50;

/** Servers of tools, as the owner sets them up. */
export class ToolServers {
  readonly #context: ToolsContext;

  constructor(context: ToolsContext) {
    this.#context = context;
  }

  async list(actor: Actor): Promise<ToolServer[]> {
    requireOwner(actor);
    return (await this.#context.store.list()).map((record) => this.#present(record));
  }

  /** Keeps the server and reads its tools; one that cannot be started is kept with its problem. */
  async create(actor: Actor, input: SaveToolServer, signal: AbortSignal): Promise<ToolServer> {
    requireOwner(actor);
    const { store, clock, newId } = this.#context;
    const servers = await store.list();
    if (servers.length >= MOST_SERVERS) {
      throw new InvalidInputError(`A house has at most ${MOST_SERVERS} servers of tools: remove one first.`);
    }
    const record: ToolServerRecord = {
      id: newId(),
      ...fromInput(input, null),
      disabledTools: [],
      list: { tools: [], total: 0 },
      listedAt: null,
      createdAt: clock.now(),
    };
    await store.put(record);
    return this.#readAnew(record, signal);
  }

  async update(
    actor: Actor,
    id: string,
    { input, signal }: { input: SaveToolServer; signal: AbortSignal },
  ): Promise<ToolServer> {
    requireOwner(actor);
    const before = await this.#context.store.read(id);
    const record = { ...before, ...fromInput(input, before) };
    await this.#context.store.put(record);
    return this.#isReachedAsBefore(before, record) ? this.#present(record) : this.#readAnew(record, signal);
  }

  /** Whom it is shared with changes nothing of what it lists. */
  #isReachedAsBefore(before: ToolServerRecord, record: ToolServerRecord): boolean {
    const reached = ({ name, address, secrets, enabled }: ToolServerRecord) =>
      JSON.stringify([
        name,
        address,
        Object.entries(secrets).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        enabled,
      ]);
    if (record.listedAt === null || this.#context.host.status(record.id).state === 'failed') return false;
    return reached(before) === reached(record);
  }

  /** Starts it again and reads what it lists now. */
  async refresh(actor: Actor, id: string, signal: AbortSignal): Promise<ToolServer> {
    requireOwner(actor);
    return this.#readAnew(await this.#context.store.read(id), signal);
  }

  async setTool(actor: Actor, id: string, { tool, enabled }: { tool: string; enabled: boolean }): Promise<ToolServer> {
    requireOwner(actor);
    const record = await this.#context.store.read(id);
    if (!record.list.tools.some(({ name }) => name === tool)) {
      throw new NotFoundError('This server has no such tool.', { field: 'tool' });
    }
    const others = record.disabledTools.filter((name) => name !== tool);
    await this.#context.store.put({ ...record, disabledTools: enabled ? others : [...others, tool] });
    return this.#present(await this.#context.store.read(id));
  }

  async delete(actor: Actor, id: string): Promise<void> {
    requireOwner(actor);
    await this.#context.store.delete(id);
    await this.#context.host.remove(id);
  }

  async #readAnew(record: ToolServerRecord, signal: AbortSignal): Promise<ToolServer> {
    const { host, store, logger } = this.#context;
    if (record.enabled) {
      // What goes wrong stands in the server's state, where the owner reads it.
      await host.list(record, signal, { anew: true }).catch((error: unknown) => {
        signal.throwIfAborted();
        logger.debug({ serverId: record.id, name: error instanceof Error ? error.name : '' }, 'no tools were read');
      });
    } else await host.forget(record.id);
    return this.#present(await store.read(record.id));
  }

  #present(record: ToolServerRecord): ToolServer {
    const { address, list } = record;
    const { state, problem, refused } = this.#context.host.status(record.id);
    return {
      id: record.id,
      name: record.name,
      transport: address.transport,
      command: address.transport === 'stdio' ? address.command : '',
      args: address.transport === 'stdio' ? [...address.args] : [],
      url: address.transport === 'http' ? address.url : '',
      privateAddresses: address.transport === 'http' && address.privateAddresses,
      secretNames: Object.keys(record.secrets).toSorted(),
      enabled: record.enabled,
      shared: record.shared,
      state,
      problem,
      refused: [...refused],
      tools: list.tools.map(({ digest: _digest, ...tool }) => ({
        ...tool,
        enabled: !record.disabledTools.includes(tool.name),
      })),
      toolCount: list.total,
      listedAt: record.listedAt,
      createdAt: record.createdAt,
    };
  }
}

type Settings = Pick<ToolServerRecord, 'name' | 'address' | 'secrets' | 'enabled' | 'shared'>;

function fromInput(input: SaveToolServer, before: ToolServerRecord | null): Settings {
  const { name, enabled, shared } = input;
  const address =
    input.transport === 'stdio'
      ? ({ transport: 'stdio', command: input.command, args: input.args } as const)
      : ({ transport: 'http', url: input.url, privateAddresses: input.privateAddresses } as const);
  const kept = before && isSamePlace(before, input) ? before.secrets : {};
  const secrets: Record<string, string> = {};
  for (const [key, value] of Object.entries(input.secrets)) {
    const secret = value ?? kept[key];
    if (secret === undefined) {
      throw new InvalidInputError(`Enter the value of ${key} again: it was kept for another address.`, {
        code: 'secret-missing',
        field: `secrets.${key}`,
      });
    }
    secrets[key] = secret;
  }
  return { name: name.trim(), address, secrets, enabled, shared };
}

/** A secret belongs to where it was given for: it goes to no other program and no other host. */
function isSamePlace({ address }: ToolServerRecord, input: SaveToolServer): boolean {
  if (address.transport === 'stdio') return input.transport === 'stdio' && input.command === address.command;
  return input.transport === 'http' && new URL(input.url).origin === new URL(address.url).origin;
}
