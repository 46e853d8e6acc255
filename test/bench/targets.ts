import type { BareLoop } from './bare.js';
import type { Modality } from './cases.js';
import { pythonOf, ratioToBare, type Figures } from './figures.js';
import type { ModelFigures } from './measure.js';

/** A promise about speed and what was found of it. */
export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly found: string;
  readonly isMet: boolean;
}

/** What this project promises, as far as it was measured, of one model. */
export function targetsOf(figures: ModelFigures): Target[] {
  return [...againstBare(figures), ...againstPython(figures), ...amongOurs(figures), ...underPressure(figures)];
}

function againstBare({ loads, yardsticks }: ModelFigures): Target[] {
  const gRpc = (name: string) => loadNamed(loads, name);
  const lone = gRpc('text/clip.v1/1x1');
  const ofOneByOne = (modality: Modality, loop: BareLoop): number | undefined => {
    const stream = loads.find(isStreamOf(modality));
    const oneByOne = yardsticks.find((some) => some.modality === modality && some.loop === loop && some.batch === 1);
    return stream && oneByOne && stream.itemsPerSecond / oneByOne.result.itemsPerSecond;
  };
  return [
    atLeast('32 clients × 1 text over gRPC, of bare', 0.85, ofBare(gRpc('text/clip.v1/32x1'))),
    atLeast('32 clients × 1 image over gRPC, of bare with decoding', 0.9, ofBare(gRpc('image/clip.v1/32x1'))),
    atLeast('1 client × 32 images over gRPC, of bare with decoding', 0.93, ofBare(gRpc('image/clip.v1/1x32'))),
    atLeast('one gRPC stream of single texts, of bare one by one', 0.8, ofOneByOne('text', 'session')),
    atLeast('one gRPC stream of single images, of bare with decoding one by one', 0.8, ofOneByOne('image', 'decoded')),
    lone?.bare.session && atMostMs('a lone text over gRPC beyond bare, p50', 2, lone.p50Ms - lone.bare.session.p50Ms),
  ].filter((target) => target !== undefined);
}

function againstPython({ loads, python }: ModelFigures): Target[] {
  const times = (name: string): number | undefined => {
    const ours = loadNamed(loads, name);
    const theirs = ours && pythonOf(ours, python);
    return theirs && ours.itemsPerSecond / theirs.itemsPerSecond;
  };
  return [
    atLeast('32 clients × 1 text over gRPC, of the Python server', 20, times('text/clip.v1/32x1')),
    atLeast('32 clients × 1 image over gRPC, of the Python server', 4, times('image/clip.v1/32x1')),
  ].filter((target) => target !== undefined);
}

function amongOurs({ loads }: ModelFigures): Target[] {
  const share = (shape: string): number | undefined => {
    const http = loadNamed(loads, shape.replace('*', 'v1/embeddings'));
    const gRpc = loadNamed(loads, shape.replace('*', 'clip.v1'));
    return http && gRpc && http.itemsPerSecond / gRpc.itemsPerSecond;
  };
  return [
    atLeast('HTTP, of gRPC: 32 clients × 1 text', 0.8, share('text/*/32x1')),
    atLeast('HTTP, of gRPC: 32 clients × 1 image', 0.8, share('image/*/32x1')),
  ].filter((target) => target !== undefined);
}

function underPressure({ bulk, overload }: ModelFigures): Target[] {
  const slower = bulk && bulk.besideP99Ms / bulk.aloneP99Ms;
  return [
    slower && {
      what: `p99 of interactive callers beside a stream of ${bulk.texts.toLocaleString('en')} texts, of alone`,
      wanted: '≤ 3',
      found:
        `${slower.toFixed(2)} (${bulk.besideP99Ms.toFixed(1)} ms of ${bulk.besideCalls} calls, ` +
        `alone ${bulk.aloneP99Ms.toFixed(1)} ms of ${bulk.aloneCalls})`,
      isMet: slower <= 3,
    },
    overload && atLeast('answered at 5 × overload, of the peak', 0.9, overload.goodput / overload.peak),
    overload && atMostMs('a refusal at 5 × overload, p99', 20, overload.refusalP99Ms),
    overload && atLeast('refusals that say when to come back', 1, overload.shareWithTime),
  ].filter((target) => typeof target === 'object');
}

function loadNamed(loads: readonly Figures[], ending: string): Figures | undefined {
  return loads.find(({ benchCase: { model, name } }) => name === `${model}/${ending}`);
}

function isStreamOf(modality: Modality): (figures: Figures) => boolean {
  return ({ benchCase }) => benchCase.protocol === 'EncodeStream' && benchCase.modality === modality;
}

function ofBare(figures: Figures | undefined): number | undefined {
  return figures && ratioToBare(figures);
}

function atLeast(what: string, least: number, found: number | undefined): Target | undefined {
  if (found === undefined) return undefined;
  return { what, wanted: `≥ ${least}`, found: found.toFixed(2), isMet: found >= least };
}

function atMostMs(what: string, most: number, found: number): Target {
  return { what, wanted: `≤ ${most} ms`, found: `${found.toFixed(2)} ms`, isMet: found <= most };
}
