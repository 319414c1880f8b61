/**
 * Loaded into a measured process with `--import`: answers each message with what happened since the last one.
 * Everything is read inside the process, so that neither start-up nor the asking counts.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between looks; the histogram counts the waiting itself, so it is taken off again. */
const RESOLUTION_IN_MS = 5;
const MS_PER_NANOSECOND = 1e-6;

/** What a process did since it was asked before. */
export interface ProcessSample {
  cpuInMs: number;
  residentBytes: number;
  /** The longest the event loop was held up, in 99 of 100 looks. */
  loopDelayP99InMs: number;
}

const delay = monitorEventLoopDelay({ resolution: RESOLUTION_IN_MS });
let before = process.cpuUsage();
delay.enable();

process.on('message', () => {
  const { user, system } = process.cpuUsage(before);
  const sample: ProcessSample = {
    cpuInMs: (user + system) / 1000,
    residentBytes: process.memoryUsage.rss(),
    loopDelayP99InMs: Math.max(0, delay.percentile(99) * MS_PER_NANOSECOND - RESOLUTION_IN_MS),
  };
  process.send?.(sample);
  delay.reset();
  before = process.cpuUsage();
});
process.channel?.unref();
