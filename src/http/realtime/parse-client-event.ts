import type { z } from 'zod';
import { realtimeClientEventSchema, type RealtimeClientEvent } from '../../../contract/realtime-client-events.ts';
import { RealtimeFault } from './realtime-fault.ts';

/** Names of the protocol's form before it became generally available, and where they went. */
const OLDER_NAMES: Readonly<Record<string, string>> = {
  modalities: 'output_modalities',
  voice: 'audio.output.voice',
  speed: 'audio.output.speed',
  turn_detection: 'audio.input.turn_detection',
  input_audio_format: 'audio.input.format',
  output_audio_format: 'audio.output.format',
  input_audio_transcription: 'audio.input.transcription',
  input_audio_noise_reduction: 'audio.input.noise_reduction',
  max_response_output_tokens: 'max_output_tokens',
};

export interface ParsedEvent {
  /** `event_id`, also of an event that is refused. */
  eventId: string | null;
  result: { event: RealtimeClientEvent } | { fault: RealtimeFault };
  /** True where the message is no event at all. */
  nonsense: boolean;
}

/** Reads one text message. Never throws; what is wrong is named with its field. */
export function parseClientEvent(text: string): ParsedEvent {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(null, new RealtimeFault('The message is not valid JSON.', { code: 'invalid_json' }), true);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(null, new RealtimeFault('An event is a JSON object with a “type”.', { code: 'invalid_event' }), true);
  }
  const { event_id: id, type } = value as { event_id?: unknown; type?: unknown };
  const eventId = typeof id === 'string' ? id.slice(0, 512) : null;
  if (typeof type !== 'string') {
    return refuse(
      eventId,
      new RealtimeFault('The event has no “type”.', { code: 'missing_type', param: 'type' }),
      true,
    );
  }
  const parsed = realtimeClientEventSchema.safeParse(value);
  if (parsed.success) return { eventId, result: { event: parsed.data }, nonsense: false };
  return refuse(eventId, describe(type, parsed.error), false);
}

function refuse(eventId: string | null, fault: RealtimeFault, nonsense: boolean): ParsedEvent {
  return { eventId, result: { fault }, nonsense };
}

function describe(type: string, error: z.ZodError): RealtimeFault {
  const issue = error.issues[0];
  if (!issue || (issue.path.length === 1 && issue.path[0] === 'type')) {
    return new RealtimeFault(`There is no client event “${type.slice(0, 80)}” here.`, {
      code: 'unknown_event',
      param: 'type',
    });
  }
  const path = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') {
    return new RealtimeFault(`${path}: ${issue.message}`, { code: 'invalid_value', param: path });
  }
  const key = issue.keys[0] ?? '';
  const param = path === '' ? key : `${path}.${key}`;
  const newer = path === 'session' ? OLDER_NAMES[key] : undefined;
  const message =
    newer === undefined
      ? `${param} is not known here.`
      : `${param} belongs to the protocol’s older form; send session.${newer} instead.`;
  return new RealtimeFault(message, { code: 'unknown_parameter', param });
}
