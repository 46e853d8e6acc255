import { INTERACTIVE_ITEMS_MAX, type Priority } from '#core';

/**
 * About what an item adds to an answer, in bytes: the vectors of CLIP models have up to 1,280 numbers of four bytes.
 */
const ITEM_BYTES = 4096;

/** Most bytes of the answers of one stream, by that estimate; a single request may have more. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/**
 * The requests of one stream that are being worked on, bounded in number and bytes, those of their answers included: an
 * answer of many short texts is a hundred times its request, and waits here until its caller reads it. Waiting for room
 * before reading the next message is what carries back-pressure to the client.
 *
 * @example
 * const inFlight = new InFlight(100, 64 * 1024 * 1024);
 * for await (const message of messages) {
 *   void inFlight.start(message.length, (noteItems) => answer(message, noteItems));
 *   await inFlight.room();
 * }
 * await inFlight.idle();
 */
export class InFlight {
  private readonly running = new Set<Promise<void>>();
  private bytes = 0;
  private answerBytes = 0;

  constructor(
    private readonly countMax: number,
    private readonly bytesMax: number,
    private readonly answerBytesMax = ANSWER_BYTES_MAX,
  ) {}

  get hasRoom(): boolean {
    return this.running.size < this.countMax && this.bytes < this.bytesMax && this.answerBytes < this.answerBytesMax;
  }

  /**
   * Starts `work`, which must not reject, and counts `bytes` until it has ended. `work` tells how many items are to be
   * answered, once it knows; resolves then, or when it has ended.
   */
  start(bytes: number, work: (noteItems: (items: number) => void) => Promise<void>): Promise<void> {
    let answerBytes = 0;
    this.bytes += bytes;
    const known = Promise.withResolvers<void>();
    const noteItems = (items: number): void => {
      answerBytes += items * ITEM_BYTES;
      this.answerBytes += items * ITEM_BYTES;
      known.resolve();
    };
    const run = work(noteItems).finally(() => {
      this.bytes -= bytes;
      this.answerBytes -= answerBytes;
      this.running.delete(run);
      known.resolve();
    });
    this.running.add(run);
    return known.promise;
  }

  async room(): Promise<void> {
    while (!this.hasRoom) await Promise.race(this.running);
  }

  async idle(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}

/**
 * Chooses the priority of the requests of one stream. The Python client opens one even for a single text. A stream
 * whose caller waits for its answers is empty again and again; one that has carried many items without being empty in
 * between is bulk work, which lets callers who wait go ahead.
 */
export class StreamPriority {
  private requestsUnderWay = 0;
  private itemsSinceEmpty = 0;

  /** Does the work of one request of `items` items with the priority that it has. */
  async during<Answer>(items: number, work: (priority: Priority) => Promise<Answer>): Promise<Answer> {
    if (this.requestsUnderWay === 0) this.itemsSinceEmpty = 0;
    this.requestsUnderWay += 1;
    this.itemsSinceEmpty += items;
    try {
      return await work(this.itemsSinceEmpty > INTERACTIVE_ITEMS_MAX ? 'bulk' : 'interactive');
    } finally {
      this.requestsUnderWay -= 1;
    }
  }
}
