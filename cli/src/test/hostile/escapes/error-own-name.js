// An error that takes the host's names for errors.
// expect: SandboxFailure
exports.attack = () => { const e = new Error('the host stopped'); e.name = 'SandboxFailure'; throw e }
