/** What a test has started and not stopped yet: a test that failed stops nothing. */
export const running = new Set<{ stop(): Promise<void> }>()

/** Stops all of it, at the end of a file of tests. */
export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((each) => each.stop()))
}
