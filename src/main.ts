import { existsSync, readFileSync } from 'node:fs';
import { systemClock } from './base/clock.ts';
import { createLogger } from './base/logger.ts';
import { buildConfig } from './config/config.ts';
import { serve } from './serve.ts';

const config = buildConfig({
  flags: {},
  environment: process.env,
  platform: process.platform,
  callerDirectory: process.env['EVERWITH_CALLER_DIRECTORY'] ?? process.cwd(),
  readFile: (path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined),
});
const house = await serve({
  config,
  logger: createLogger({ level: config.logLevel }),
  clock: systemClock,
  environment: process.env,
});
process.stdout.write(`${house.address}\n`);
process.once('SIGINT', () => void house[Symbol.asyncDispose]());
process.once('SIGTERM', () => void house[Symbol.asyncDispose]());
