import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../state/use-page-title.ts';
import { IconArrowLeft } from '../../ui/icons.ts';
import { PageHeader } from '../../ui/page-header.tsx';
import { ChooseFiles } from './choose-files.tsx';
import { MoveProgress } from './move-progress.tsx';
import { MoveReportView } from './move-report.tsx';
import { MoveResultView } from './move-result.tsx';
import classes from './moving.module.css';
import { useMove, type MoveControl } from './use-move.ts';

/** Moving in from other programs: choose, look through, take in. */
export function MovingPage() {
  const { t } = useTranslation(['moving', 'common']);
  usePageTitle(t('moving:title'));
  const control = useMove();
  return (
    <div className={classes['page']}>
      <div className={classes['pageHead']}>
        <Link to="/settings" className={classes['back']} aria-label={t('common:back')}>
          <IconArrowLeft size={22} aria-hidden />
        </Link>
        <PageHeader title={t('moving:title')} lead={t('moving:lead')} />
      </div>
      <Step control={control} />
    </div>
  );
}

function Step({ control }: { control: MoveControl }) {
  const { move, upload } = control;
  if (upload !== null) return <MoveProgress kind="upload" done={upload.sent} total={upload.total} />;
  switch (move?.state) {
    case 'surveying':
      return (
        <MoveProgress
          kind="survey"
          done={move.progress.done}
          total={0}
          current={move.progress.current}
          onCancel={control.cancel}
        />
      );
    case 'ready':
      return move.report === null ? null : (
        <MoveReportView report={move.report} onStart={control.start} onCancel={control.cancel} />
      );
    case 'importing':
      return (
        <MoveProgress
          kind="import"
          done={move.progress.done}
          total={move.progress.total}
          current={move.progress.current}
          onCancel={control.cancel}
        />
      );
    case 'done':
      return move.result === null ? null : (
        <MoveResultView result={move.result} report={move.report} onAgain={control.reset} />
      );
    default:
      return <ChooseFiles control={control} />;
  }
}
