import i18next from 'i18next';

export const NANO = 1_000_000_000;

/** Nano-units as people read money; small amounts keep the digits that tell them from nothing. */
export function formatMoney(nano: number, currency: string): string {
  const value = nano / NANO;
  const digits = value !== 0 && Math.abs(value) < 1 ? 6 : 2;
  const options = { style: 'currency', currency, minimumFractionDigits: 2, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(i18next.language, options).format(value);
}
