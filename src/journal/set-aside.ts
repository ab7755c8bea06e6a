import { readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { errnoOf } from '../errors.ts'
import type { Fault } from './faults.ts'
import { journalFiles } from './store.ts'

/** Files set aside that are kept for whoever wants to look into one; the oldest is deleted. */
const keptMax = 2

/** Puts a file that cannot be used out of the way, with its log. @returns where. @throws the system's error. */
export function setAside(path: string, fault: Fault, nowMs: number): string {
  const aside = `${path}.${fault}-${nowMs}`
  renameSync(path, aside)
  for (const file of journalFiles(path).slice(1)) moveIfThere(file, aside + file.slice(path.length))
  const name = basename(path)
  const isAside = (other: string): boolean =>
    other.startsWith(`${name}.`) && /^\.(?:damaged|newer|unreadable)-\d+$/.test(other.slice(name.length))
  const old = readdirSync(dirname(path))
    .filter(isAside)
    .toSorted((a, b) => instantOf(b) - instantOf(a))
    .slice(keptMax)
  for (const file of old.flatMap(journalFiles)) rmSync(join(dirname(path), file), { force: true })
  return aside
}

function instantOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0)
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to)
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
}
