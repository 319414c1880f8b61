import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { houseSettingsSchema } from '../../../contract/accounts.ts';
import type { HouseSettings } from '../../../contract/accounts.ts';
import { api } from '../../state/api.ts';
import { houseSettingsQuery } from '../../state/queries.ts';
import { useGuard } from '../../state/use-guard.ts';
import { ChoiceCards } from '../../ui/choice-cards.tsx';
import { Panel } from '../../ui/panel.tsx';
import { InvitationsPanel } from './invitations-panel.tsx';
import { UsersPanel } from './users-panel.tsx';

/** Who may live here: the owner's alone. */
export function PeopleSection() {
  const { t } = useTranslation('settings');
  const guard = useGuard();
  const queryClient = useQueryClient();
  const { data: house } = useQuery(houseSettingsQuery);
  async function save(signUp: HouseSettings['signUp']): Promise<void> {
    const saved = await guard(api.call('updateHouseSettings', { body: { signUp } }));
    if (saved !== undefined) queryClient.setQueryData(houseSettingsQuery.queryKey, saved);
  }

  return (
    <>
      <Panel>
        {house !== undefined && (
          <ChoiceCards
            label={t('people.signUp')}
            value={house.signUp}
            choices={houseSettingsSchema.shape.signUp.options.map((value) => ({
              value,
              label: t(`people.signUps.${value}`),
            }))}
            onChange={save}
          />
        )}
      </Panel>
      {house?.signUp !== 'off' && <InvitationsPanel />}
      <UsersPanel />
    </>
  );
}
