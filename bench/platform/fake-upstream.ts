/**
 * A provider that costs next to nothing, so that what stands before it can be measured: OpenAI's chat completions over
 * bare sockets, one short answer, or fifty pieces of it one after the other where the request says `stream`.
 * Argument: port.
 */
import { createServer, type Socket } from 'node:net';

/** Pieces of a streamed answer. */
const PIECES = 50;

const head = { id: 'chatcmpl-1', created: 1_700_000_000, model: 'bench' };
const usage = { prompt_tokens: 24, completion_tokens: PIECES, total_tokens: 24 + PIECES };
const whole = answerOf(
  'application/json',
  JSON.stringify({
    ...head,
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: 'Hello there, how can I help you today?', refusal: null },
        logprobs: null,
        finish_reason: 'stop',
      },
    ],
    usage,
  }),
);
const healthy = answerOf('text/plain', 'ok');
const streamHead = Buffer.from(
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: keep-alive\r\n\r\n',
);
const pieces = [
  ...Array.from({ length: PIECES }, (_, index) => frameOf([{ index: 0, delta: { content: ` w${index}` } }])),
  frameOf([{ index: 0, delta: {}, finish_reason: 'stop' }]),
];
const usagePiece = chunkOf(`data: ${JSON.stringify({ ...head, choices: [], usage })}\n\n`);
const end = Buffer.concat([chunkOf('data: [DONE]\n\n'), Buffer.from('0\r\n\r\n')]);

function answerOf(type: string, body: string): Buffer {
  return Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `connection: keep-alive\r\n\r\n${body}`,
  );
}

function frameOf(choices: readonly object[]): Buffer {
  return chunkOf(`data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices })}\n\n`);
}

function chunkOf(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  let rest = '';
  socket.on('error', () => socket.destroy());
  socket.on('data', (data) => {
    rest += data.toString('latin1');
    const headersEnd = rest.indexOf('\r\n\r\n');
    if (headersEnd < 0) return;
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(rest.slice(0, headersEnd + 2))?.[1] ?? 0);
    const bodyEnd = headersEnd + 4 + length;
    if (isChunked(rest, headersEnd) ? !rest.endsWith('0\r\n\r\n') : rest.length < bodyEnd) return;
    const request = rest;
    rest = '';
    answer(socket, request);
  });
}

function isChunked(text: string, headersEnd: number): boolean {
  return /\r\ntransfer-encoding: *chunked/i.test(text.slice(0, headersEnd + 2));
}

function answer(socket: Socket, request: string): void {
  if (request.startsWith('GET')) return void socket.write(healthy);
  if (!/"stream": ?true/.test(request)) return void socket.write(whole);
  const frames = /"include_usage": ?true/.test(request) ? [...pieces, usagePiece, end] : [...pieces, end];
  socket.write(streamHead);
  const next = (index: number): void => {
    const frame = frames[index];
    if (frame === undefined || socket.destroyed) return;
    socket.write(frame);
    setImmediate(next, index + 1);
  };
  next(0);
}

createServer(serve).listen(Number(process.argv[2]), '127.0.0.1');
