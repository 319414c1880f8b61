import { existsSync, readFileSync } from 'node:fs';
import { buildConfig, type Config, type ConfigFlags } from '../config/config.ts';
import type { CliContext } from './cli-context.ts';

/** The config a word works with. Throws `InvalidInputError` that names the option. */
export function readConfig(context: CliContext, flags: ConfigFlags): Config {
  return buildConfig({
    flags,
    environment: context.environment,
    platform: context.platform,
    callerDirectory: context.callerDirectory,
    readFile: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
  });
}
