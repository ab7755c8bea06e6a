import type { Writer } from '../../src/types.ts'
import { hour, minute, second } from '../support/schedule-run.ts'
import { after, between, draft, one } from './draws.ts'
import { human, repeat, seenAs, spells } from './scene.ts'
import type { Scene } from './scene.ts'
import { stamped, valueOf } from './contents.ts'
import { unknownWriter } from './world.ts'

/** Everything that writes for itself. */
export function machines(scene: Scene): void {
  for (const start of [heartbeat, status, appender, indexer, reactor, metronome, checkpoints, builds]) start(scene)
}

const machine: Writer = { ...unknownWriter, kind: 'autonomous', name: 'indexer', tier: 'T2', confidence: 0.95 }

/** Stamps the time into a file that people change, and into one of its own. */
function heartbeat(scene: Scene): void {
  const { chance, timeline } = scene
  const periodMs = between(chance, 100 * second, 300 * second)
  const stamp = (name: string): void => {
    const content = scene.read(name)
    const seen = seenAs(chance, human, 0.002)
    if (content !== null) scene.write(name, stamped(String(valueOf(content)), timeline.nowMs), seen, false)
  }
  repeat(
    scene,
    () => periodMs * between(chance, 0.98, 1.02),
    () => {
      stamp('state/beat.json')
      stamp('state/app.json')
    },
  )
  // For a while it ticks faster than any quiet period.
  spells(
    scene,
    1,
    [5 * minute, 15 * minute],
    () => second,
    () => stamp('state/app.json'),
  )
}

/** A counter that a rule blocks and nothing else would. */
function status(scene: Scene): void {
  const { chance } = scene
  const waitMs = (): number => between(chance, 3 * minute, 20 * minute)
  repeat(scene, waitMs, () =>
    scene.write('.claude/autonomous/service-status.json', draft(chance), unknownWriter, false),
  )
}

/** Logs, by rule and by name. */
function appender(scene: Scene): void {
  const { chance } = scene
  repeat(
    scene,
    () => after(chance, 10 * minute),
    () => {
      scene.write('logs/app/today.log', draft(chance), unknownWriter, false)
      scene.write('run.log', draft(chance), unknownWriter, false)
    },
  )
}

/** Known to write for itself, and recognisable by nothing else. */
function indexer(scene: Scene): void {
  const { chance } = scene
  repeat(
    scene,
    () => after(chance, 12 * minute),
    () => scene.write('pool/index.dat', draft(chance), machine, false),
  )
}

/** Writes within seconds whenever a new commit appears: a loop, if it is committed. */
function reactor(scene: Scene): void {
  const { chance, timeline } = scene
  scene.write('meta/last.txt', draft(chance), unknownWriter, false)
  scene.afterCommits(() => {
    timeline.in(between(chance, 100, 4 * second), () =>
      scene.write('meta/last.txt', draft(chance), unknownWriter, false),
    )
  })
}

/** Random bytes, once a minute, for ever. */
function metronome(scene: Scene): void {
  const { chance } = scene
  const waitMs = (): number => minute * between(chance, 0.98, 1.02)
  repeat(scene, waitMs, () => scene.write('telemetry/sample.bin', draft(chance), unknownWriter, false))
}

/** Ever-new names, by chance and not by the clock, for some hours; now and then taken for a person's. */
function checkpoints(scene: Scene): void {
  const { chance } = scene
  spells(
    scene,
    1,
    [hour, 4 * hour],
    () => after(chance, 80 * second),
    () => {
      const name = Math.floor(chance() * 0xffffffff)
        .toString(16)
        .padStart(8, '0')
      scene.write(`ckpt/ckpt-${name}.bin`, draft(chance), seenAs(chance, human, 0.002), false)
    },
  )
}

/** Output that git ignores. */
function builds(scene: Scene): void {
  const { chance } = scene
  spells(
    scene,
    2,
    [minute, 3 * minute],
    () => after(chance, 4 * second),
    () => scene.write(`out/page-${one(chance, ['a', 'b', 'c'])}.js`, draft(chance), unknownWriter, false),
  )
}
