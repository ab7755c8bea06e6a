import type { World } from './world.ts'

export function stamped(value: string, atMs: number): string {
  return JSON.stringify({ value, timestamp: Math.round(atMs) })
}

export function valueOf(content: string): unknown {
  const parsed: unknown = JSON.parse(content)
  return typeof parsed === 'object' && parsed !== null && 'value' in parsed ? parsed.value : null
}

/** What lies there, committed and pushed, before anything begins. */
export function seedTree(world: World): void {
  for (let n = 0; n < 400; n++) world.seed(`assets/img-${n}.svg`, `<svg>${n}</svg>`)
  for (let n = 0; n < 80; n++) world.seed(`lib/part-${n}.ts`, `export const n = ${n}`)
  for (const name of ['app', 'beat']) world.seed(`state/${name}.json`, stamped('', 0))
  for (const name of ['main', 'parser', 'tree']) world.seed(`src/${name}.ts`, `// ${name}`)
  for (const name of ['.claude/autonomous/service-status.json', 'meta/last.txt', 'telemetry/sample.bin']) {
    world.seed(name, '0')
  }
}
