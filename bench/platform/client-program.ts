/** The clients of `client-load.ts`, over bare sockets: an HTTP client would cost as much as what it measures. */
import { connect, type Socket } from 'node:net';
import type { LoadOrder, LoadReport } from './client-load.ts';

const CHUNKS_END = '0\r\n\r\n';

/** An answer as it arrives. */
interface Arriving {
  sentAt: number;
  head: string;
  /** Bytes still to come; null until the headers are there, Infinity while chunks come. */
  left: number | null;
  tail: string;
  firstByteAt: number | null;
}

async function obey(order: LoadOrder): Promise<LoadReport> {
  const request = Buffer.from(requestOf(order));
  const report: LoadReport = { count: 0, refused: 0, perSecond: 0, latenciesInMs: [], firstBytesInMs: [] };
  const startedAt = performance.now();
  const until = startedAt + order.durationInMs;
  await Promise.all(
    Array.from({ length: order.connections }, () => runConnection({ port: order.port, request, until, report })),
  );
  report.perSecond = (1000 * report.count) / (performance.now() - startedAt);
  return report;
}

function requestOf({ port, path, headers, body }: LoadOrder): string {
  const lines = Object.entries({
    host: `127.0.0.1:${port}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}`);
  return `POST ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

interface Connection {
  port: number;
  request: Buffer;
  until: number;
  report: LoadReport;
}

function runConnection({ port, request, until, report }: Connection): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    let answer = send();
    function send(): Arriving {
      socket.write(request);
      return { sentAt: performance.now(), head: '', left: null, tail: '', firstByteAt: null };
    }
    socket.on('data', (data) => {
      if (!take(answer, data)) return;
      const now = performance.now();
      report.count += 1;
      if (!answer.head.startsWith('HTTP/1.1 200')) report.refused += 1;
      report.latenciesInMs.push(now - answer.sentAt);
      report.firstBytesInMs.push((answer.firstByteAt ?? now) - answer.sentAt);
      if (now < until) answer = send();
      else socket.end(resolve);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve());
  });
}

/** True when the answer is whole. */
function take(answer: Arriving, data: Buffer): boolean {
  let body = data;
  if (answer.left === null) {
    const before = answer.head.length;
    answer.head += data.toString('latin1');
    const end = answer.head.indexOf('\r\n\r\n');
    if (end < 0) return false;
    body = data.subarray(end + 4 - before);
    answer.head = answer.head.slice(0, end + 2);
    const length = /\r\ncontent-length: *(\d+)/i.exec(answer.head)?.[1];
    answer.left = length === undefined ? Number.POSITIVE_INFINITY : Number(length);
  }
  if (body.length > 0) answer.firstByteAt ??= performance.now();
  answer.left -= body.length;
  if (Number.isFinite(answer.left)) return answer.left <= 0;
  answer.tail = (answer.tail + body.subarray(-CHUNKS_END.length).toString('latin1')).slice(-CHUNKS_END.length);
  return answer.tail === CHUNKS_END;
}

process.on('message', (order: LoadOrder) => void obey(order).then((report) => process.send?.(report)));
process.on('disconnect', () => process.exit(0));
