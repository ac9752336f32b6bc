// The Web's and Node's globals that the interpreter does not have.
import { defineProperty, put } from './captured.js'
import { structuredClone } from './clone.js'
import { crypto } from './crypto.js'
import { library } from './libraries.js'
import { TextDecoder, TextEncoder } from './text.js'

export const globals = { TextDecoder, TextEncoder, crypto, structuredClone }

const globalObject = globalThis

// A global that is there from its first use.
function later (name, from) {
  defineProperty(globalObject, name, {
    __proto__: null,
    get: () => library(from)[name],
    set: (value) => { put(globalObject, name, value, false) },
    configurable: true,
    enumerable: false
  })
}

later('URL', 'url')
later('URLSearchParams', 'url')
later('Buffer', 'buffer')
