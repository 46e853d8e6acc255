export { ByteBudget } from './byte-budget.js';
export { GrowingBuffer } from './growing-buffer.js';
export { PROGRESS_BYTES, PROGRESS_MS_MAX, type Reservation, READ_MS_MAX } from './reservation.js';
export { type AnswerWatch, AnswerWatches } from './answer-watch.js';
