/** Somebody's hand at the keyboard: git commands as a person gives them, again when somebody else held the lock. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { git } from '../machines/clone.ts'
import { sleep, type drawing } from '../soak/ground.ts'
import { throwsAway, type Deeds } from './deeds.ts'
import type { PlayRecord } from './record.ts'
import type { Stage } from './stage.ts'

export interface Answer {
  readonly code: number
  readonly out: string
  readonly err: string
}

export interface Hand {
  readonly root: string
  readonly draw: ReturnType<typeof drawing>
  readonly counts: {
    commands: number
    /** Given again, because index.lock was held or HEAD had moved in that very moment. */
    again: number
    /** How often something staged was looked at again after a while. */
    staged: number
    /** By name of the command, and how many of them git refused for reasons of its own. */
    readonly byName: Map<string, { given: number; refused: number }>
  }
  readonly faults: string[]
  /** Gives a command. What it is told on standard input and by the environment comes with it. */
  run(args: readonly string[], more?: { readonly input?: string; readonly environment?: object }): Promise<Answer>
  /** Asks without changing anything; the empty text when git refuses. */
  ask(...args: readonly string[]): string
  /** Adds a mark to a file somewhere. @returns its path */
  edit(path?: string): string
  newPath(): string
  files(): readonly string[]
  /** Writes, moves or removes files without git. */
  byHand(doing: string, act: () => void): void
  rest(mostMs: number): Promise<void>
  /** Marks that nobody threw away, and those that the person did. */
  marks(): readonly string[]
  thrownAway(): readonly string[]
}

/** A person who is told that the lock is held tries again. */
const triesMax = 60
const againAfterMs = 40
const linesMin = 40

export function createHand(
  { root, environment }: Stage,
  draw: ReturnType<typeof drawing>,
  record: PlayRecord,
  deeds: Deeds,
): Hand {
  const made = new Set<string>()
  let names = 0
  let edits = 0
  const counts: Hand['counts'] = { commands: 0, again: 0, staged: 0, byName: new Map() }
  const faults: string[] = []
  const once = (args: readonly string[], input: string, more: object): Promise<Answer> =>
    new Promise((resolve) => {
      const env = { ...environment, GIT_EDITOR: 'true', ...more }
      const child = execFile('git', ['-C', root, ...args], { env, maxBuffer: 2 ** 28 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 255, out, err })
      })
      child.stdin?.on('error', () => {})
      child.stdin?.end(input)
    })
  const hand: Hand = {
    root,
    draw,
    counts,
    faults,
    async run(args, { input = '', environment: more = {} } = {}) {
      counts.commands += 1
      const name = args.find((one) => /^[a-z]/.test(one)) ?? ''
      const count = counts.byName.get(name) ?? { given: 0, refused: 0 }
      counts.byName.set(name, count)
      count.given += 1
      record.look('before the next command')
      const before = throwsAway(args) ? uncommitted(hand) : new Set<string>()
      for (let tries = 1; ; tries++) {
        const answer = await once(args, input, more)
        if (answer.code !== 0 && isOurDoing(answer.err)) {
          counts.again += 1
          if (tries < triesMax) {
            await sleep(againAfterMs)
            continue
          }
          faults.push(`git ${args.join(' ')} was refused ${tries} times: ${answer.err}`)
        }
        count.refused += answer.code === 0 ? 0 : 1
        const said = answer.code === 0 ? '' : ` ${answer.err.split('\n', 2).join('; ')}`
        deeds.done(args, record.look(`git ${args.join(' ')} (${answer.code}${said})`), before)
        return answer
      }
    },
    ask: (...args) => {
      try {
        return git(root, ...args)
      } catch {
        return ''
      }
    },
    newPath: () => `u/f${names++}.md`,
    files: () => (existsSync(join(root, 'u')) ? readdirSync(join(root, 'u')).map((name) => `u/${name}`) : []),
    edit(path = draw.random() < 0.15 || hand.files().length < 12 ? hand.newPath() : draw.pick(hand.files())) {
      const place = join(root, path)
      mkdirSync(dirname(place), { recursive: true })
      const mark = `mark-${edits++}-${Math.floor(draw.random() * 1e9)}`
      const old = existsSync(place) ? readFileSync(place, 'utf8') : 'line\n'.repeat(linesMin)
      const lines = old.split('\n')
      lines.splice(Math.floor(draw.random() * lines.length), 0, mark)
      writeFileSync(place, lines.join('\n'))
      made.add(mark)
      deeds.done(['edit'], record.look(`edits ${path}: ${mark}`), new Set())
      return path
    },
    byHand(doing, act) {
      const before = uncommitted(hand)
      act()
      deeds.done(['write'], record.look(doing), before)
    },
    rest: (mostMs) => sleep(draw.random() * mostMs),
    marks: () => [...made].filter((mark) => !deeds.isThrownAway(mark)),
    thrownAway: () => [...made].filter((mark) => deeds.isThrownAway(mark)),
  }
  mkdirSync(join(root, 'u'), { recursive: true })
  return hand
}

/** Marks that lie in the work tree or the index and in no commit of this branch. */
function uncommitted({ root, ask }: Pick<Hand, 'root' | 'ask'>): ReadonlySet<string> {
  const others = ask('ls-files', '--others', '--', 'u').split('\n').filter(Boolean)
  const texts = others.map((path) => readFileSync(join(root, path), 'utf8'))
  const dirty = [ask('diff', 'HEAD'), ask('diff', '--cached'), ...texts].join('\n')
  return new Set([...dirty.matchAll(/mark-\d+-\d+/g)].map(([mark]) => mark))
}

/** git says so where somebody else was quicker, and leaves everything as it was. */
function isOurDoing(err: string): boolean {
  return /index\.lock': File exists|cannot lock ref/.test(err)
}
