/** A part that fails is told, lets the bench end with status 1, and costs the run no more than its own figures. */
export async function tried<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (err) {
    console.error(`${name} failed:`, err);
    process.exitCode = 1;
    return undefined;
  }
}
