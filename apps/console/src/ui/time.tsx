import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { formatAgo, formatInstant } from '../format/format.js';

const TICK_MS = 10_000;

/** As in the style sheets. */
const PHONE = window.matchMedia('(max-width: 52rem)');

function subscribeToWidth(listener: () => void): () => void {
  PHONE.addEventListener('change', listener);
  return () => PHONE.removeEventListener('change', listener);
}

/** The present, renewed every ten seconds. */
export function useNow(): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

/** `3 minutes ago`, or `3m ago` on a phone, with the exact time as its tooltip. */
export function Ago({ ms }: { readonly ms: number }): ReactNode {
  const nowMs = useNow();
  const isOnPhone = useSyncExternalStore(subscribeToWidth, () => PHONE.matches);
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatInstant(ms)}>
      {formatAgo(ms, Math.max(nowMs, 0), isOnPhone ? 'narrow' : 'long')}
    </time>
  );
}

/** The exact time. */
export function Instant({ ms }: { readonly ms: number }): ReactNode {
  return (
    <time className="number" dateTime={new Date(ms).toISOString()}>
      {formatInstant(ms)}
    </time>
  );
}
