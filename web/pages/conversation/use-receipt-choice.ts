import { useCallback, useState } from 'react';

const RECEIPT_KEY = 'everwith.receipt';

export interface ReceiptChoice {
  messageId: string | null;
  open: boolean;
  showReceipt: (id: string | null) => void;
  close: () => void;
}

/** Which reply's receipt is shown. On wide screens the column stays open from visit to visit. */
export function useReceiptChoice(narrow: boolean): ReceiptChoice {
  const [messageId, setMessageId] = useState<string | null>(null);
  const [open, setOpen] = useState(() => !narrow && localStorage.getItem(RECEIPT_KEY) === 'open');
  const showReceipt = useCallback((id: string | null) => {
    setMessageId(id);
    setOpen(true);
    localStorage.setItem(RECEIPT_KEY, 'open');
  }, []);
  const close = () => {
    setOpen(false);
    setMessageId(null);
    localStorage.removeItem(RECEIPT_KEY);
  };
  return { messageId: open ? messageId : null, open, showReceipt, close };
}
