import '@mantine/core/styles/Checkbox.css';
import '@mantine/core/styles/Radio.css';
import { Button, Checkbox, Modal, NativeSelect, Radio } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { API_ADDRESSES } from '../../../client/api-routes.ts';
import { fillPath } from '../../../client/create-client.ts';
import type { BranchMark } from '../../../contract/branches.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import { WHOLE_TREE_FORMATS, exportFormatSchema, type ExportFormat } from '../../../contract/moving.ts';
import { api } from '../../state/api.ts';
import { ButtonRow } from '../../ui/button-row.tsx';
import { Stack } from '../../ui/stack.tsx';
import { branchesQuery } from '../tree/tree-queries.ts';

/** The active path, or all branches; anything else is the id of a name on the tree. */
const ACTIVE = '';
const ALL = 'all';

/** A conversation as a file: one branch or all of them; forms that lose something say what. */
export function ExportDialog({ conversation, onClose }: { conversation: Conversation; onClose: () => void }) {
  const { t } = useTranslation(['moving', 'common']);
  const [branch, setBranch] = useState(ACTIVE);
  const [format, setFormat] = useState<ExportFormat>('sillytavern');
  const [files, setFiles] = useState(true);
  const isAll = branch === ALL;
  const choose = (value: string) => {
    setBranch(value);
    if (value === ALL && !WHOLE_TREE_FORMATS.includes(format)) setFormat('everwith');
  };
  const address = fillPath(
    API_ADDRESSES.exportConversation,
    { id: conversation.id },
    {
      format,
      ...(isAll ? { scope: 'all' } : {}),
      ...(isAll || branch === ACTIVE ? {} : { mark: branch }),
      ...(format === 'everwith' && files ? { files: 'true' } : {}),
    },
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('moving:export.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      centered
    >
      <Stack>
        <BranchChoice conversationId={conversation.id} value={branch} onChange={choose} />
        <FormatChoice isAll={isAll} value={format} onChange={setFormat} />
        {format === 'everwith' && (
          <Checkbox
            checked={files}
            onChange={(event) => setFiles(event.currentTarget.checked)}
            label={t('moving:export.files')}
          />
        )}
      </Stack>
      <ButtonRow>
        <Button variant="default" onClick={onClose}>
          {t('common:cancel')}
        </Button>
        <Button component="a" href={api.url(address)} download onClick={onClose}>
          {t('moving:export.save')}
        </Button>
      </ButtonRow>
    </Modal>
  );
}

interface FormatChoiceProps {
  /** All branches, which not every form can hold. */
  isAll: boolean;
  value: ExportFormat;
  onChange: (format: ExportFormat) => void;
}

function FormatChoice({ isAll, value, onChange }: FormatChoiceProps) {
  const { t } = useTranslation('moving');
  const formats = isAll ? WHOLE_TREE_FORMATS : exportFormatSchema.options;
  return (
    <Radio.Group
      label={t('export.format')}
      description={isAll ? t('export.wholeNote') : undefined}
      value={value}
      onChange={(chosen) => onChange(exportFormatSchema.parse(chosen))}
    >
      <Stack>
        {formats.map((option) => (
          <Radio
            key={option}
            value={option}
            label={t(`export.${option}`)}
            description={isAll && option === 'sillytavern' ? t('export.archiveNote') : t(`export.${option}Note`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}

interface BranchChoiceProps {
  conversationId: string;
  value: string;
  onChange: (value: string) => void;
}

function BranchChoice({ conversationId, value, onChange }: BranchChoiceProps) {
  const { t } = useTranslation(['moving', 'tree']);
  const { data } = useQuery(branchesQuery(conversationId));
  const nameOf = ({ name, kind, depth }: BranchMark) => {
    if (name !== '') return name;
    const position = depth + 1;
    return kind === 'checkpoint' ? t('tree:markName', { position }) : t('tree:branchName', { position });
  };
  return (
    <NativeSelect
      label={t('moving:export.what')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data={[
        { value: ACTIVE, label: t('moving:export.active') },
        { value: ALL, label: t('moving:export.all') },
        ...(data?.marks ?? []).map((mark) => ({ value: mark.id, label: nameOf(mark) })),
      ]}
    />
  );
}
