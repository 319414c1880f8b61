import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useMe } from '../../../state/use-me.ts';
import { teamsQuery } from '../developer-queries.ts';

interface WhoseUsageProps {
  /** Undefined = the reader's own; for the owner of the house, everybody's. */
  teamId: string | undefined;
  onChange: (teamId: string | undefined) => void;
}

/** Whose usage is shown, for whoever belongs to a team. */
export function WhoseUsage({ teamId, onChange }: WhoseUsageProps) {
  const { t } = useTranslation('developers');
  const me = useMe();
  const { data: teams = [] } = useQuery(teamsQuery);
  if (teams.length === 0) return null;
  const own = { value: '', label: me.role === 'owner' ? t('usage.everybody') : t('usage.mine') };
  return (
    <NativeSelect
      label={t('usage.whose')}
      value={teamId ?? ''}
      data={[own, ...teams.map(({ id, name }) => ({ value: id, label: name }))]}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
    />
  );
}
