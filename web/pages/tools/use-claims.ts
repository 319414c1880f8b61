import { useTranslation } from 'react-i18next';
import type { ToolClaims } from '../../../contract/tool-parts.ts';

/** What a tool says of itself, as words; empty where it says nothing. */
export function useClaims(): (claims: ToolClaims | undefined) => string {
  const { t } = useTranslation('tools');
  return (claims) =>
    [
      claims?.readOnly ? t('claims.readOnly') : '',
      claims?.destructive ? t('claims.destructive') : '',
      claims?.openWorld ? t('claims.openWorld') : '',
    ]
      .filter((text) => text !== '')
      .join(' · ');
}
