import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationAction } from '../../../contract/organising.ts';
import { IconArchive, IconFolder, IconX } from '../../ui/icons.ts';
import { endDrag, useDragged } from './drag-rows.ts';
import classes from './drop-shelf.module.css';
import { useConversationFolders } from './use-conversation-folders.ts';
import { useMarking } from './use-marking.ts';

/** Where dragged conversations can be dropped; there while something is dragged. By keyboard the menus do the same. */
export function DropShelf() {
  const { t } = useTranslation('list');
  const dragged = useDragged();
  const { folders, pathOf } = useConversationFolders();
  if (dragged.length === 0) return null;
  return (
    <div className={classes['shelf']} aria-hidden>
      {folders.map((folder) => (
        <DropPlace key={folder.id} action={{ type: 'move', folderId: folder.id }} colour={folder.colour}>
          <IconFolder size={18} />
          {pathOf(folder)}
        </DropPlace>
      ))}
      {folders.length > 0 && (
        <DropPlace action={{ type: 'move', folderId: null }}>
          <IconX size={18} />
          {t('keep.takeOut')}
        </DropPlace>
      )}
      <DropPlace action={{ type: 'archive', value: true }}>
        <IconArchive size={18} />
        {t('keep.archive')}
      </DropPlace>
    </div>
  );
}

interface DropPlaceProps {
  action: ConversationAction;
  colour?: string;
  children: ReactNode;
}

function DropPlace({ action, colour, children }: DropPlaceProps) {
  const dragged = useDragged();
  const change = useMarking();
  const [over, setOver] = useState(false);
  return (
    <div
      className={classes['place']}
      data-over={over}
      data-colour={colour}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        endDrag();
        void change(dragged, action);
      }}
    >
      {children}
    </div>
  );
}
