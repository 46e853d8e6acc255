/** What a store reports while it works, for a progress bar or for the log. */
export type StoreEvent =
  | DownloadStarted
  | DownloadProgress
  | {
      readonly kind: 'retry';
      readonly model: string;
      readonly file: string;
      readonly reason: string;
      readonly delayMs: number;
    }
  | { readonly kind: 'done'; readonly model: string; readonly bytes: number; readonly tookMs: number }
  /** The download ended early; what has arrived is kept. */
  | { readonly kind: 'failed'; readonly model: string }
  /** Another process downloads the same model; this one waits for it. */
  | { readonly kind: 'waiting'; readonly model: string }
  /** A model, or the rest of a broken-off download of it, was removed to make room for another one. */
  | { readonly kind: 'evicted'; readonly model: string; readonly bytes: number; readonly wasWhole: boolean };

export interface DownloadStarted {
  readonly kind: 'started';
  readonly model: string;
  readonly repository: string;
  readonly files: number;
  /** Size of the whole model. */
  readonly bytes: number;
  /** How many of these bytes an earlier download left here. */
  readonly bytesThere: number;
}

export interface DownloadProgress {
  readonly kind: 'progress';
  readonly model: string;
  readonly bytesDone: number;
  readonly bytes: number;
}

export type StoreObserver = (event: StoreEvent) => void;
