import { z } from 'zod';
import { idSchema } from '../../../contract/common.ts';

/** What the address of a conversation says: the message to bring into view. */
export const conversationSearchSchema = z.object({ message: idSchema.optional().catch(undefined) });
