import { Button, Modal, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconUpload } from '../../../ui/icons.ts';
import { ImportRow } from './import-row.tsx';
import classes from './import.module.css';
import type { ImportQueue } from './use-import-queue.ts';

const ACCEPT = '.png,.apng,.json,.charx,.yaml,.yml,.zip,.jpg,.jpeg,image/png,image/jpeg,application/json';

/** Ways to bring cards in, and what became of each. */
export function ImportDialog({ queue, onClose }: { queue: ImportQueue; onClose: () => void }) {
  const { t } = useTranslation(['cards', 'common']);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('cards:import.title')}
      closeButtonProps={{ 'aria-label': t('common:close') }}
      size="lg"
      centered
    >
      <div className={classes['dialog']}>
        {queue.items.length === 0 && <p className={classes['lead']}>{t('cards:import.lead')}</p>}
        <FileChoice queue={queue} />
        <LinkForm queue={queue} />
        {queue.items.length > 0 && <Report queue={queue} onClose={onClose} />}
      </div>
    </Modal>
  );
}

function FileChoice({ queue }: { queue: ImportQueue }) {
  const { t } = useTranslation('cards');
  const input = useRef<HTMLInputElement>(null);
  return (
    <div>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        accept={ACCEPT}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = '';
          queue.add(files.map((file) => ({ kind: 'file', file })));
        }}
      />
      <Button
        size="md"
        variant={queue.items.length === 0 ? 'filled' : 'default'}
        leftSection={<IconUpload size={18} aria-hidden />}
        onClick={() => input.current?.click()}
      >
        {t('import.choose')}
      </Button>
      {queue.items.length === 0 && <p className={classes['hint']}>{t('import.dropHint')}</p>}
    </div>
  );
}

function LinkForm({ queue }: { queue: ImportQueue }) {
  const { t } = useTranslation('cards');
  const [url, setUrl] = useState('');
  return (
    <form
      className={classes['link']}
      onSubmit={(event) => {
        event.preventDefault();
        if (url.trim() === '') return;
        queue.add([{ kind: 'link', url: url.trim() }]);
        setUrl('');
      }}
    >
      <TextInput
        className={classes['linkField'] ?? ''}
        label={t('import.link')}
        description={t('import.linkHint')}
        type="url"
        inputMode="url"
        placeholder="https://"
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={url.trim() === ''}>
        {t('import.fetch')}
      </Button>
    </form>
  );
}

function Report({ queue, onClose }: { queue: ImportQueue; onClose: () => void }) {
  const { t } = useTranslation('cards');
  const { items, busy } = queue;
  const count = (state: string) => items.filter((item) => item.state === state).length;
  const waiting = count('waiting') + count('reading');
  const sentences = [
    count('imported') > 0 ? t('import.done', { count: count('imported') }) : null,
    count('present') > 0 ? t('import.present', { count: count('present') }) : null,
    count('failed') > 0 ? t('import.failed', { count: count('failed') }) : null,
    count('imported') + count('present') + count('failed') === 0 ? t('import.noneDone') : null,
  ].filter((sentence) => sentence !== null);
  return (
    <section className={classes['report']}>
      <div className={classes['sum']}>
        <p role="status">
          {busy ? t('import.progress', { done: items.length - waiting + 1, count: items.length }) : sentences.join(' ')}
        </p>
        {busy && items.length > 1 && (
          <Button variant="subtle" onClick={queue.stop}>
            {t('import.stop')}
          </Button>
        )}
      </div>
      <ul className={classes['list']} aria-label={t('import.list')}>
        {items.map((item) => (
          <ImportRow key={item.id} item={item} onKeepBoth={() => queue.keepBoth(item.id)} onLeave={onClose} />
        ))}
      </ul>
    </section>
  );
}
