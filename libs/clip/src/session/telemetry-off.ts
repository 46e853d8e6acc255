/**
 * Turns ONNX Runtime's telemetry off. Release 1.30 for Linux has a client that is on by default: it keeps a device id
 * and statistics of runs, with the title of the process, under the home folder, and sends them to its vendor. The
 * library reads the variable when it loads, so `onnx-runtime.ts` imports this file before it, and this file cannot be
 * part of that one. It overwrites the environment: an embedding service sends nothing about its runs anywhere.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
