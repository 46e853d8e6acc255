import type { CatalogueModel, Pull } from '../queries.js';
import { sizeText } from '../words.js';

/** The downloads of a model that are under way, as one: bytes and rates of all pods together. */
export interface PullsUnderWay {
  readonly bytesDone: number;
  /** Null while one of them does not know how much it is. */
  readonly bytes: number | null;
  readonly text: string;
}

/** Undefined when no pod downloads the model now. */
export function progressOf({ pods }: Pick<CatalogueModel, 'pods'>): PullsUnderWay | undefined {
  const running = pods.flatMap(({ pull }) => (pull?.endedAtMs === null ? [pull] : []));
  if (running.length === 0) return undefined;
  const bytesDone = running.reduce((sum, pull) => sum + pull.bytesDone, 0);
  const bytes = running.some((pull) => pull.bytes === null)
    ? null
    : running.reduce((sum, pull) => sum + (pull.bytes ?? 0), 0);
  const rate = running.reduce((sum, pull) => sum + (pull.bytesPerSecond ?? 0), 0);
  const [only] = running;
  const where = running.length > 1 ? `${running.length} pods · ` : '';
  return { bytesDone, bytes, text: `${where}${textOf(only, bytesDone, bytes, rate)}` };
}

const WORDS: Record<Pull['state'], string> = {
  waiting: 'Waiting',
  downloading: 'Downloading',
  checking: 'Checking',
  ready: 'Here',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

function textOf(pull: Pull | undefined, bytesDone: number, bytes: number | null, rate: number): string {
  const word = pull ? WORDS[pull.state] : '';
  if (bytes === null || bytes === 0) return word;
  const left = rate > 0 ? (bytes - bytesDone) / rate : Number.POSITIVE_INFINITY;
  return [
    `${word} ${sizeText(bytesDone)} of ${sizeText(bytes)}`,
    ...(rate > 0 ? [`${sizeText(rate)}/s`] : []),
    ...(Number.isFinite(left) && left >= 1 ? [`${timeText(left)} left`] : []),
  ].join(' · ');
}

function timeText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  return seconds < 3600 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
