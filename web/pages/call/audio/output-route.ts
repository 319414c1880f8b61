/**
 * How our voice gets from the audio graph to the loudspeaker.
 *   direct    the context's own destination
 *   element   an audio element: where only elements can be given another loudspeaker (Firefox, Safari)
 *   loopback  over a connection of the page to itself and an audio element: Chromium before 113 and on Android cancels
 *             only the echo of what a peer connection plays, not of Web Audio. Costs some 60 ms.
 */
export type OutputWay = 'direct' | 'element' | 'loopback';

/** From this version Chromium's canceller hears everything that the browser plays. */
const CHROMIUM_WITH_WIDE_CANCELLER = 113;

interface SinkContext extends AudioContext {
  /** Chromium 110 and newer. */
  setSinkId?: (id: string) => Promise<void>;
}

export function chooseOutputWay({
  loopback,
  speaker,
  userAgent,
}: {
  loopback: 'auto' | 'on' | 'off';
  speaker: string;
  userAgent: string;
}): OutputWay {
  const chromium = Number(/Chrom(?:e|ium)\/(\d+)/.exec(userAgent)?.[1] ?? 0);
  const needsLoopback = chromium > 0 && (chromium < CHROMIUM_WITH_WIDE_CANCELLER || userAgent.includes('Android'));
  if (loopback === 'on' || (loopback === 'auto' && needsLoopback)) return 'loopback';
  return speaker !== '' && chromium === 0 ? 'element' : 'direct';
}

/** Connects a node with the loudspeaker; disposing takes the way down. */
export class OutputRoute implements Disposable {
  readonly #context: SinkContext;
  #element: HTMLAudioElement | null = null;
  #peers: RTCPeerConnection[] = [];

  private constructor(context: AudioContext) {
    this.#context = context;
  }

  static async open({
    context,
    source,
    way,
  }: {
    context: AudioContext;
    source: AudioNode;
    way: OutputWay;
  }): Promise<OutputRoute> {
    const route = new OutputRoute(context);
    if (way === 'direct') {
      source.connect(context.destination);
      return route;
    }
    const sink = context.createMediaStreamDestination();
    source.connect(sink);
    const stream = way === 'loopback' ? await route.#loop(sink.stream) : sink.stream;
    const element = new Audio();
    element.srcObject = stream;
    route.#element = element;
    await element.play();
    return route;
  }

  /** Empty for the system's choice. Rejects where the browser or the device refuses. */
  async choose(speaker: string): Promise<void> {
    if (this.#element !== null) await this.#element.setSinkId?.(speaker);
    else await this.#context.setSinkId?.(speaker);
  }

  [Symbol.dispose](): void {
    for (const peer of this.#peers) peer.close();
    this.#element?.pause();
    if (this.#element !== null) this.#element.srcObject = null;
  }

  /** The stream as it comes out of a connection of the page with itself. */
  async #loop(stream: MediaStream): Promise<MediaStream> {
    const [near, far] = [new RTCPeerConnection(), new RTCPeerConnection()];
    this.#peers = [near, far];
    passCandidates(near, far);
    passCandidates(far, near);
    const arrived = new Promise<MediaStream>((resolve) => {
      far.addEventListener('track', ({ track, streams }) => resolve(streams[0] ?? new MediaStream([track])));
    });
    for (const track of stream.getTracks()) near.addTrack(track, stream);
    await near.setLocalDescription();
    if (near.localDescription !== null) await far.setRemoteDescription(near.localDescription);
    await far.setLocalDescription();
    if (far.localDescription !== null) await near.setRemoteDescription(far.localDescription);
    return await arrived;
  }
}

function passCandidates(from: RTCPeerConnection, to: RTCPeerConnection): void {
  from.addEventListener('icecandidate', ({ candidate }) => {
    void to.addIceCandidate(candidate ?? undefined).catch(() => undefined);
  });
}

/** Whether this browser lets a page choose its loudspeaker. */
export function canChooseSpeaker(): boolean {
  return 'setSinkId' in AudioContext.prototype || 'setSinkId' in HTMLMediaElement.prototype;
}
