// Waits at the top level for what never comes.
// expect load: never
export const x = await new Promise(() => {})
