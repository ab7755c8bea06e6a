import { spawn } from 'node:child_process'

/** Writes files (their directories too) from another process while this one goes on, or runs a shell script there. */
export function writeInChild(directory: string, files: readonly string[], script?: string): Promise<void> {
  const child =
    script === undefined
      ? spawn(process.execPath, ['-e', writer], { cwd: directory, stdio: ['pipe', 'ignore', 'inherit'] })
      : spawn('sh', ['-c', script], { cwd: directory, stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(JSON.stringify(files))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`the writer ended with ${code}`))))
  })
}

/** Made like a build does: each directory as late as possible, and its files at once. */
const writer = `
  const { mkdirSync, readFileSync, writeFileSync } = require('node:fs')
  const { dirname } = require('node:path')
  for (const file of JSON.parse(readFileSync(0, 'utf8'))) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, 'text')
  }
`
