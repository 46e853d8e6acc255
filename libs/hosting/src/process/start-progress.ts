import type { StoreEvent } from '#models';
import type { Startup } from '#telemetry';

/** How far the start of a process has come, in words for its operator. */
export class StartProgress {
  private step: string | undefined = 'opening the ports and the database';

  now(): Startup {
    return this.step === undefined ? { finished: true } : { finished: false, step: this.step };
  }

  /** The ports are open; the models come next. */
  loadModels(): void {
    this.step = 'loading the model';
  }

  /** Takes in what the store of models does. What it does after the start is another matter. */
  onStoreEvent(event: StoreEvent): void {
    if (this.step !== undefined) this.step = textOf(event) ?? this.step;
  }

  finish(): void {
    this.step = undefined;
  }
}

function textOf(event: StoreEvent): string | undefined {
  const { kind, model } = event;
  if (kind === 'started') return `downloading ${model}`;
  if (kind === 'progress') return `downloading ${model}, ${percentOf(event.bytesDone, event.bytes)} % of it are here`;
  if (kind === 'retry') return `downloading ${model}; it broke off and is tried again`;
  if (kind === 'waiting') return `waiting for another process that downloads ${model}`;
  return kind === 'done' ? 'loading the model' : undefined;
}

function percentOf(done: number, whole: number): number {
  return whole === 0 ? 100 : Math.min(100, Math.floor((done / whole) * 100));
}
