import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { teamRoleSchema } from '../../../../contract/teams.ts';
import type { Team, TeamMember, TeamRole } from '../../../../contract/teams.ts';
import { api } from '../../../state/api.ts';
import { useGuard } from '../../../state/use-guard.ts';
import { useMe } from '../../../state/use-me.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { InlineForm } from '../../../ui/inline-form.tsx';
import { Panel, PanelList, PanelRow } from '../../../ui/panel.tsx';
import { teamsQuery } from '../developer-queries.ts';
import classes from '../developers.module.css';

/** Who shares keys, limits and an account with whom. */
export function TeamsSection() {
  const { t } = useTranslation('developers');
  const me = useMe();
  const { data: teams } = useQuery(teamsQuery);
  return (
    <>
      {me.role === 'owner' && <CreateTeam />}
      {teams?.length === 0 && <p className={classes['empty']}>{t('teams.empty')}</p>}
      {teams?.map((team) => (
        <TeamPanel key={team.id} team={team} />
      ))}
      <Panel title={t('teams.rolesTitle')}>
        <PanelList>
          {teamRoleSchema.options.map((role) => (
            <PanelRow key={role} title={t(`teams.roles.${role}`)} detail={t(`teams.roleHints.${role}`)} />
          ))}
        </PanelList>
      </Panel>
    </>
  );
}

/** Runs a call and reads the teams, and keys with them, again. */
function useTeamChange(): (work: Promise<unknown>) => Promise<boolean> {
  const guard = useGuard();
  const queryClient = useQueryClient();
  return async (work) => {
    const done = (await guard(work.then(() => true))) ?? false;
    if (done) await queryClient.invalidateQueries({ queryKey: ['platform'] });
    return done;
  };
}

function CreateTeam() {
  const { t } = useTranslation('developers');
  const change = useTeamChange();
  const [name, setName] = useState('');
  return (
    <Panel>
      <InlineForm
        onSubmit={async () => {
          if (await change(api.call('createTeam', { body: { name } }))) setName('');
        }}
      >
        <TextInput
          label={t('teams.name')}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" disabled={name.trim() === ''}>
          {t('teams.create')}
        </Button>
      </InlineForm>
    </Panel>
  );
}

function TeamPanel({ team }: { team: Team }) {
  const { t } = useTranslation('developers');
  const change = useTeamChange();
  const [removing, setRemoving] = useState(false);
  const manages = team.role === 'owner' || team.role === 'admin';
  return (
    <Panel title={team.name} lead={t('teams.yourRole', { role: t(`teams.roles.${team.role}`) })}>
      <PanelList>
        {team.members.map((member) => (
          <MemberRow key={member.userId} team={team} member={member} manages={manages} />
        ))}
      </PanelList>
      {manages && <AddMember team={team} />}
      {team.role === 'owner' && (
        <div>
          <Button variant="default" onClick={() => setRemoving(true)}>
            {t('teams.remove', { name: team.name })}
          </Button>
        </div>
      )}
      {removing && (
        <ConfirmDialog
          title={t('teams.removeTitle', { name: team.name })}
          body={t('teams.removeBody')}
          confirmLabel={t('teams.removeConfirm')}
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await change(api.call('removeTeam', { params: { id: team.id } }));
          }}
        />
      )}
    </Panel>
  );
}

interface MemberRowProps {
  team: Team;
  member: TeamMember;
  manages: boolean;
}

function MemberRow({ team, member, manages }: MemberRowProps) {
  const { t } = useTranslation('developers');
  const me = useMe();
  const change = useTeamChange();
  const params = { id: team.id, userId: member.userId };
  const isMe = member.userId === me.id;
  const mayChange = manages && (member.role !== 'owner' || team.role === 'owner');
  const name = member.name || member.username || t('teams.nameless');
  return (
    <PanelRow title={name} detail={member.username}>
      {mayChange ? (
        <NativeSelect
          aria-label={t('teams.roleOf', { name })}
          value={member.role}
          data={givable(team.role).map((role) => ({ value: role, label: t(`teams.roles.${role}`) }))}
          onChange={(event) =>
            void change(
              api.call('changeTeamMember', { params, body: { role: teamRoleSchema.parse(event.currentTarget.value) } }),
            )
          }
        />
      ) : (
        <span>{t(`teams.roles.${member.role}`)}</span>
      )}
      {(mayChange || isMe) && (
        <Button
          variant="default"
          aria-label={isMe ? t('teams.leave') : t('teams.letGo', { name })}
          onClick={() => void change(api.call('removeTeamMember', { params }))}
        >
          {isMe ? t('teams.leave') : t('teams.letGoShort')}
        </Button>
      )}
    </PanelRow>
  );
}

function AddMember({ team }: { team: Team }) {
  const { t } = useTranslation('developers');
  const change = useTeamChange();
  const [username, setUsername] = useState('');
  const [role, setRole] = useState<TeamRole>('member');
  return (
    <InlineForm
      onSubmit={async () => {
        const added = change(api.call('addTeamMember', { params: { id: team.id }, body: { username, role } }));
        if (await added) setUsername('');
      }}
    >
      <TextInput
        label={t('teams.username')}
        value={username}
        maxLength={80}
        onChange={(event) => setUsername(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('teams.role')}
        value={role}
        data={givable(team.role).map((value) => ({ value, label: t(`teams.roles.${value}`) }))}
        onChange={(event) => setRole(teamRoleSchema.parse(event.currentTarget.value))}
      />
      <Button type="submit" disabled={username.trim() === ''}>
        {t('teams.add')}
      </Button>
    </InlineForm>
  );
}

/** Nobody gives more than they have. */
function givable(role: TeamRole): TeamRole[] {
  return teamRoleSchema.options.filter((one) => one !== 'owner' || role === 'owner');
}
