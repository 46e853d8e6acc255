export { ByteBudget } from './byte-budget.js';
export { GrowingBuffer } from './growing-buffer.js';
export { PROGRESS_BYTES, PROGRESS_MS_MAX, type Reservation, TAKE_MS_MAX } from './reservation.js';
export { type TakingWatch, TakingWatches } from './taking-watch.js';
