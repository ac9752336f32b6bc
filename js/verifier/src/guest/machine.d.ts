/** What `vm/src/main/resources/.../machine.js` is: the build copies it here. */
export interface Link {
  /** The mailbox with room for so many bytes; its content is kept. */
  reserve(size: number): Uint8Array
  progress(polls: number): void
  /** Asks the host what the mailbox holds; gives the length of the answer, or a negative one. */
  ask(length: number): number
}

export interface Machine {
  readonly wasm: { readonly memory: WebAssembly.Memory }
  readonly polls: number
  begin(clock: number, fuel: number): void
  boot(bootstrap: Uint8Array, heapLimit: number, stackLimit: number): void
  load(source: Uint8Array, name: Uint8Array, flags: number): number
  /** A method call in UTF-8; the caller is null if there is none. */
  call(method: Uint8Array, caller: Uint8Array | null, params: Uint8Array): number
  turn(tag: number, value: number): number
  pointers(): number[]
  adopt(memory: Uint8Array, pointers: number[]): void
}

export interface Machines {
  readonly Machine: new (fork: boolean) => Machine
  /** The length of the answer, or a trap. */
  untilTrap(run: () => number): number
  readonly TAG: { readonly call: number; readonly fire: number; readonly timer: number; readonly drop: number }
  readonly TRAP: { readonly fuel: number; readonly memory: number }
}

export default function makeMachines(wasm: WebAssembly.Module, link: Link): Machines
