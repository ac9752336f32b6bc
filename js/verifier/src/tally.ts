import type { Entry, ParsedEntry } from 'glasshouse-formats'

/** What was checked, and what could not be: everything is counted. */
export class Tally {
  entries = 0
  signatures = 0
  calls = 0
  timerTurns = 0
  images = 0
  blobs = 0
  tiles = 0
  files = 0
  fileBytes = 0
  oracleAnswers = 0
  entropy = 0
  timerInputs = 0
  times = 0
  aborts = 0
  unsignedCalls = 0

  /** An entry that has kept the rules. */
  entry(parsed: ParsedEntry, isSignatureVerified: boolean): void {
    const { entry } = parsed
    this.entries++
    this.times++
    if (entry.kind === 'abort') {
      this.aborts++
    }
    if (isSignatureVerified && parsed.signed !== undefined) {
      this.signatures++
    }
    if (parsed.signed === undefined && parsed.caller !== undefined) {
      this.unsignedCalls++
    }
    for (const { kind } of entry.inputs) {
      if (kind === 'oracle') {
        this.oracleAnswers++
      } else if (kind === 'timer') {
        this.timerInputs++
      } else {
        this.entropy++
      }
    }
  }

  add(replayed: Replayed): void {
    this.calls += replayed.calls
    this.timerTurns += replayed.timerTurns
    this.images += replayed.images
  }
}

/** What a guest has executed again. */
export interface Replayed {
  calls: number
  timerTurns: number
  images: number
}

export function countReplayed(replayed: Replayed, entry: Entry, calls: number): void {
  if (entry.kind === 'call') {
    replayed.calls += calls
  } else if (entry.kind === 'timer') {
    replayed.timerTurns++
  } else if (entry.kind === 'image') {
    replayed.images++
  }
}
