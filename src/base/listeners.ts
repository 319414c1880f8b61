/** Whoever wants to hear that something changed. They are told at once, in the order they came. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Until it is disposed. */
  add(listener: () => void): Disposable {
    const own = (): void => listener();
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
