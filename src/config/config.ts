import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { InvalidInputError } from '../base/errors.ts';

export const DEFAULT_HOST = '127.0.0.1';
export const DEFAULT_PORT = 4321;
/** Of HTTPS for other devices, when its owner switches it on. */
export const DEFAULT_HTTPS_PORT = 4343;

export const roleSchema = z.enum(['web', 'worker', 'models']);
export type Role = z.infer<typeof roleSchema>;

/** Everything the house may know of its surroundings, validated before anything starts. */
export interface Config {
  host: string;
  port: number;
  /** False when the port is only the default, so that the next free one may be taken. */
  portAsked: boolean;
  httpsPort: number;
  /** The person's data: database, secrets, blobs, engine states, backups. */
  dataDirectory: string;
  /** Weights and other things that can be fetched again; shared by all data folders. */
  cacheDirectory: string;
  roles: readonly Role[];
  openBrowser: boolean;
  /** Absent = SQLite in the data folder. */
  postgres: { url: string; schema?: string } | null;
  logLevel: string;
  /** Host names, besides the loopback ones and `host`, that requests may name. */
  allowedHosts: readonly string[];
  /** Lets a scraper beyond loopback read `/metrics`. */
  metricsToken: string | null;
  /** A script for the scripted provider; only tests set it. */
  scriptedModel: string | null;
  /** Bytes of engine states kept on disk. */
  statesBudget: number;
  /** Offline: never ask a hub or package mirror for anything. */
  offline: boolean;
  /** Links to cards may lead into private networks and to this machine. */
  privateLinks: boolean;
  /** `PATH`: where programs of the machine are looked for. */
  searchPath: string;
  /** Calls that one person with all their programs may make; null = what suits a household. */
  callsPerMinute: number | null;
}

const fileSchema = z.strictObject({
  host: z.string().optional(),
  port: z.int().min(0).max(65_535).optional(),
  httpsPort: z.int().min(0).max(65_535).optional(),
  roles: z.array(roleSchema).optional(),
  postgres: z.strictObject({ url: z.string().min(1), schema: z.string().optional() }).optional(),
  logLevel: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).optional(),
  allowedHosts: z.array(z.string().min(1)).optional(),
  metricsToken: z.string().min(16).optional(),
  statesBudgetGiB: z.number().nonnegative().max(1024).optional(),
  offline: z.boolean().optional(),
  privateLinks: z.boolean().optional(),
  callsPerMinute: z.int().positive().optional(),
});

export interface ConfigFlags {
  host?: string | undefined;
  port?: string | undefined;
  data?: string | undefined;
  config?: string | undefined;
  roles?: string | undefined;
  open?: boolean | undefined;
}

export interface ConfigInput {
  flags: ConfigFlags;
  environment: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  /** Where the caller stands; relative paths start here. */
  callerDirectory: string;
  /** Returns a file's text, or undefined when it does not exist. */
  readFile: (path: string) => string | undefined;
}

