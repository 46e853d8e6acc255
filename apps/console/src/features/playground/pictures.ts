import { useSyncExternalStore } from 'react';

/** A picture of this visit. */
export interface Picture {
  readonly id: string;
  readonly name: string;
  /** What the inference API gets: base64 of the file, or an address that it fetches itself. */
  readonly image: string;
  /** Where the page shows it from; undefined for one by address, which the page does not load. */
  readonly url: string | undefined;
}

/** Most pictures of one visit: each is a call, and they stay in the memory of the page. */
const PICTURES_MAX = 100;

let pictures: readonly Picture[] = [];
const listeners = new Set<() => void>();

/** The pictures of this visit. They are held in the memory of the page only, and go with it. */
export function usePictures(): readonly Picture[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => pictures,
  );
}

/**
 * Adds files, and answers what could not be added, a sentence each. A file goes as it is, neither smaller nor
 * otherwise changed, so one that is too large for a call is refused.
 */
export async function addFiles(files: readonly File[], bodyBytesMax: number): Promise<string[]> {
  const refused: string[] = [];
  const added: Picture[] = [];
  const bytesMax = Math.floor(bodyBytesMax * 0.74); // base64 takes four bytes for three
  for (const file of files) {
    if (pictures.length + added.length >= PICTURES_MAX) {
      refused.push(`${file.name} was left out: a visit holds ${PICTURES_MAX} pictures. Remove some first.`);
    } else if (file.size > bytesMax) {
      const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
      refused.push(
        `${file.name} has ${mebibytes(file.size)} MiB; one call takes a file of at most ${mebibytes(bytesMax)} MiB. Save it smaller.`,
      );
    } else {
      const url = URL.createObjectURL(file);
      added.push({ id: crypto.randomUUID(), name: file.name, image: await base64Of(file), url });
    }
  }
  change([...pictures, ...added]);
  return refused;
}

/** Adds a picture that the service fetches; an address that is there already is not added again. */
export function addAddress(address: string): void {
  if (pictures.length >= PICTURES_MAX || pictures.some(({ image }) => image === address)) return;
  change([
    ...pictures,
    { id: crypto.randomUUID(), name: address.replace(/^https?:\/\//, ''), image: address, url: undefined },
  ]);
}

export function removePicture(id: string): void {
  release(pictures.filter((picture) => picture.id === id));
  change(pictures.filter((picture) => picture.id !== id));
}

export function removeAllPictures(): void {
  release(pictures);
  change([]);
}

function change(next: readonly Picture[]): void {
  pictures = next;
  for (const listener of [...listeners]) listener();
}

function release(gone: readonly Picture[]): void {
  for (const { url } of gone) if (url !== undefined) URL.revokeObjectURL(url);
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read.'));
    reader.readAsDataURL(file);
  });
}
