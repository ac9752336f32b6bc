// Asks for modules of Node and of the host while it loads.
// expect load: ModuleNotFoundError
require('fs')
