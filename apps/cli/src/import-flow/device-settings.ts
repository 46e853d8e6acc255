import type { Conversion, Placed } from './conversion.js';
import { parseVisibleDevices } from './devices.js';
import { listOf, textOf } from './tree.js';

/** What a Flow says about the devices of an executor. */
export interface DeviceRequest {
  /** The executor: `executors[0]`. */
  readonly where: string;
  /** `cpu`, `cuda`, `cuda:1`; undefined = the Python server took a GPU where there was one. */
  readonly device: Placed | undefined;
  /** CUDA_VISIBLE_DEVICES. */
  readonly visible: Placed | undefined;
  readonly isTensorRt: boolean;
  /** GPUs of the machine; 0 = not known. */
  readonly gpus: number;
}

/** Sets `devices`: replica i runs on device i modulo their number, as with the Python server's `RR`. */
export function convertDevices(request: DeviceRequest, result: Conversion): void {
  const { device, visible, isTensorRt } = request;
  const named = textOf(device?.value)?.toLowerCase();
  const [, index] = /^(?:cuda|gpu|tensorrt)(?::(\d{1,4}))?$/.exec(named ?? '') ?? [];
  const isGpu = named !== undefined && /^(cuda|gpu|tensorrt)(:\d{1,4})?$/.test(named);
  if (device && named !== undefined && named !== 'cpu' && !isGpu) {
    return result.leave(device.where, 'models run on cpu, cuda and tensorrt; it stays with cpu');
  }
  if (named === 'cpu' && device) {
    result.set('devices', ['cpu'], device.where);
    if (visible) result.leave(visible.where, `${device.where} says cpu`);
    return;
  }
  const provider = isTensorRt || named?.startsWith('tensorrt') === true ? 'tensorrt' : 'cuda';
  const place = (numbers: readonly number[], comment: string) =>
    result.set(
      'devices',
      numbers.map((number) => `${provider}:${number}`),
      comment,
    );
  if (visible) return convertVisible(request, visible, index === undefined ? undefined : Number(index), place, result);
  if (isGpu) return place([Number(index ?? 0)], device?.where ?? '');
  if (isTensorRt) return place([0], `${request.where}.uses: TensorRT`);
  if (request.gpus > 0) return place([0], `${request.where}: no device, and there is a GPU`);
  const why = 'the Python server then took a GPU where there was one; here it is cpu until devices says cuda:0';
  result.leave(`${request.where}.uses.with.device (none)`, why);
}

type Place = (numbers: readonly number[], comment: string) => void;

function convertVisible(
  { device, gpus }: DeviceRequest,
  visible: Placed,
  index: number | undefined,
  place: Place,
  result: Conversion,
): void {
  const text = listOf(visible.value)
    .map((entry) => textOf(entry) ?? 'none')
    .join(',');
  const found = parseVisibleDevices(text, gpus);
  const where = device?.where ?? '';
  if (found.kind === 'unreadable') {
    result.leave(visible.where, `${found.why}; device ${index ?? 0} is used`);
    return place([index ?? 0], visible.where);
  }
  result.remark('Start the service without CUDA_VISIBLE_DEVICES: devices counts all GPUs of the machine.');
  if (found.kind === 'inTurn') {
    if (index) result.leave(where, 'with RR each replica saw one GPU only; the number is not used');
    return place(found.numbers, `${visible.where}: replica i sits on number i modulo ${found.numbers.length}`);
  }
  if (found.numbers.length === 0) return result.set('devices', ['cpu'], `${visible.where}: no GPU`);
  if (index === undefined) {
    if (found.numbers.length > 1) {
      const why = 'the Python server put every replica on the first of these GPUs; here they are dealt to them in turn';
      result.leave(visible.where, why);
    }
    return place(found.numbers, visible.where);
  }
  const number = found.numbers[index];
  if (number === undefined) result.leave(where, 'there is no such GPU in CUDA_VISIBLE_DEVICES; the first is used');
  place([number ?? found.numbers[0] ?? 0], `${where}, counted in CUDA_VISIBLE_DEVICES`);
}
