import { writeFileSync } from 'node:fs';
import { InvalidInputError } from '../../base/errors.ts';
import { toWireError, type FromChild, type MethodTable, type ToChild } from './rpc.ts';

export type ChildLog = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void;

export interface CallContext<Event> {
  signal: AbortSignal;
  emit(event: Event): void;
}

export type Handlers<Table extends MethodTable> = {
  [Name in keyof Table]: (
    params: Table[Name]['params'],
    context: CallContext<Table[Name]['event']>,
  ) => Promise<Table[Name]['result']>;
};

export interface ServedProgram<Table extends MethodTable, Info> {
  info: Info;
  handlers: Handlers<Table>;
  /** Runs once, after every call was cancelled; the process exits when it settles. */
  stop(): Promise<void>;
}

/** Often enough that a missing one means a stuck event loop, rare enough to cost nothing. */
const heartbeatInMs = 1000;
/** Linux only, -1000..1000: when memory runs out the kernel should take the engine, not the server. */
const outOfMemoryScore = '500';

/**
 * The child's half of a supervised process: answers `start`, dispatches calls, sends heartbeats.
 * It never outlives its parent: a closed channel ends it at once (nothing it writes is ever half-visible,
 * so there is nothing to finish). Terminal signals go to the whole process group; the parent decides, so they
 * are ignored here.
 */
export function serveChild<Table extends MethodTable, Info>(
  start: (options: unknown, log: ChildLog) => Promise<ServedProgram<Table, Info>>,
): void {
  const running = new Map<number, AbortController>();
  let program: ServedProgram<Table, Info> | undefined;
  const send = (message: FromChild): void => {
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  };
  const log: ChildLog = (level, message, fields = {}) => send({ type: 'log', level, message, fields });

  const call = async (id: number, method: string, params: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      if (!program || !Object.hasOwn(program.handlers, method)) {
        throw new InvalidInputError(`The child program has no method "${method}".`);
      }
      const handler = program.handlers[method as keyof Table];
      const value = await handler(params as Table[keyof Table]['params'], {
        signal: controller.signal,
        emit: (event) => send({ type: 'event', id, value: event }),
      });
      send({ type: 'result', id, value });
    } catch (error) {
      send({ type: 'failure', id, error: toWireError(error) });
    } finally {
      running.delete(id);
    }
  };

  const stop = async (): Promise<void> => {
    for (const controller of running.values()) controller.abort();
    await program?.stop();
    process.disconnect();
  };

  process.on('message', (message: ToChild) => {
    switch (message.type) {
      case 'start':
        start(message.options, log).then(
          (started) => {
            program = started;
            send({ type: 'ready', info: started.info });
          },
          (error: unknown) => send({ type: 'start-failed', error: toWireError(error) }),
        );
        break;
      case 'call':
        void call(message.id, message.method, message.params);
        break;
      case 'cancel':
        running.get(message.id)?.abort();
        break;
      case 'stop':
        stop().catch((error: unknown) => {
          log('error', 'child did not stop cleanly', { error: toWireError(error) });
          process.disconnect();
        });
        break;
      default:
        message satisfies never;
    }
  });
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  setInterval(() => send({ type: 'beat' }), heartbeatInMs);
  preferToBeKilled();
}

function preferToBeKilled(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/oom_score_adj', outOfMemoryScore);
  } catch {
    // A sandbox may forbid it; it is only a preference.
  }
}
