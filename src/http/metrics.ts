import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { HttpApp } from './http-app.ts';

const SECONDS_PER_NANOSECOND = 1e-9;
/** Between two looks at the event loop; Node's histogram counts this waiting itself, so it is taken off again. */
const LOOP_RESOLUTION_IN_MS = 10;
const MICROSECONDS_PER_SECOND = 1e6;
/** Seconds; from a cached read to a request that waits for a model. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Measures requests, the event loop and the process into `registry`, which other rooms add to. */
export function registerMetrics(app: HttpApp, registry: Registry): void {
  const durations = new Histogram({
    name: 'everwith_http_request_duration_seconds',
    help: 'Time from a request to the end of its answer, by route template. Event streams are not counted.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers: [registry],
  });
  app.decorate('observeAnswer', ({ method, route, status }, durationInMs) => {
    durations.observe({ method, route, status }, durationInMs / 1000);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    if (!app.eventStreams.has(request)) {
      app.observeAnswer({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime);
    }
    done();
  });
  registerGauge(registry, 'everwith_http_event_streams', 'Event streams open now.', () => app.eventStreams.size);
  registerProcessMetrics(app, registry);
}

function registerProcessMetrics(app: HttpApp, registry: Registry): void {
  const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_IN_MS });
  delay.enable();
  app.addHook('onClose', async () => {
    delay.disable();
  });
  for (const percentile of [50, 99]) {
    registerGauge(
      registry,
      `everwith_event_loop_delay_p${percentile}_seconds`,
      `Event loop delay since the start, ${percentile}th percentile.`,
      () => Math.max(0, delay.percentile(percentile) * SECONDS_PER_NANOSECOND - LOOP_RESOLUTION_IN_MS / 1000),
    );
  }
  registerGauge(registry, 'process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  registerGauge(registry, 'nodejs_heap_size_used_bytes', 'Heap in use.', () => process.memoryUsage().heapUsed);
  const cpu: Counter = new Counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time.',
    registers: [registry],
    collect: () => {
      const { user, system } = process.cpuUsage();
      cpu.reset();
      cpu.inc((user + system) / MICROSECONDS_PER_SECOND);
    },
  });
  registerGauge(registry, 'process_uptime_seconds', 'Time since the process started.', () => process.uptime());
}

function registerGauge(registry: Registry, name: string, help: string, read: () => number): void {
  const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(read()) });
}
