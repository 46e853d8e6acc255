export { ByteBudget, callerKey } from './byte-budget.js';
export { GrowingBuffer } from './growing-buffer.js';
export { type MessageOptions, PROGRESS_BYTES, PROGRESS_MS_MAX, type Reservation } from './reservation.js';
