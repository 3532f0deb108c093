// For `node --require`: the names in LOOPBACK_NAMES (comma list) lead to this machine.
'use strict'

const dns = require('node:dns')

const names = new Set((process.env.LOOPBACK_NAMES || '').split(','))
const lookup = dns.lookup

dns.lookup = (hostname, options, callback) => {
  const [given, done] = typeof options === 'function' ? [{}, options] : [options, callback]
  if (!names.has(hostname)) return lookup(hostname, given, done)
  const found = { address: '127.0.0.1', family: 4 }
  const all = typeof given === 'object' && given !== null && given.all
  return process.nextTick(() => (all ? done(null, [found]) : done(null, found.address, found.family)))
}
