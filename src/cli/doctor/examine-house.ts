import { access, constants, readFile, stat } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { errorMessage } from '../../base/errors.ts';
import type { Config } from '../../config/config.ts';
import { version } from '../../config/version.ts';
import { inspectStorage, type StorageInspection } from '../../storage/backup/inspection-store.ts';
import { isHouseLocked, readRunningServer } from '../../storage/house-lock.ts';
import type { CliContext } from '../cli-context.ts';
import { formatBytes } from '../terminal.ts';
import { freeBytes } from '../../models/catalog/weights-folder.ts';
import type { Finding } from './finding.ts';

/** Below this a backup, a migration or a model no longer fits, bytes. */
const LITTLE_SPACE = 1_000_000_000;
/** Permission bits of everybody but the owner. */
const OTHERS = 0o077;
const PRIVATE_FILES = ['secret.key', 'terminal-token', 'everwith.sqlite', 'logs/everwith.log'];

const packageSchema = z.object({ version: z.string() });

export async function examineVersions({ texts, webDirectory }: CliContext): Promise<Finding[]> {
  const engine = await engineVersion(webDirectory);
  const web = existsSync(join(webDirectory, 'index.html'));
  return [
    { name: 'everwith', state: 'ok', text: version },
    { name: 'node', state: 'ok', text: process.versions.node },
    engine === null
      ? { name: 'engine', state: 'broken', text: texts.doctor.engineMissing, remedy: texts.doctor.engineRemedy }
      : { name: 'engine', state: 'ok', text: `node-llama-cpp ${engine}` },
    web
      ? { name: 'web', state: 'ok', text: texts.doctor.webBuilt }
      : { name: 'web', state: 'warning', text: texts.doctor.webMissing, remedy: texts.doctor.webRemedy },
  ];
}

async function engineVersion(webDirectory: string): Promise<string | null> {
  try {
    const path = join(webDirectory, '..', '..', 'node_modules', 'node-llama-cpp', 'package.json');
    return packageSchema.parse(JSON.parse(await readFile(path, 'utf8'))).version;
  } catch {
    return null;
  }
}

export async function examineData({ texts }: CliContext, { dataDirectory }: Config): Promise<Finding[]> {
  const { doctor } = texts;
  const nearest = nearestFolder(dataDirectory);
  const free = await freeBytes(nearest).catch(() => null);
  const findings: Finding[] = [];
  const remedy = doctor.dataRemedy;
  if (!(await isWritable(nearest))) {
    findings.push({ name: 'data', state: 'broken', text: doctor.dataNotWritable(dataDirectory), remedy });
  } else if (nearest === dataDirectory) {
    findings.push({ name: 'data', state: 'ok', text: dataDirectory });
  } else {
    findings.push({ name: 'data', state: 'ok', text: doctor.dataAbsent(dataDirectory) });
  }
  findings.push(...(await examineRights(texts, dataDirectory)));
  if (free !== null) {
    findings.push(
      free < LITTLE_SPACE
        ? { name: 'space', state: 'warning', text: doctor.free(formatBytes(free)), remedy: doctor.spaceRemedy }
        : { name: 'space', state: 'ok', text: doctor.free(formatBytes(free)) },
    );
  }
  return findings;
}

async function examineRights({ doctor }: CliContext['texts'], dataDirectory: string): Promise<Finding[]> {
  const open: string[] = [];
  for (const name of ['.', ...PRIVATE_FILES]) {
    const found = await stat(join(dataDirectory, name)).catch(() => undefined);
    if (found && (found.mode & OTHERS) !== 0) open.push(join(dataDirectory, name));
  }
  if (open.length === 0) return [];
  return [
    {
      name: 'rights',
      state: 'warning',
      text: doctor.readableByOthers(open.join(', ')),
      remedy: doctor.rightsRemedy(dataDirectory),
    },
  ];
}

export async function examineServer({ texts }: CliContext, { dataDirectory }: Config): Promise<Finding> {
  const { doctor } = texts;
  if (!existsSync(dataDirectory)) return { name: 'server', state: 'ok', text: doctor.notRunning };
  try {
    if (!(await isHouseLocked(dataDirectory))) return { name: 'server', state: 'ok', text: doctor.notRunning };
  } catch (error) {
    return { name: 'server', state: 'broken', text: errorMessage(error), remedy: doctor.dataRemedy };
  }
  const running = await readRunningServer(dataDirectory);
  return {
    name: 'server',
    state: 'ok',
    text: running ? doctor.running(running.address, running.pid) : doctor.starting,
  };
}

export async function examineStorage(
  { texts }: CliContext,
  config: Config,
): Promise<{ finding: Finding; inspection: StorageInspection | null }> {
  const { doctor } = texts;
  try {
    const inspection = await inspectStorage({ dataDirectory: config.dataDirectory, postgres: config.postgres });
    if (!inspection) return { finding: { name: 'storage', state: 'ok', text: doctor.storageAbsent }, inspection };
    const { engine, faults } = inspection;
    const finding: Finding =
      faults.length === 0
        ? { name: 'storage', state: 'ok', text: doctor.storageWhole(engine) }
        : { name: 'storage', state: 'broken', text: `${engine}: ${faults.join('; ')}`, remedy: doctor.storageRemedy };
    return { finding, inspection };
  } catch (error) {
    const remedy = config.postgres ? doctor.postgresRemedy : doctor.storageRemedy;
    return { finding: { name: 'storage', state: 'broken', text: errorMessage(error), remedy }, inspection: null };
  }
}

function nearestFolder(path: string): string {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

async function isWritable(path: string): Promise<boolean> {
  const entry = await stat(path).catch(() => undefined);
  if (!entry?.isDirectory()) return false;
  return access(path, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
