// fetch, which exists inside an oracle only.
import {
  BytesClass, create, fromCharCode, hasOwn, keys, named, parse, StringClass, stringify, subarray,
  toLowerCase
} from './captured.js'
import { contentOf, decode } from './files.js'
import { ask, OP } from './host.js'
import { isOutside } from './oracle.js'

function fetchResponse (reply) {
  const length = reply[0] | reply[1] << 8 | reply[2] << 16 | reply[3] << 24
  let head = ''
  for (let i = 0; i < length; i++) head += fromCharCode(reply[4 + i])
  const { url, status, statusText, headers } = parse(head)
  const body = subarray(reply, 4 + length)
  return {
    url,
    status,
    statusText,
    ok: status >= 200 && status < 300,
    headers: {
      get: (name) => {
        const key = toLowerCase(StringClass(name))
        return hasOwn(headers, key) ? headers[key] : null
      }
    },
    text: async () => decode(body),
    json: async () => parse(decode(body)),
    bytes: async () => new BytesClass(body),
    arrayBuffer: async () => new BytesClass(body).buffer
  }
}

export async function fetch (resource, options) {
  if (!isOutside()) {
    throw named('OutsideError', 'fetch reaches outside the sandbox: use it inside System.oracle(() => …)')
  }
  const { method = 'GET', headers = {}, body } = options || {}
  const request = create(null)
  request.url = StringClass(resource)
  request.method = StringClass(method)
  request.headers = create(null)
  const sent = keys(headers)
  for (let i = 0; i < sent.length; i++) request.headers[sent[i]] = StringClass(headers[sent[i]])
  const content = body === undefined || body === null ? undefined : contentOf(body, undefined)
  return fetchResponse(ask(OP.fetch, stringify(request), content))
}
