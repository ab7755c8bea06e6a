import type { Writer } from '../../src/types.ts'
import { day, hour, minute, second } from '../support/schedule-run.ts'
import { after, between, draft, one } from './draws.ts'
import { human, seenAs, spells } from './scene.ts'
import type { Scene } from './scene.ts'
import { stamped } from './contents.ts'
import { unknownWriter } from './world.ts'

/** Everybody who means what is written; each draws habits from the scene's chance. */
export function people(scene: Scene): void {
  for (const start of [essayist, coder, noter, tinkerer, careless, agents, cleaner]) start(scene)
}

function agent(session: string): Writer {
  return { ...unknownWriter, kind: 'agent', name: 'helper', tier: 'T1', confidence: 1, session }
}

/** Saves documents that a rule allows, every few seconds for an hour: more than any budget has. */
function essayist(scene: Scene): void {
  const { chance } = scene
  const gapMs = (): number => between(chance, 8 * second, 70 * second)
  spells(scene, 1, [20 * minute, 70 * minute], gapMs, () =>
    scene.write(`docs/chapter-${one(chance, ['a', 'b', 'c'])}.md`, draft(chance), seenAs(chance, human, 0.5), true),
  )
}

/** Files of the coder whose editor is known. */
const seenLetters: ReadonlySet<string> = new Set(['m', 'p', 't'])

/** Edits, moves and deletes source files; some saves take a moment, and not every save is seen to be a person's. */
function coder(scene: Scene): void {
  const { chance, timeline } = scene
  const letters = ['main', 'parser', 'tree', 'paint', 'store', 'net', 'login']
  const name = (): string => `src/${one(chance, letters)}.ts`
  spells(
    scene,
    3,
    [30 * minute, 2 * hour],
    () => after(chance, 3 * minute),
    () => {
      const path = name()
      // Where it is edited decides whether it is seen, so that what waits longer is known beforehand.
      const seen = seenLetters.has(path[4] ?? '') ? human : unknownWriter
      const what = chance()
      if (what < 0.05 && scene.read(path) !== null) scene.write(path, null, seen, true)
      else if (what < 0.1 && scene.read(path) !== null) scene.move(path, `src/old/${path.slice(4)}`, seen)
      else if (what < 0.2) {
        scene.write(path, 'half of a', seen, false, { partial: true })
        timeline.in(between(chance, 100, 3 * second), () => scene.write(path, draft(chance), seen, true))
      } else scene.write(path, draft(chance), seen, true)
    },
  )
}

/** Writes notes in an editor that saves every few seconds, for up to an hour without a rest. */
function noter(scene: Scene): void {
  const { chance } = scene
  const gapMs = (): number => 2 * second * Math.ceil(chance() * 3) + between(chance, 0, 50)
  spells(scene, 3, [20 * second, 50 * minute], gapMs, () => scene.write('notes/today.txt', draft(chance), human, true))
}

/** Changes a setting in a file that a program stamps with the time. */
function tinkerer(scene: Scene): void {
  const { chance, timeline } = scene
  spells(
    scene,
    1,
    [minute, 5 * minute],
    () => between(chance, 20 * second, 2 * minute),
    () => scene.write('state/app.json', stamped(draft(chance), timeline.nowMs), seenAs(chance, human, 0.6), true),
  )
}

/** Leaves a key and a film lying about. */
function careless(scene: Scene): void {
  const { chance } = scene
  spells(
    scene,
    1,
    [minute, 2 * minute],
    () => minute,
    () => {
      scene.write('deploy/key.txt', `-----BEGIN PRIVATE KEY-----\n${draft(chance)}`, seenAs(chance, human, 0.5), false)
      scene.write('film/cut.mp4', draft(chance), unknownWriter, false, { sizeBytes: 80 * 1024 * 1024 })
    },
  )
}

/** Turns of minutes with a dozen files each; one write in seven is not announced, one in thirty taken for a person's. */
function agents(scene: Scene): void {
  const { chance, timeline } = scene
  let sessions = 0
  spells(
    scene,
    3,
    [1, 2],
    () => Infinity,
    () => {
      const session = `s${sessions++}`
      const endMs = timeline.nowMs + between(chance, minute, 20 * minute)
      scene.turn(session, true)
      timeline.at(endMs, () => scene.turn(session, false))
      const next = (atMs: number): void => {
        if (atMs >= endMs) return
        timeline.at(atMs, () => {
          const seen = chance() < 0.03 ? human : seenAs(chance, agent(session), 0.85)
          scene.write(`app/part-${one(chance, ['x', 'y', 'z', 'w', 'v'])}.ts`, draft(chance), seen, true)
          next(timeline.nowMs + after(chance, 25 * second))
        })
      }
      next(timeline.nowMs)
    },
  )
}

/** Deletes most of a folder by mistake, once, and brings it back hours later. */
function cleaner(scene: Scene): void {
  const { chance, timeline } = scene
  timeline.at(between(chance, hour, day), () => {
    const kept = new Map<string, string>()
    for (let n = 0; n < 400; n++) {
      const name = `assets/img-${n}.svg`
      kept.set(name, scene.read(name) ?? '')
      scene.write(name, null, unknownWriter, false)
    }
    timeline.in(between(chance, hour, 9 * hour), () => {
      for (const [name, content] of kept) scene.write(name, content, human, false)
    })
  })
}
