import { INTERACTIVE_ITEMS_MAX, type Priority } from '#core';

/**
 * How the requests of one stream stand in the queue. The Python client opens one even for a single text. A stream whose caller waits
 * for its answers is empty again and again; one that has carried many items without being empty in between is bulk work, which lets
 * callers who wait go ahead.
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
