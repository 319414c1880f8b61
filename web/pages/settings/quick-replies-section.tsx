import { QuickReplyList } from '../quick-replies/quick-reply-list.tsx';

export function QuickRepliesSection() {
  return <QuickReplyList />;
}
