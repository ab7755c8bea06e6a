/**
 * `npm run bench`: what the layers, a commit and the way from a save to the remote cost here, beside what others cost
 * in the same run. The machine is shared: ratios tell more than milliseconds.
 */
import { cpus, release, totalmem } from 'node:os'
import { benchCommit } from './commit.ts'
import { benchImports } from './imports.ts'
import { benchJson } from './json.ts'
import { benchJsonl } from './jsonl.ts'
import { benchLarge } from './large.ts'
import type { BenchRow } from './row.ts'
import { benchRules } from './rules.ts'
import { benchSave } from './save.ts'
import { benchSecrets } from './secrets.ts'
import { benchWriters } from './writers.ts'

function print(title: string, rows: readonly BenchRow[]): void {
  process.stdout.write(`\n${title}\n`)
  for (const { name, value, unit, reach } of rows) {
    process.stdout.write(`  ${name.padEnd(58)} ${String(value).padStart(10)} ${unit.padEnd(14)} ${reach}\n`)
  }
}

if (process.argv[2] === 'writers') {
  await benchWriters(Number(process.argv[3] ?? 8))
  process.exit(0)
}

if (process.argv[2] === 'large') {
  print('a large work tree', await benchLarge(Number(process.argv[3] ?? 100_000)))
  process.exit(0)
}

if (process.argv[2] === 'imports') {
  print('imports, the least of all rounds', benchImports(Number(process.argv[3] ?? 20)))
  process.exit(0)
}

if (process.argv[2] === 'secrets') {
  for (const folder of process.argv.slice(3)) {
    const { rows, held } = await benchSecrets(folder)
    print(folder, rows)
    for (const line of held) process.stdout.write(`    ${line}\n`)
  }
  process.exit(0)
}

const gigabytes = Math.round(totalmem() / 2 ** 30)
process.stdout.write(`Node ${process.versions.node}, Linux ${release()}, ${cpus().length} cores, ${gigabytes} GB\n`)
print('rules', await benchRules())
print('JSON', [...benchJson(), ...benchJsonl()])
print('commit', await benchCommit())
print('save -> remote', await benchSave())
