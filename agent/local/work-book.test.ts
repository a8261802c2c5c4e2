import { describe, expect, it } from 'vitest';
import { TooManyAsksError, WorkBook } from './work-book.ts';

const never = new AbortController().signal;
const HERE = { deployment: 'shop', service: 'buyer' };

describe('the book of work', () => {
  it('says nothing until somebody speaks, and nothing again after the caption is taken away', () => {
    const book = new WorkBook(() => {});
    expect(book.work()).toBeUndefined();
    book.say(HERE, 'filling the form');
    expect(book.work()).toMatchObject({ caption: { text: 'filling the form', by: HERE }, steps: [], asks: [] });
    book.say(HERE, '');
    expect(book.work()).toBeUndefined();
  });

  it('ends a step where the next begins, and lets the last one fail', () => {
    const book = new WorkBook(() => {});
    book.step('read mail', 'doing');
    book.step('open the shop', 'doing');
    book.step(undefined, 'failed');
    expect(book.work()?.steps.map(({ text, state }) => `${text}: ${state}`)).toEqual([
      'read mail: done',
      'open the shop: failed',
    ]);
  });

  it('keeps the last twenty steps', () => {
    const book = new WorkBook(() => {});
    for (let index = 0; index < 50; index++) book.step(`step ${index}`, 'done');
    expect(book.work()?.steps).toHaveLength(20);
    expect(book.work()?.steps.at(-1)?.text).toBe('step 49');
  });

  it('gives the first valid answer to who asked, and takes no second one', async () => {
    const book = new WorkBook(() => {});
    const answering = book.ask(HERE, 'Pay 14.90?', ['yes', 'no'], never);
    const { id } = book.work()!.asks[0]!;
    expect(book.answer(id, 'perhaps', 'sam')).toBeUndefined();
    expect(book.answer(id, 'yes', 'sam')).toMatchObject({ question: 'Pay 14.90?' });
    expect(book.answer(id, 'no', 'kim')).toBeUndefined();
    expect(await answering).toEqual({ answer: 'yes', by: 'sam' });
    expect(book.work()).toBeUndefined();
  });

  it('takes a question back when the program gives up', async () => {
    const book = new WorkBook(() => {});
    const leaving = new AbortController();
    const answering = book.ask(undefined, 'Still there?', ['yes'], leaving.signal);
    leaving.abort();
    await expect(answering).rejects.toThrow();
    expect(book.work()).toBeUndefined();
  });

  it('has room for eight questions', () => {
    const book = new WorkBook(() => {});
    for (let index = 0; index < 8; index++) void book.ask(HERE, `question ${index}`, ['yes'], never);
    expect(() => book.ask(HERE, 'one more', ['yes'], never)).toThrow(TooManyAsksError);
  });
});
