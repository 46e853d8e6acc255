import { describe, expect, it } from 'vitest';
import { preprocessingFrom } from './preprocessing.js';

const channels = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };
const square = (side: number) => ({ height: side, width: side });

function fitOf(fields: Record<string, unknown>): unknown[] {
  const { resizeTo, cropTo, fit = 'crop' } = preprocessingFrom({ ...channels, ...fields });
  return [fit, resizeTo, cropTo];
}

describe('the sizes of a preprocessing file', () => {
  it.each([
    ['resizes to exactly height and width', { size: square(336) }],
    [
      'heeds no crop_size where nothing is cropped',
      { size: square(336), crop_size: square(224), do_center_crop: false },
    ],
    ['takes null for nothing said', { size: square(336), crop_size: null, do_center_crop: null }],
    [
      'crops nothing of a square that is no larger',
      { size: square(336), crop_size: square(336), do_center_crop: true },
    ],
    ['takes the word of open_clip', { size: [336, 336], resize_mode: 'squash' }],
  ])('%s', (_, fields) => {
    expect(fitOf(fields)).toEqual(['squash', 336, 336]);
  });

  it('cut the centre out of the exact square where a smaller crop is asked for', () => {
    expect(fitOf({ size: square(256), crop_size: square(224), do_center_crop: true })).toEqual(['squash', 256, 224]);
    expect(fitOf({ size: square(256), crop_size: square(224) })).toEqual(['squash', 256, 224]);
  });

  it.each([
    ['a shortest edge', { size: { shortest_edge: 256 }, crop_size: square(224), do_center_crop: true }],
    ['a plain number', { size: 256, crop_size: 224 }],
    ["open_clip's word", { size: square(256), crop_size: square(224), resize_mode: 'shortest' }],
  ])('keep the proportions with %s', (_, fields) => {
    expect(fitOf(fields)).toEqual(['crop', 256, 224]);
  });

  it('take the whole short side where a shortest edge comes without a crop', () => {
    const size = { shortest_edge: 336 };
    expect(fitOf({ size, crop_size: square(224), do_center_crop: false })).toEqual(['crop', 336, 336]);
  });

  it.each([
    ['unequal sides', { size: { height: 224, width: 336 } }],
    ['a crop beyond the picture', { size: square(224), crop_size: square(336) }],
    ['no size', {}],
  ])('are refused with %s', (_, fields) => {
    expect(() => fitOf(fields)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
