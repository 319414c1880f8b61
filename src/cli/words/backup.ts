import { isAbsolute, resolve } from 'node:path';
import type { Config, ConfigFlags } from '../../config/config.ts';
import { backupHouse } from '../../storage/backup/backup-house.ts';
import { restoreHouse } from '../../storage/backup/restore-house.ts';
import type { CliContext } from '../cli-context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { formatBytes } from '../terminal.ts';
import { readConfig } from '../word-config.ts';

export interface BackupFlags extends ConfigFlags {
  force?: boolean;
}

export async function backupWord(context: CliContext, file: string, flags: BackupFlags): Promise<ExitCode> {
  const { terminal, texts, interrupts } = context;
  using interrupt = interrupts.signal();
  const { target, house } = readOptions(context, file, flags);
  const { size, counts } = await backupHouse({ ...house, target, signal: interrupt.signal });
  terminal.print(texts.backedUp(target, formatBytes(size), counts.conversation ?? 0, counts.message ?? 0));
  return EXIT.done;
}

export async function restoreWord(context: CliContext, file: string, flags: BackupFlags): Promise<ExitCode> {
  const { terminal, texts, interrupts } = context;
  using interrupt = interrupts.signal();
  const { target: source, house } = readOptions(context, file, flags);
  const restored = await restoreHouse({ ...house, source, signal: interrupt.signal });
  const { counts, createdAt, keptFolder, keptSchema } = restored;
  const when = new Date(createdAt).toLocaleString(context.locale);
  terminal.print(texts.restored(when, counts.conversation ?? 0, counts.message ?? 0));
  const kept = [keptFolder, keptSchema].filter((place) => place !== null);
  if (kept.length > 0) terminal.print(texts.keptAside(kept.join(', ')));
  return EXIT.done;
}

function readOptions(
  context: CliContext,
  file: string,
  flags: BackupFlags,
): {
  target: string;
  house: { dataDirectory: string; postgres: Config['postgres']; force: boolean; clock: CliContext['clock'] };
} {
  const { dataDirectory, postgres } = readConfig(context, flags);
  const target = isAbsolute(file) ? file : resolve(context.callerDirectory, file);
  return { target, house: { dataDirectory, postgres, force: flags.force ?? false, clock: context.clock } };
}
