import { useRef, useState } from 'react';
import type { ClipboardEvent, DragEvent } from 'react';

export interface DropTarget {
  /** True while files hang over it. */
  over: boolean;
  handlers: {
    onDragEnter: (event: DragEvent) => void;
    onDragOver: (event: DragEvent) => void;
    onDragLeave: (event: DragEvent) => void;
    onDrop: (event: DragEvent) => void;
  };
}

/** Files that are dragged onto a part of the page. */
export function useDropFiles(onFiles: (files: File[]) => void): DropTarget {
  const [over, setOver] = useState(false);
  // Entering a child leaves its parent: only the balance says whether files are still there.
  const depth = useRef(0);
  const take = (event: DragEvent) => {
    if (!hasFiles(event)) return false;
    event.preventDefault();
    return true;
  };
  return {
    over,
    handlers: {
      onDragEnter: (event) => {
        if (!take(event)) return;
        depth.current += 1;
        setOver(true);
      },
      onDragOver: take,
      onDragLeave: (event) => {
        if (!hasFiles(event)) return;
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(false);
      },
      onDrop: (event) => {
        depth.current = 0;
        setOver(false);
        if (take(event)) onFiles([...event.dataTransfer.files]);
      },
    },
  };
}

/** Pictures and files from the clipboard; words go where they always go. */
export function pasteFiles(event: ClipboardEvent, onFiles: (files: File[]) => void): void {
  const files = [...event.clipboardData.files];
  if (files.length === 0) return;
  event.preventDefault();
  onFiles(files);
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer.types.includes('Files');
}
