// A real Bluesky server (PDS) with its DID directory (PLC), for tests on one machine.
//
// Environment:
//   BLUESKY_PDS_DIR  folder whose node_modules holds the packages of package.json
//   PDS_DIR          folder for this server's data; must be empty or absent
//   PDS_PORT, PLC_PORT  two free ports
// Prints {"ready":true,"pds":URL,"plc":URL} on one line, then serves until SIGTERM.
'use strict'

const fs = require('node:fs')
const { createRequire } = require('node:module')
const net = require('node:net')
const path = require('node:path')

const LOOPBACK = '127.0.0.1'

function setting(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}

// Both servers listen by port number alone, which means every interface. A test
// server with well-known secrets has no business there.
function listenOnLoopbackOnly() {
  const listen = net.Server.prototype.listen
  net.Server.prototype.listen = function (port, ...rest) {
    const hostIsMissing = ['number', 'string'].includes(typeof port) && typeof rest[0] !== 'string'
    const args = hostIsMissing ? [port, LOOPBACK, ...rest.filter((arg) => arg !== undefined)] : [port, ...rest]
    return listen.apply(this, args)
  }
}

function pdsEnvironment({ port, plcUrl, dataDir }) {
  return {
    PDS_PORT: String(port),
    PDS_HOSTNAME: 'localhost',
    PDS_DEV_MODE: 'true',
    PDS_SERVICE_DID: 'did:web:localhost',
    PDS_SERVICE_HANDLE_DOMAINS: '.test',
    PDS_INVITE_REQUIRED: 'false',
    PDS_DID_PLC_URL: plcUrl,
    PDS_DATA_DIRECTORY: dataDir,
    PDS_BLOBSTORE_DISK_LOCATION: path.join(dataDir, 'blobs'),
    PDS_BLOB_UPLOAD_LIMIT: String(100 * 1024 * 1024),
    // Known to everyone and worth nothing: the data lives as long as one test run.
    PDS_JWT_SECRET: 'later-tests-jwt',
    PDS_DPOP_SECRET: '5e'.repeat(32),
    PDS_ADMIN_PASSWORD: 'later-tests-admin',
    PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX: '2a'.repeat(32),
    LOG_ENABLED: process.env.LOG_ENABLED || 'false',
  }
}

async function startDirectory(plc, port) {
  const server = plc.PlcServer.create({ db: plc.Database.mock(), port })
  await server.start()
  return { server, url: `http://localhost:${port}` }
}

async function startPds(pds, settings) {
  fs.mkdirSync(path.join(settings.dataDir, 'blobs'), { recursive: true })
  Object.assign(process.env, pdsEnvironment(settings))
  const env = pds.readEnv()
  const server = await pds.PDS.create(pds.envToCfg(env), pds.envToSecrets(env))
  await server.start()
  return { server, url: `http://localhost:${settings.port}` }
}

function stopOnSignals(servers) {
  const stop = () => {
    // Keep-alive connections can hold a clean stop open for minutes.
    setTimeout(() => process.exit(0), 2000).unref()
    Promise.allSettled(servers.map((server) => server.destroy())).then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

async function main() {
  const load = createRequire(path.join(setting('BLUESKY_PDS_DIR'), 'package.json'))
  listenOnLoopbackOnly()
  const plc = await startDirectory(load('@did-plc/server'), Number(setting('PLC_PORT')))
  const pds = await startPds(load('@atproto/pds'), {
    port: Number(setting('PDS_PORT')),
    plcUrl: plc.url,
    dataDir: setting('PDS_DIR'),
  })
  stopOnSignals([pds.server, plc.server])
  console.log(JSON.stringify({ ready: true, pds: pds.url, plc: plc.url }))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
