import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { StreamingReply } from '../../../contract/conversations.ts';
import type { ModelsOverview } from '../../../contract/models.ts';
import { formatNumber } from '../../state/format.ts';
import { modelsQuery } from '../../state/queries.ts';
import { useRoomCast } from './room/room-cast.tsx';
import classes from './reply-progress.module.css';

/** Before the first word: what the wait is for, and how far it is. */
export function ReplyProgress({ name, streaming }: { name: string; streaming: StreamingReply }) {
  const { t } = useTranslation('talk');
  // Models are the host's to know.
  const { data: models } = useQuery({ ...modelsQuery, enabled: useRoomCast().isHost });
  const { progress } = streaming;
  if (progress !== null && progress.total > 0) {
    const read = Math.min(progress.total, progress.evaluated + progress.reused);
    return (
      <div className={classes['progress']}>
        <span>{t('readingOf', { read: formatNumber(read), total: formatNumber(progress.total) })}</span>
        <progress max={progress.total} value={read} aria-label={t('reading')} />
      </div>
    );
  }
  return (
    <div className={classes['progress']}>
      <WaitingWords name={name} models={models} thinking={streaming.reasoning !== ''} />
    </div>
  );
}

function WaitingWords({
  name,
  models,
  thinking,
}: {
  name: string;
  models: ModelsOverview | undefined;
  thinking: boolean;
}) {
  const { t } = useTranslation('talk');
  if (models !== undefined && models.active === null) {
    const coming = models.models.find((model) => model.id === models.start.modelId);
    if (coming !== undefined && models.start.phase !== 'stuck') {
      const percent = Math.floor((coming.receivedBytes / Math.max(1, coming.sizeBytes)) * 100);
      return <span>{t('modelComing', { percent, name })}</span>;
    }
    return (
      <span>
        {t('modelMissing')}{' '}
        <Link to="/settings/$section" params={{ section: 'models' }}>
          {t('modelMissingLink')}
        </Link>
      </span>
    );
  }
  const waking = models?.engine.state === 'loading' && !thinking;
  return (
    <>
      <span>{waking ? t('waking') : t('thinking', { name })}</span>
      <span className={classes['dots']} aria-hidden>
        <i />
        <i />
        <i />
      </span>
    </>
  );
}
