import type { Duplex } from 'node:stream';
import { DomainError } from '#core';
import type { ClipModel, ClipModelOptions } from '#clip';
import { BatchRunner, type Pace } from './batch-runner.js';
import { FrameChannel } from '../wire/frames.js';
import { encodeFromReplica, type FromReplica } from '../wire/messages-from-replica.js';
import { parseToReplica, type ToReplica } from '../wire/messages-to-replica.js';
import { measureItems } from './measure-items.js';

/** What a replica needs of the world; its process gives it the real ones. */
export interface ReplicaWorld extends Pace {
  readonly socket: Duplex;
  openModel(options: ClipModelOptions): Promise<ClipModel>;
  nameProcess(replica: string): void;
  /** Ends the process: without an error when all is done, with one when it failed. */
  exit(error?: unknown): void;
}

/**
 * The replica's side of the conversation. Anything unforeseen, a run that throws included, ends the process: the pool
 * tries the work elsewhere, and a fresh process has no broken state. So does the end of the socket: the pool is gone.
 */
export class ReplicaServer {
  private readonly channel: FrameChannel;
  private runner: BatchRunner | undefined;

  constructor(private readonly world: ReplicaWorld) {
    this.channel = new FrameChannel(world.socket, {
      frame: (frame) => this.receive(parseToReplica(frame)),
      closed: (reason) => world.exit(reason),
    });
  }

  private receive(message: ToReplica): void {
    switch (message.type) {
      case 'hello':
        this.world.nameProcess(message.replica);
        this.serve(message.model, message.batchItemsMax).then(
          () => this.world.exit(),
          (error: unknown) => this.world.exit(error),
        );
        return;
      case 'batch':
        this.runner?.batch(message.id, message.items, message.beside);
        return;
      case 'ping':
        this.runner?.ping();
        return;
      case 'close':
        this.runner?.finish();
    }
  }

  private async serve(options: ClipModelOptions, batchItemsMax: number): Promise<void> {
    const { model, itemMs, normalized } = await this.load(options, batchItemsMax);
    this.runner = new BatchRunner(model, (message) => this.send(message), this.world);
    await this.send({ type: 'ready', info: { ...model.info, normalized }, itemMs });
    await this.runner.run();
    await model.close();
  }

  /** A GPU runs many items in little more time than one, so there a full batch is measured. */
  private async load(options: ClipModelOptions, batchItemsMax: number) {
    try {
      const model = await this.world.openModel(options);
      await model.warmUp({ itemsMax: batchItemsMax });
      const size = options.provider === 'cpu' ? 1 : batchItemsMax;
      return { model, ...(await measureItems(model, size, this.world.clock)) };
    } catch (error) {
      await this.send({ type: 'load_failed', error: DomainError.from(error) });
      throw error;
    }
  }

  private send(message: FromReplica): Promise<void> {
    return this.channel.send(encodeFromReplica(message));
  }
}
