import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { onTestFinished } from 'vitest'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Compiles `src` to a temporary folder that every user may read, for tests that run a part of it in a process of its
 * own (Node 20 runs no TypeScript). Types are the business of another check. Half a second.
 * @returns the address to import `door` from, such as `events/events.js`.
 */
export function compiled(door: string): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'compiled-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  chmodSync(folder, 0o755)
  const compiler = join(repository, 'node_modules/typescript/bin/tsc')
  execFileSync(process.execPath, [compiler, '--noCheck', '-p', join(repository, 'tsconfig.json'), '--outDir', folder])
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  return pathToFileURL(join(folder, door)).href
}
