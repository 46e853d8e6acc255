/**
 * ONNX Runtime, for all files of this repository. Never import `onnxruntime-node` elsewhere (the linter refuses it):
 * its telemetry is off only when this file is loaded first.
 */
import './telemetry-off.js';

export { env, InferenceSession, Tensor } from 'onnxruntime-node';
