/** People's edits, each with a mark of its own by which it can be found again. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { errnoOf } from '../../src/errors.ts'
import type { drawing } from '../soak/ground.ts'

/**
 * Edits add a mark of their own and take nothing away but what they say they take.
 * @param isOthers files that are left alone
 */
export function createPerson(
  { random, pick }: ReturnType<typeof drawing>,
  isOthers: (path: string) => boolean = () => false,
) {
  const given = new Set<string>()
  const made: string[] = []
  const places = ['notes', 'notes/deep', 'code', 'data', '.']
  let names = 0
  const newPath = (kind: string): string => join(pick(places), `${kind}-${names++}.${extensions[kind]}`)
  const mark = (at: number): string => {
    const text = `mark-${at}-${Math.floor(random() * 1e9)}`
    made.push(text)
    return text
  }
  /** Whoever removes a text that nobody has committed yet has removed it. */
  const giveUp = (text: string): void => {
    for (const [found] of text.matchAll(/mark-\d+-\d+/g)) given.add(found)
  }
  const attempt = (root: string, at: number): void => {
    const files = listFiles(root).filter((path) => !isOthers(path))
    const path = files.length < 20 || random() < 0.08 ? newPath(pick(Object.keys(extensions))) : pick(files)
    const place = join(root, path)
    mkdirSync(dirname(place), { recursive: true })
    const old = existsSync(place) ? readFileSync(place, 'latin1') : ''
    const roll = random()
    if (old !== '' && roll < 0.03) {
      giveUp(old)
      rmSync(place)
    } else if (old !== '' && roll < 0.06) {
      renameSync(place, join(root, newPath(kindOf(path))))
    } else if (path.endsWith('.bin')) {
      giveUp(old)
      writeFileSync(place, `\0${mark(at)}\0${'x'.repeat(Math.floor(random() * 500))}`)
    } else if (/\.(log|jsonl)$/.test(path)) {
      appendFileSync(place, `{"entry":"${mark(at)}"}\n`)
    } else {
      const lines = old.split('\n')
      lines.splice(Math.floor(random() * lines.length), 0, mark(at))
      // Editors write whole files, some beside the old one.
      if (random() < 0.5) writeFileSync(place, lines.join('\n'))
      else {
        writeFileSync(`${place}.tmp~`, lines.join('\n'))
        renameSync(`${place}.tmp~`, place)
      }
    }
  }
  /** A file may be taken away in this very moment: then nothing was written. */
  const edit = (root: string, at: number): void => {
    const from = made.length
    try {
      attempt(root, at)
    } catch (error) {
      if (errnoOf(error) === null) throw error
      for (const text of made.slice(from)) given.add(text)
    }
  }
  return { edit, marks: () => made.filter((one) => !given.has(one)) }
}

const extensions: Readonly<Record<string, string>> = { text: 'md', code: 'js', log: 'jsonl', image: 'bin' }

function kindOf(path: string): string {
  return Object.keys(extensions).find((kind) => path.endsWith(`.${extensions[kind]}`)) ?? 'text'
}

function listFiles(root: string, below = ''): string[] {
  return readdirSync(join(root, below)).flatMap((name) => {
    if (name === '.git' || name.endsWith('~')) return []
    const path = join(below, name)
    return statSync(join(root, path)).isDirectory() ? listFiles(root, path) : [path]
  })
}
