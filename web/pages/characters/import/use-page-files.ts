import { useEffect, useState } from 'react';

/** Files dropped anywhere on the page, and files or the text of a card pasted where nobody writes. True while a file hovers. */
export function usePageFiles({
  onFiles,
  pastedName,
}: {
  onFiles: (files: readonly File[]) => void;
  pastedName: string;
}): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const onDragOver = (event: DragEvent) => {
      if (!hasFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!hasFiles(event) || event.defaultPrevented) return;
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) onFiles(files);
    };
    const onPaste = (event: ClipboardEvent) => {
      const files = event.defaultPrevented ? [] : pastedFiles(event, pastedName);
      if (files.length === 0) return;
      event.preventDefault();
      onFiles(files);
    };
    addEventListener('dragover', onDragOver);
    addEventListener('dragleave', onDragLeave);
    addEventListener('drop', onDrop);
    addEventListener('paste', onPaste);
    return () => {
      removeEventListener('dragover', onDragOver);
      removeEventListener('dragleave', onDragLeave);
      removeEventListener('drop', onDrop);
      removeEventListener('paste', onPaste);
    };
  }, [onFiles, pastedName]);
  return over;
}

/** Text is taken only where it looks like a card; into a field it is pasted as ever. */
function pastedFiles({ clipboardData, target }: ClipboardEvent, pastedName: string): File[] {
  const writing = target instanceof Element && target.closest('input, textarea, [contenteditable="true"]') !== null;
  if (writing || clipboardData === null) return [];
  if (clipboardData.files.length > 0) return [...clipboardData.files];
  const text = clipboardData.getData('text/plain');
  const isCard = /^\s*\{[\s\S]*"(?:spec|name|char_name)"\s*:/.test(text);
  return isCard ? [new File([text], `${pastedName}.json`, { type: 'application/json' })] : [];
}
