/** Opens the import dialog; the detail is an array of `File`s to begin with, possibly empty. */
const IMPORT_EVENT = 'everwith-import';

export function openImport(files: readonly File[] = []): void {
  dispatchEvent(new CustomEvent(IMPORT_EVENT, { detail: files }));
}

export function onImport(take: (files: readonly File[]) => void): () => void {
  const listener = (event: Event) => {
    if (event instanceof CustomEvent && Array.isArray(event.detail)) {
      take(event.detail.filter((item) => item instanceof File));
    }
  };
  addEventListener(IMPORT_EVENT, listener);
  return () => removeEventListener(IMPORT_EVENT, listener);
}
