/** A person answers a question of this device: the program that waits gets the answer, and everybody sees who gave it. */
import { displayName } from '#contracts/device.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import { StreamRefusal } from '#contracts/stream/session.ts';
import { AnswerRequest } from '#contracts/work.ts';
import type { RpcHandler } from '../sessions/rpc-server.ts';
import type { WorkBook } from './work-book.ts';

export function answerAsks(
  device: string,
  book: WorkBook,
  onEvent: (event: Omit<DeviceEvent, 'device' | 'at'>) => void,
): RpcHandler {
  return async ({ person }, body) => {
    const { id, option } = AnswerRequest.parse(body);
    const ask = book.answer(id, option, person);
    if (!ask)
      throw new StreamRefusal(
        'not-found',
        `${displayName(device)} does not ask this any more: somebody answered, or the program gave up. Nothing was sent.`,
      );
    onEvent({
      kind: 'answered',
      ...ask.by,
      message: `${person} answered “${option}” to ${displayName(device)}: ${ask.question}`,
    });
    return {};
  };
}
