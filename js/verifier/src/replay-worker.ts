/** A thread that replays. */
import { platform } from '#platform'
import { serveReplay } from './replay-server.js'

const port = platform.ownPort()
if (port !== undefined) {
  serveReplay(port)
}
