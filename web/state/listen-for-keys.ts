/**
 * Tells of keys that nothing nearer took, and rests while a dialog or menu has the keyboard; answers how to end that.
 * A dialog takes Escape and may be gone before the press has come all the way, so it is looked for at its beginning:
 * the same press must not end what is under way behind it, too.
 */
export function listenForKeys(act: (event: KeyboardEvent) => void): () => void {
  let isTaken = false;
  const look = () => {
    isTaken = isDialogOpen();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.defaultPrevented && !isTaken) act(event);
  };
  addEventListener('keydown', look, { capture: true });
  addEventListener('keydown', onKeyDown);
  return () => {
    removeEventListener('keydown', look, { capture: true });
    removeEventListener('keydown', onKeyDown);
  };
}

function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="menu"]') !== null;
}
