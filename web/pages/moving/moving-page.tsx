import { useTranslation } from 'react-i18next';
import { usePageTitle } from '../../state/use-page-title.ts';
import { Subpage } from '../../ui/subpage.tsx';
import { ChooseFiles } from './choose-files.tsx';
import { MoveProgress } from './move-progress.tsx';
import { MoveReportView } from './move-report.tsx';
import { MoveResultView } from './move-result.tsx';
import { useMove, type MoveControl } from './use-move.ts';

/** Moving in from other programs: choose, look through, take in. */
export function MovingPage() {
  const { t } = useTranslation('moving');
  usePageTitle(t('title'));
  const control = useMove();
  return (
    <Subpage title={t('title')} lead={t('lead')} back="/settings">
      <div>
        <Step control={control} />
      </div>
    </Subpage>
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
