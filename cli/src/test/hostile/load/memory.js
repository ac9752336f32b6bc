// Fills memory while it loads.
// expect load: memory
const a = []; for (;;) a.push(new Uint8Array(1 << 20))
