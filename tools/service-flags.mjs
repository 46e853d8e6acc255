/**
 * What Node is told before the service's file. Young objects get 8 MB instead of Node's 16 (in practice 32): buffers
 * that texts and vectors came in are then let go of several times a second. Otherwise they count as 45 MB of memory
 * outside the heap first, and that starts collections of the whole heap, each a pause of 10 ms
 * (docs/benchmark-notes.md).
 */
export const serviceFlags = ['--max-semi-space-size=8'];
