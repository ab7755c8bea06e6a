#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`workspace-sync needs Node 20.19 or later; this is ${process.versions.node}\n`)
  process.exitCode = 2
} else {
  // A prompt may ask for the status at every key press: it is answered before anything heavy is loaded.
  const args = process.argv.slice(2)
  const quick = args.includes('status') ? (await import('../dist/cli/quick-status.js')).quickStatus(args) : null
  if (quick === null) await (await import('../dist/cli/cli.js')).runProcess()
  else process.exitCode = quick
}
