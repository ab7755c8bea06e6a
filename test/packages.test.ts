import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { tempDirectory } from './support/temp-repo.ts'

/** Own process: what its loaders know already, and what it looked at last, is what the test is about. */
const program = `
import { lstatSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
const [, room, socket, from] = process.argv
await new Promise((resolve) => createServer().listen(socket, resolve).unref())
const { loadPackage } = await import(room)
await import(new URL('known.mjs', from))
createRequire(from)('./known.cjs')
lstatSync(socket)
const { answer, place } = loadPackage('outer', from)
console.log(answer, place)
`

test('a package behind a symbolic link is whole and loaded from one place, though the process has just looked at a socket', () => {
  const { path, dispose } = tempDirectory()
  try {
    const files = {
      'known.mjs': 'export {}',
      'known.cjs': '',
      'real/outer/package.json': '{ "type": "module", "exports": "./index.js" }',
      'real/outer/index.js':
        "import inner from 'inner'\nexport const answer = inner()\nexport const place = import.meta.url",
      'real/inner/package.json': '{}',
      'real/inner/index.js': "module.exports = require('./other.js')",
      'real/inner/other.js': "module.exports = () => 'whole'",
    }
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(path, name, '..'), { recursive: true })
      writeFileSync(join(path, name), text)
    }
    symlinkSync('real', join(path, 'node_modules'))
    const room = new URL('../dist/packages.js', import.meta.url).href
    const from = pathToFileURL(join(path, 'from.mjs')).href
    const args = ['--input-type=module', '-e', program, room, join(path, 'socket'), from]
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe(
      `whole ${pathToFileURL(join(path, 'real/outer/index.js')).href}\n`,
    )
  } finally {
    dispose()
  }
})
