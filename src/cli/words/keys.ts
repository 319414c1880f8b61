import type { z } from 'zod';
import { keyScopeSchema } from '../../../contract/accounts.ts';
import type { ApiClient } from '../../../client/create-client.ts';
import { InvalidInputError } from '../../base/errors.ts';
import type { ConfigFlags } from '../../config/config.ts';
import type { CliContext } from '../cli-context.ts';
import { withHouse } from '../connect.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { padEnd } from '../terminal.ts';
import { readConfig } from '../word-config.ts';

export interface CreateKeyFlags extends ConfigFlags {
  name: string;
  scope?: string[];
  json?: boolean;
}

export async function createKeyWord(context: CliContext, flags: CreateKeyFlags): Promise<ExitCode> {
  const { terminal, texts } = context;
  const scopes = flags.scope?.flatMap((scope) => scope.split(',')).map(parseScope);
  return withKeys(context, flags, async (client, signal) => {
    const body = { name: flags.name, ...(scopes ? { scopes } : {}) };
    const { id, name, key } = await client.call('createKey', { body, signal });
    if (flags.json) {
      terminal.print(JSON.stringify({ id, name, key }));
    } else {
      terminal.print(`${name}  ${id}`);
      terminal.print(key);
      terminal.note(texts.keyOnce);
    }
    return EXIT.done;
  });
}

export async function listKeysWord(context: CliContext, flags: ConfigFlags & { json?: boolean }): Promise<ExitCode> {
  const { terminal, texts } = context;
  return withKeys(context, flags, async (client, signal) => {
    const { keys } = await client.call('keys', { signal });
    if (flags.json) terminal.print(JSON.stringify({ keys }, null, 2));
    else if (keys.length === 0) terminal.print(texts.noKeys);
    else {
      for (const { id, name, prefix, scopes, revokedAt } of keys) {
        const state = revokedAt === null ? '' : `  ${texts.revoked}`;
        terminal.print(`${id}  ${padEnd(`${prefix}…`, 12)}  ${scopes.join(',')}  ${name}${state}`);
      }
    }
    return EXIT.done;
  });
}

export async function revokeKeyWord(context: CliContext, id: string, flags: ConfigFlags): Promise<ExitCode> {
  return withKeys(context, flags, async (client, signal) => {
    await client.call('revokeKey', { params: { id }, signal });
    context.terminal.print(context.texts.keyRevoked(id));
    return EXIT.done;
  });
}

type KeyWork = (client: ApiClient, signal: AbortSignal) => Promise<ExitCode>;

async function withKeys(context: CliContext, flags: ConfigFlags, work: KeyWork): Promise<ExitCode> {
  using interrupt = context.interrupts.signal();
  const { signal } = interrupt;
  const config = readConfig(context, flags);
  return await withHouse(context, { config, wake: false, signal }, (client) => work(client, signal));
}

function parseScope(text: string): z.infer<typeof keyScopeSchema> {
  const scope = keyScopeSchema.safeParse(text.trim());
  if (scope.success) return scope.data;
  throw new InvalidInputError(`There is no scope “${text}”; there are ${keyScopeSchema.options.join(', ')}.`, {
    field: 'scope',
  });
}
