package dev.glasshouse.verifier;

/**
 * What was checked, and what could not be. Everything is counted, so that a check which was skipped
 * shows.
 *
 * @param entries entries hashed, chained and parsed
 * @param signatures call signatures verified
 * @param calls calls executed again
 * @param timerTurns turns of timers executed again, each an entry of its own
 * @param images heap images compared
 * @param blobs blobs hashed
 * @param tiles tiles compared
 * @param files published files compared
 * @param fileBytes their bytes
 * @param oracleAnswers answers of oracles, the host's word
 * @param entropy random seeds, the host's word
 * @param timerInputs times at which a call that waited went on, the host's word
 * @param times entry times, the host's word
 * @param aborts entries whose turn the host says its watchdog ended, the host's word
 * @param unsignedCalls requests whose callers a debug host took at their word
 */
public record Counts(
    long entries,
    long signatures,
    long calls,
    long timerTurns,
    long images,
    long blobs,
    long tiles,
    long files,
    long fileBytes,
    long oracleAnswers,
    long entropy,
    long timerInputs,
    long times,
    long aborts,
    long unsignedCalls) {}
