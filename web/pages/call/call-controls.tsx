import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  IconAdjustments,
  IconBadgeCc,
  IconKeyboard,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
} from '../../ui/icons.ts';
import classes from './call-page.module.css';

export interface CallControlsProps {
  muted: boolean;
  captions: boolean;
  writing: boolean;
  onMute: () => void;
  onCaptions: () => void;
  onWrite: () => void;
  onSettings: () => void;
  onEnd: () => void;
}

/** The row under the thumb. */
export function CallControls(props: CallControlsProps) {
  const { t } = useTranslation('call');
  const { muted, captions, writing } = props;
  return (
    <ul className={classes['controls']}>
      <Control label={muted ? t('controls.unmute') : t('controls.mute')} pressed={muted} onPress={props.onMute}>
        {muted ? <IconMicrophoneOff size={24} aria-hidden /> : <IconMicrophone size={24} aria-hidden />}
      </Control>
      <Control label={t('controls.captions')} pressed={captions} onPress={props.onCaptions}>
        <IconBadgeCc size={25} aria-hidden />
      </Control>
      <Control label={t('controls.end')} onPress={props.onEnd} end>
        <IconPhoneOff size={30} aria-hidden />
      </Control>
      <Control label={t('controls.write')} pressed={writing} onPress={props.onWrite}>
        <IconKeyboard size={24} aria-hidden />
      </Control>
      <Control label={t('controls.settings')} onPress={props.onSettings}>
        <IconAdjustments size={24} aria-hidden />
      </Control>
    </ul>
  );
}

interface ControlProps {
  label: string;
  pressed?: boolean;
  end?: boolean;
  onPress: () => void;
  children: ReactNode;
}

function Control({ label, pressed, end = false, onPress, children }: ControlProps) {
  return (
    <li>
      <button
        type="button"
        className={classes['control']}
        data-end={end || undefined}
        aria-pressed={pressed}
        onClick={onPress}
      >
        <span>{children}</span>
        <span>{label}</span>
      </button>
    </li>
  );
}
