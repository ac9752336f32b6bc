// Imports a module of Node.
// expect load: ModuleNotFoundError
import fs from 'fs'
export const read = () => fs.readFileSync('/etc/passwd')
