import type { BenchmarkResult, BenchmarkRow } from '../../benchmark/benchmark.ts'
import { counted } from '../printable.ts'

/** A table that fits 80 columns; what a figure is compared with stands below it. */
export function benchmarkText(result: BenchmarkResult): string {
  const { machine, workspace, rows, tookMs } = result
  const { trackedFiles, copiedFiles, copiedBytes } = workspace
  const megabytes = (copiedBytes / 1_000_000).toFixed(1)
  const part = copiedFiles < trackedFiles ? `${copiedFiles} of ${trackedFiles}` : `${copiedFiles}`
  return [
    `${machine.cpu}, ${counted(machine.cores, 'core')}, ${Math.round(machine.memoryBytes / 2 ** 30)} GB`,
    `${machine.system}, Node ${machine.node}, git ${machine.git}, ${machine.disk}`,
    `measured on a scratch copy of ${part} tracked files (${megabytes} MB)`,
    '',
    ...rows.flatMap(rowLines),
    '',
    `medians; took ${(tookMs / 1_000).toFixed(1)} s; the scratch copy is removed`,
  ].join('\n')
}

function rowLines({ layer, name, median, unit, reference }: BenchmarkRow): readonly string[] {
  const line = `${layer.padEnd(11)} ${name.padEnd(42)} ${shown(median).padStart(9)} ${unit}`
  if (reference === null) return [line]
  const { name: other, median: theirs, ratio } = reference
  return [line, `${''.padEnd(11)}   ${other.padEnd(40)} ${shown(theirs).padStart(9)} ${unit}  (${ratio} x)`]
}

function shown(value: number): string {
  return value >= 10_000 ? Math.round(value).toLocaleString('en') : String(value)
}
