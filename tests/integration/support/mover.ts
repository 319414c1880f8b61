import { setTimeout as delay } from 'node:timers/promises';
import type { MoveState, MoveStatus, StartMove } from '../../../contract/moving.ts';
import type { Caller } from './caller.ts';
import { bundleOf, type FolderFiles } from './silly-tavern-folder.ts';

/** One person moving something in over HTTP. */
export class Mover {
  readonly #who: Caller;
  id = '';

  constructor(who: Caller) {
    this.#who = who;
  }

  async begin(): Promise<void> {
    this.id = (await this.#who.call<MoveStatus>('POST', '/api/moves')).id;
  }

  async upload(bytes: Buffer): Promise<Response> {
    return this.#who.fetch(`/api/moves/${this.id}/files`, {
      method: 'PUT',
      headers: { 'content-type': 'application/x-everwith-bundle' },
      body: new Uint8Array(bytes),
    });
  }

  status(): Promise<MoveStatus> {
    return this.#who
      .call<{ move: MoveStatus | null }>('GET', '/api/moves/current')
      .then(({ move }) => move ?? Promise.reject(new Error('There is no move.')));
  }

  async reach(...states: MoveState[]): Promise<MoveStatus> {
    let status = await this.status();
    while (!states.includes(status.state) && status.state !== 'failed' && status.state !== 'cancelled') {
      await delay(10);
      status = await this.status();
    }
    if (!states.includes(status.state)) {
      throw new Error(`The move is ${status.state}: ${JSON.stringify(status.failure)}`);
    }
    return status;
  }

  /** From nothing to the report, from uploaded files or a directory. */
  async survey(from: FolderFiles | string): Promise<MoveStatus> {
    await this.begin();
    if (typeof from !== 'string') {
      const answer = await this.upload(bundleOf(from));
      if (answer.status !== 200) throw new Error(await answer.text());
    }
    await this.#who.call('POST', `/api/moves/${this.id}/survey`, typeof from === 'string' ? { directory: from } : {});
    return this.reach('ready');
  }

  async start(choice: StartMove = {}): Promise<void> {
    await this.#who.call('POST', `/api/moves/${this.id}/start`, choice);
  }

  async moveIn(from: FolderFiles | string, choice: StartMove = {}): Promise<MoveStatus> {
    await this.survey(from);
    await this.start(choice);
    return this.reach('done');
  }
}
