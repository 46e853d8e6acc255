/**
 * ONNX Runtime, for all files of this repository that load it: never import `onnxruntime-node` elsewhere (a rule of the
 * linter says so), since its telemetry is off only when this file came first.
 */
import './telemetry-off.js';

export { env, InferenceSession, Tensor } from 'onnxruntime-node';
