/** Starts to count; the answer says how many cores this process kept busy since, 1 = one core. */
export function countCores(): () => number {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000 / (performance.now() - startedMs);
  };
}
