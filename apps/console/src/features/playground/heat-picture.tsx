import { useEffect, useRef, type ReactNode } from 'react';
import type { DropMap, Explained } from './calls.js';
import styles from './playground.module.css';

/** What the model saw, with a colour over each region: stronger where covering it changes more. */
export function HeatPicture({
  square,
  map,
  opacity,
  label,
}: {
  readonly square: Explained['square'];
  readonly map: DropMap;
  /** 0 to 1, of the strongest region. */
  readonly opacity: number;
  readonly label: string;
}): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) draw(context, square, map, opacity);
  }, [square, map, opacity]);
  return (
    <canvas
      ref={canvas}
      width={square.side}
      height={square.side}
      className={styles['heat']}
      role="img"
      aria-label={label}
    />
  );
}

/** The same colours in both themes, since they lie on the picture and not on the page. */
const COLOURS = { for: '#ff5a1f', against: '#1f6bff' };

function draw(
  context: CanvasRenderingContext2D,
  { side, rgb }: Explained['square'],
  { drops }: DropMap,
  opacity: number,
): void {
  context.globalAlpha = 1;
  context.putImageData(new ImageData(rgbaOf(rgb, side), side, side), 0, 0);
  const most = Math.max(...drops.flat().map(Math.abs)) || 1;
  const edge = (at: number) => Math.floor((at * side) / drops.length);
  drops.forEach((cells, row) => {
    cells.forEach((drop, column) => {
      context.globalAlpha = opacity * (Math.abs(drop) / most);
      context.fillStyle = drop > 0 ? COLOURS.for : COLOURS.against;
      const [left, top] = [edge(column), edge(row)];
      context.fillRect(left, top, edge(column + 1) - left, edge(row + 1) - top);
    });
  });
}

function rgbaOf(base64: string, side: number): Uint8ClampedArray<ArrayBuffer> {
  const bytes = atob(base64);
  const rgba = new Uint8ClampedArray(side * side * 4);
  for (let pixel = 0; pixel < side * side; pixel++) {
    for (let channel = 0; channel < 3; channel++) rgba[pixel * 4 + channel] = bytes.charCodeAt(pixel * 3 + channel);
    rgba[pixel * 4 + 3] = 255;
  }
  return rgba;
}
