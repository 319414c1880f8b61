import { useSyncExternalStore } from 'react';

/** What sounds, of all that can be heard on a page. States: `idle` → `loading` → `playing` ⇄ `paused` → `idle`. */
export interface SoundState {
  /** The address that plays; null in `idle`. */
  url: string | null;
  state: 'idle' | 'loading' | 'playing' | 'paused';
  /** Seconds; the duration is null while it is not known, as of a stream. */
  position: number;
  duration: number | null;
  /** The last address that could not be heard. */
  failed: string | null;
}

const IDLE: SoundState = { url: null, state: 'idle', position: 0, duration: null, failed: null };

/** One sound at a time in the whole page. The element begins to play within the click, as iOS demands. */
class SoundPlayer {
  #element: HTMLAudioElement | null = null;
  #state = IDLE;
  readonly #watchers = new Set<() => void>();

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly read = (): SoundState => this.#state;

  play(url: string): void {
    if (this.#state.url === url && this.#element !== null) {
      void this.#element.play().catch(() => this.#fail(url));
      return;
    }
    const element = this.#open();
    this.#set({ ...IDLE, url, state: 'loading' });
    element.src = url;
    void element.play().catch((error: unknown) => {
      // Another sound took its place.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.#fail(url);
    });
  }

  pause(): void {
    this.#element?.pause();
  }

  stop(): void {
    if (this.#element === null || this.#state.url === null) return;
    this.#set(IDLE);
    this.#element.pause();
    this.#element.removeAttribute('src');
    this.#element.load();
  }

  #open(): HTMLAudioElement {
    if (this.#element !== null) return this.#element;
    const element = new Audio();
    const update = (change: Partial<SoundState>) => {
      if (this.#state.url !== null) this.#set({ ...this.#state, ...change });
    };
    element.addEventListener('playing', () => update({ state: 'playing' }));
    element.addEventListener('waiting', () => update({ state: 'loading' }));
    element.addEventListener('pause', () => {
      if (!element.ended) update({ state: 'paused' });
    });
    element.addEventListener('timeupdate', () => update({ position: element.currentTime }));
    element.addEventListener('durationchange', () =>
      update({ duration: Number.isFinite(element.duration) ? element.duration : null }),
    );
    element.addEventListener('ended', () => this.#set(IDLE));
    element.addEventListener('error', () => {
      if (this.#state.url !== null) this.#fail(this.#state.url);
    });
    this.#element = element;
    return element;
  }

  #fail(url: string): void {
    if (this.#state.url === url) this.#set({ ...IDLE, failed: url });
  }

  #set(state: SoundState): void {
    this.#state = state;
    for (const watcher of this.#watchers) watcher();
  }
}

export const soundPlayer = new SoundPlayer();

/** The state of one address: idle while another one sounds. */
export function useSound(url: string): SoundState {
  const now = useSyncExternalStore(soundPlayer.subscribe, () => {
    const state = soundPlayer.read();
    return state.url === url || state.failed === url ? state : IDLE;
  });
  return now;
}
