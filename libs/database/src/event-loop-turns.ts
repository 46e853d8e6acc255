import { setImmediate } from 'node:timers/promises';
import { type EntitySubscriberInterface, EventSubscriber } from 'typeorm';

const STATEMENTS_PER_TURN = 50;

/**
 * Gives the event loop a turn after every 50 statements. better-sqlite3 answers at once and a resolved promise is no
 * turn, so a loop over many rows would hold up every request of the process until its end.
 */
@EventSubscriber()
export class EventLoopTurns implements EntitySubscriberInterface {
  private statements = 0;

  /** TypeORM waits for the answer before it runs the statement. */
  beforeQuery(): Promise<void> | undefined {
    this.statements = (this.statements + 1) % STATEMENTS_PER_TURN;
    return this.statements === 0 ? turnOfEventLoop() : undefined;
  }
}

/** Resolves when due timers and arrived messages have been served. */
export async function turnOfEventLoop(): Promise<void> {
  await setImmediate();
}
