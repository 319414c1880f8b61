/**
 * What may happen to a request. `lose-request`: the server never hears of it. `lose-answer`: it does its work, nobody
 * hears. `double`: it arrives twice at once.
 */
export type Fault = 'none' | 'lose-request' | 'lose-answer' | 'double';

/** Between a client and a server that may move: loses, doubles and cuts on demand, and remembers all that came through. */
export class FaultyNetwork {
  readonly #address: () => string;
  readonly #headers: Record<string, string>;
  readonly #streams = new Set<AbortController>();
  readonly #told: string[] = [];
  /** Changes that the server took though what they were made from was not how things stood. */
  readonly blindChanges: string[] = [];
  #offline = false;
  #next: Fault = 'none';

  constructor(address: () => string, headers: Record<string, string>) {
    this.#address = address;
    this.#headers = headers;
  }

  /** Everything the client was ever told: each answer, and each stream as far as it came. */
  get received(): string {
    return this.#told.join('\n');
  }

  /** Happens to the next request that changes something. */
  failNext(fault: Fault): void {
    this.#next = fault;
  }

  /** Cuts every stream that is open. */
  cut(): void {
    for (const stream of this.#streams) stream.abort();
    this.#streams.clear();
  }

  setOffline(offline: boolean): void {
    this.#offline = offline;
    if (offline) this.cut();
  }

  heal(): void {
    this.#offline = false;
    this.#next = 'none';
  }

  /** For a client whose base address is `http://house`. */
  readonly fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const url = (input instanceof Request ? input.url : String(input)).replace('http://house', this.#address());
    const headers = { ...(init.headers as Record<string, string>), ...this.#headers };
    const fault = init.method === undefined || init.method === 'GET' ? 'none' : this.#takeFault(url);
    if (this.#offline || fault === 'lose-request') throw new TypeError('The network is away.');
    const send = () => globalThis.fetch(url, { ...init, headers });
    const responses = await Promise.all(fault === 'double' ? [send(), send()] : [send()]);
    const [response] = responses;
    if (response === undefined) throw new TypeError('There is no answer.');
    const isStream = response.headers.get('content-type')?.includes('event-stream') ?? false;
    if (isStream) return this.#follow(response);
    const texts = await Promise.all(responses.map((one) => one.text()));
    if (response.ok) this.#judge(url, init.body, texts[0] ?? '');
    if (this.#offline || fault === 'lose-answer') throw new TypeError('The answer was lost.');
    this.#told.push(...texts);
    const { status, headers: answered } = response;
    return new Response(status === 204 ? null : (texts[0] ?? ''), { status, headers: answered });
  };

  #judge(url: string, body: unknown, answer: string): void {
    if (typeof body !== 'string') return;
    const { expectedRevision } = JSON.parse(body) as { expectedRevision?: number };
    if (expectedRevision === undefined) return;
    const { revision } = JSON.parse(answer) as { revision?: number };
    if (revision !== expectedRevision + 1) this.blindChanges.push(`${url}: ${revision} after ${expectedRevision}`);
  }

  #takeFault(url: string): Fault {
    const fault = this.#next;
    this.#next = 'none';
    // Only what carries an id of the client's may come twice without being two.
    return fault === 'double' && !/\/(?:messages|branch-off)$/u.test(url) ? 'none' : fault;
  }

  #follow(response: Response): Response {
    const cutting = new AbortController();
    this.#streams.add(cutting);
    const decoder = new TextDecoder();
    const place = this.#told.push('') - 1;
    const listen = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        this.#told[place] += decoder.decode(chunk, { stream: true });
        controller.enqueue(chunk);
      },
    });
    const { status, headers, body } = response;
    const through = body?.pipeThrough(listen, { signal: cutting.signal }) ?? null;
    return new Response(through, { status, headers });
  }
}
