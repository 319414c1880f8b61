import type { BaseResponse } from '../../../contract/minimax.ts';
import type { AppError } from '../../base/errors.ts';

/** MiniMax's codes (platform.minimax.io, Error codes) by our statuses. */
const CODES: Readonly<Record<number, number>> = { 401: 1004, 403: 1004, 408: 1001, 429: 1002, 503: 1024 };
const NO_CREDIT = 1008;
const WRONG_INPUT = 2013;
const UNKNOWN = 1000;

/** MiniMax answers faults with 200 and says in `base_resp` what is wrong; its clients look there. */
export function toMinimaxError(error: AppError, status: number): BaseResponse {
  return { base_resp: { status_code: codeOf(error, status), status_msg: error.message } };
}

function codeOf({ code }: AppError, status: number): number {
  if (code === 'insufficient-quota') return NO_CREDIT;
  return CODES[status] ?? (status < 500 ? WRONG_INPUT : UNKNOWN);
}
