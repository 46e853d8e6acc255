/** The numbers of a vector that came as base64 of float32, little-endian. */
export function vectorOf(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}

/** The cosine of the angle between two vectors of one model. */
export function cosineOf(one: Float32Array, other: Float32Array): number {
  let [dot, ofOne, ofOther] = [0, 0, 0];
  for (let at = 0; at < one.length; at++) {
    const [x = 0, y = 0] = [one[at], other[at]];
    dot += x * y;
    ofOne += x * x;
    ofOther += y * y;
  }
  const length = Math.sqrt(ofOne) * Math.sqrt(ofOther);
  return length === 0 ? 0 : dot / length;
}

/** Shares of 1 by the softmax of `scale · cosine`, as `/v1/rank` scores candidates. */
export function sharesOf(cosines: readonly number[], scale: number): number[] {
  const most = Math.max(...cosines);
  const powers = cosines.map((cosine) => Math.exp((cosine - most) * scale));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
