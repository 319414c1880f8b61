import type { StreamFrames } from './send-chunks.ts';

/** Streams whose events have a type and no mark at their end, as those of `/v1/responses`. */
export const TYPED_EVENTS: StreamFrames = {
  frame: (event) => `event: ${(event as { type: string }).type}\ndata: ${JSON.stringify(event)}\n\n`,
  fault: ({ error: { message, code, param } }) => {
    const event = { type: 'error', code, message, param, sequence_number: 0 };
    return `event: error\ndata: ${JSON.stringify(event)}\n\n`;
  },
  end: '',
};
