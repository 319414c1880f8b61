import { useLayoutEffect } from 'react';
import type { RefObject } from 'react';

/** Makes a textarea as tall as its text; its stylesheet sets the largest height. */
export function useAutoGrow(ref: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    element.style.height = 'auto';
    if (element.scrollHeight === 0) return; // not on screen: nothing can be measured
    const borders = element.offsetHeight - element.clientHeight;
    element.style.height = `${element.scrollHeight + borders}px`;
  }, [ref, text]);
}
