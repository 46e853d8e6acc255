import { count, fixed, percent, table } from './markdown.js';
import type { BulkFigures, OverloadFigures } from './scenarios.js';

export function bulkSection(bulk: BulkFigures | undefined): string[] {
  if (!bulk) return [];
  return [
    `### ${bulk.interactivePerSecond} single texts a second beside a stream of ${bulk.texts.toLocaleString('en-US')}`,
    'Unary calls at a steady pace, first alone, then as long as the stream goes: requests of 32 texts of mixed lengths each, 64 ' +
      `of them under way, up to ${bulk.limits.textsMax.toLocaleString('en-US')} texts or as many as fit in ` +
      `${bulk.limits.streamMs / 1000} s. The stream got ${count(bulk.bulkPerSecond)} texts/s meanwhile.`,
    table(
      ['', 'p50 ms', 'p99 ms'],
      [
        [`alone (${bulk.aloneCalls} calls)`, fixed(bulk.aloneP50Ms, 1), fixed(bulk.aloneP99Ms, 1)],
        [`beside it (${bulk.besideCalls} calls)`, fixed(bulk.besideP50Ms, 1), fixed(bulk.besideP99Ms, 1)],
      ],
    ),
  ];
}

export function overloadSection(overload: OverloadFigures | undefined): string[] {
  if (!overload) return [];
  return [
    '### Five times more than it can do',
    'Requests of 32 texts at a steady pace over 32 connections, whether or not they are answered, against a queue that holds ' +
      'half a second of work. The peak is what 4 clients get who wait for their answers. ' +
      `${percent(overload.shareWithTime)} of the ${overload.refusals} refusals said when to come back; the load generator ` +
      `took ${fixed(overload.loadCores, 2)} cores.`,
    table(
      ['', 'texts/s', 'p50 ms', 'p99 ms'],
      [
        ['peak', count(overload.peak), '', ''],
        ['sent', count(overload.offered), '', ''],
        ['answered', count(overload.goodput), fixed(overload.p50Ms, 0), fixed(overload.p99Ms, 0)],
        ['refused', '', fixed(overload.refusalP50Ms, 1), fixed(overload.refusalP99Ms, 1)],
      ],
    ),
  ];
}
