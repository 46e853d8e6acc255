/**
 * Turns ONNX Runtime's telemetry off. Release 1.30 for Linux has a client that is on by default: it keeps a device id
 * and statistics of runs, with the title of the process, under the home folder and sends them to its vendor. The
 * variable is read when the library loads, so this file has to be imported before it (`onnx-runtime.ts` does). Whatever
 * the environment said before is overwritten: an embedding service sends nothing about its runs anywhere.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
