/**
 * Reads several iterables at once, `atOnce` of them, and hands on what comes, with the place of its source. Leaving early
 * or a fault of one ends all.
 */
export async function* mergeIterables<T>(
  sources: readonly (() => AsyncIterable<T>)[],
  atOnce: number,
): AsyncGenerator<{ index: number; value: T }> {
  const open = new Map<number, AsyncIterator<T>>();
  const waiting = new Map<number, Promise<{ index: number; result: IteratorResult<T> }>>();
  const pull = (index: number, iterator: AsyncIterator<T>): void => {
    waiting.set(
      index,
      iterator.next().then((result) => ({ index, result })),
    );
  };
  let next = 0;
  const openNext = (): void => {
    const source = sources[next];
    if (!source) return;
    const iterator = source()[Symbol.asyncIterator]();
    open.set(next, iterator);
    pull(next, iterator);
    next += 1;
  };
  try {
    while (next < Math.min(atOnce, sources.length)) openNext();
    while (waiting.size > 0) {
      const { index, result } = await Promise.race(waiting.values());
      waiting.delete(index);
      if (result.done) {
        open.delete(index);
        openNext();
        continue;
      }
      yield { index, value: result.value };
      const iterator = open.get(index);
      if (iterator) pull(index, iterator);
    }
  } finally {
    for (const promise of waiting.values()) promise.catch(() => undefined);
    await Promise.all(Array.from(open.values(), async (iterator) => iterator.return?.()));
  }
}