/** Flags win over the environment, the environment over the file, the file over the defaults. */
export function buildConfig({ flags, environment, platform, callerDirectory, readFile }: ConfigInput): Config {
  const at = (path: string) => (isAbsolute(path) ? path : resolve(callerDirectory, path));
  const home = environment['HOME'] ?? homedir();
  const dataDirectory = at(
    flags.data ?? environment['EVERWITH_DATA'] ?? defaultFolder({ kind: 'data', environment, platform, home }),
  );
  const cacheDirectory = at(
    environment['EVERWITH_CACHE'] ?? defaultFolder({ kind: 'cache', environment, platform, home }),
  );
  const file = readConfigFile({ flags, environment, at, dataDirectory, readFile });
  const askedPort = flags.port ?? environment['EVERWITH_PORT'] ?? file.port;
  const postgresUrl = environment['EVERWITH_POSTGRES'] ?? file.postgres?.url;
  const postgresSchema = environment['EVERWITH_POSTGRES_SCHEMA'] ?? file.postgres?.schema;
  return {
    host: flags.host ?? environment['EVERWITH_HOST'] ?? file.host ?? DEFAULT_HOST,
    port: askedPort === undefined ? DEFAULT_PORT : parsePort(askedPort),
    portAsked: askedPort !== undefined,
    httpsPort: parsePort(environment['EVERWITH_HTTPS_PORT'] ?? file.httpsPort ?? DEFAULT_HTTPS_PORT),
    dataDirectory,
    cacheDirectory,
    roles: parseRoles(flags.roles ?? environment['EVERWITH_ROLES']) ?? file.roles ?? roleSchema.options,
    openBrowser: (flags.open ?? true) && environment['CI'] === undefined,
    postgres: postgresUrl ? { url: postgresUrl, ...(postgresSchema ? { schema: postgresSchema } : {}) } : null,
    logLevel: environment['EVERWITH_LOG'] ?? file.logLevel ?? 'info',
    allowedHosts:
      environment['EVERWITH_ALLOWED_HOSTS']?.split(',').map((name) => name.trim()) ?? file.allowedHosts ?? [],
    metricsToken: environment['EVERWITH_METRICS_TOKEN'] ?? file.metricsToken ?? null,
    scriptedModel: environment['EVERWITH_SCRIPTED_MODEL'] ? at(environment['EVERWITH_SCRIPTED_MODEL']) : null,
    statesBudget: (file.statesBudgetGiB ?? 2) * 1024 ** 3,
    offline: environment['EVERWITH_OFFLINE'] === '1' || (file.offline ?? false),
    privateLinks: environment['EVERWITH_PRIVATE_LINKS'] === '1' || (file.privateLinks ?? false),
    searchPath: environment['PATH'] ?? '',
    callsPerMinute: parseCalls(environment['EVERWITH_CALLS_PER_MINUTE']) ?? file.callsPerMinute ?? null,
  };
}

/** XDG Base Directory Specification 0.8; on macOS the Library folders unless XDG variables are set. */
function defaultFolder({
  kind,
  environment,
  platform,
  home,
}: {
  kind: 'data' | 'cache';
  environment: Record<string, string | undefined>;
  platform: NodeJS.Platform;
  home: string;
}): string {
  const asked = environment[kind === 'data' ? 'XDG_DATA_HOME' : 'XDG_CACHE_HOME'];
  if (asked && isAbsolute(asked)) return join(asked, 'everwith');
  if (platform === 'darwin') {
    return join(home, 'Library', kind === 'data' ? 'Application Support' : 'Caches', 'Everwith');
  }
  return join(home, kind === 'data' ? join('.local', 'share') : '.cache', 'everwith');
}

function readConfigFile({
  flags,
  environment,
  at,
  dataDirectory,
  readFile,
}: {
  flags: ConfigFlags;
  environment: Record<string, string | undefined>;
  at: (path: string) => string;
  dataDirectory: string;
  readFile: (path: string) => string | undefined;
}): z.infer<typeof fileSchema> {
  const asked = flags.config ?? environment['EVERWITH_CONFIG'];
  const path = asked ? at(asked) : join(dataDirectory, 'config.json');
  const text = readFile(path);
  if (text === undefined) {
    if (asked) throw new InvalidInputError(`The config file ${path} does not exist.`, { field: 'config' });
    return {};
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidInputError(`The config file ${path} is not valid JSON.`, { field: 'config', cause: error });
  }
  const parsed = fileSchema.safeParse(value);
  if (!parsed.success) {
    throw new InvalidInputError(`The config file ${path} is not right: ${z.prettifyError(parsed.error)}`, {
      field: 'config',
    });
  }
  return parsed.data;
}

function parsePort(value: string | number): number {
  const port = typeof value === 'number' ? value : Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535 || value === '') {
    throw new InvalidInputError(`The port must be a whole number from 0 to 65535, not “${value}”.`, { field: 'port' });
  }
  return port;
}

function parseCalls(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  const calls = Number(text);
  if (Number.isInteger(calls) && calls > 0) return calls;
  throw new InvalidInputError(`EVERWITH_CALLS_PER_MINUTE must be a whole number above 0, not “${text}”.`, {
    field: 'callsPerMinute',
  });
}

function parseRoles(text: string | undefined): Role[] | undefined {
  if (text === undefined || text === 'all') return undefined;
  return text.split(',').map((name) => {
    const role = roleSchema.safeParse(name.trim());
    if (role.success) return role.data;
    throw new InvalidInputError(`There is no role “${name}”; the roles are ${roleSchema.options.join(', ')} and all.`, {
      field: 'roles',
    });
  });
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export function isLoopback(host: string): boolean {
  return LOOPBACK.has(host) || /^127(\.\d{1,3}){3}$/.test(host);
}
