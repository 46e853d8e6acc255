import { useEffect, useState, type ReactNode } from 'react';
import { formatAgo, formatInstant } from '../format/format.js';

const TICK_MS = 10_000;

/** The present, renewed every ten seconds. */
export function useNow(): number {
  const [nowMs, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}

/** `3 minutes ago`, with the exact time as its tooltip. */
export function Ago({ ms }: { readonly ms: number }): ReactNode {
  const nowMs = useNow();
  return (
    <time dateTime={new Date(ms).toISOString()} title={formatInstant(ms)}>
      {formatAgo(ms, Math.max(nowMs, 0))}
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
