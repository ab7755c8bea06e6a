#!/usr/bin/env node
// CommonJS, unlike everything else: an old Node must be able to read this far, and starting the loader of ES modules
// takes 5 ms of the 10 that the answer to `status` may cost.
'use strict'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`workspace-sync needs Node 20.19 or later; this is ${process.versions.node}\n`)
  process.exitCode = 2
} else {
  const args = process.argv.slice(2)
  // What stays for days is small (see `daemon/thrift.ts`): V8 may neither take room for its young objects while modules
  // are loaded, nor let the others double before it looks what they are needed for. A Node that has dropped such a flag
  // would complain of it: those that were tried have them.
  if (args.includes('start') && major <= 24) {
    const { setFlagsFromString } = require('node:v8')
    for (const flag of ['semi-space-growth-factor=1', 'heap-growing-percent=40']) setFlagsFromString(`--${flag}`)
  }
  const quick = args.includes('status') ? require('../dist/cli/quick-status.js').quickStatus(args) : null
  if (quick === null) void import('../dist/cli/cli.js').then((cli) => cli.runProcess())
  else process.exitCode = quick
}
