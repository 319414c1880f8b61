import { useState } from 'react';
import type { LibraryView } from './library-item.tsx';

const VIEW_KEY = 'everwith.library.view';

/** Grid or list, remembered for this browser. */
export function useLibraryView(): { view: LibraryView; setView: (view: LibraryView) => void } {
  const [view, setView] = useState<LibraryView>(() => (localStorage.getItem(VIEW_KEY) === 'list' ? 'list' : 'grid'));
  return {
    view,
    setView: (next) => {
      localStorage.setItem(VIEW_KEY, next);
      setView(next);
    },
  };
}
