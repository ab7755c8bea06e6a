/** The rule that would settle a loop, as a line for a rule file. */

import type { LoopSignal } from '../types.ts'

/** Limits of a glob in a rule file. */
const globLengthMax = 512
const starsMax = 16
/** Of a name of 255 colons, each of which takes two characters, this much is kept. */
const nameLengthMax = 200

const reasons: Readonly<Record<LoopSignal, string>> = {
  feedback: 'written in answer to our own commits',
  metronome: 'written on a steady beat by a program',
}

/** @param patternText a pattern as text, `*` for what is collapsed. @returns `BLOCK:<glob>:<reason>` */
export function proposedRule(patternText: string, signal: LoopSignal): string {
  return `BLOCK:${fittingGlob(patternText).replaceAll(':', '\\:')}:${reasons[signal]}`
}

function fittingGlob(patternText: string): string {
  const segments = patternText.split('/').map(globOfName)
  const whole = segments.length === 1 ? `/${segments[0] ?? ''}` : segments.join('/')
  if (fits(whole)) return whole
  // Too long or too many stars: the name, and as much of the way to it as fits.
  const name = widest(segments.at(-1) ?? '*')
  const directories = segments.slice(0, -1).map(widest)
  for (let kept = directories.length; kept > 0; kept -= 1) {
    const shorter = `${directories.slice(0, kept).join('/')}/**/${name}`
    if (fits(shorter)) return shorter
  }
  const anywhere = `**/${name}`
  return fits(anywhere) ? anywhere : `**/${Array.from(name).slice(0, nameLengthMax).join('')}*`
}

/** What has a meaning in globs, or cannot stand in a line, becomes `?`; bytes that are not UTF-8 become `*`. */
function globOfName(name: string): string {
  const glob = name
    .replace(/\ufffd+/gu, '*')
    // oxlint-disable-next-line no-control-regex -- control characters are exactly what is meant
    .replace(/[\\?[\]{}()!|^$~,#\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu, '?')
    .replace(/^\s|\s$/gu, '?')
    .replace(/\*{2,}/g, '*')
  return allowed(glob)
}

/** One star in place of everything between the first and the last one. */
function widest(name: string): string {
  const first = name.indexOf('*')
  return first < 0 ? name : allowed(`${name.slice(0, first)}*${name.slice(name.lastIndexOf('*') + 1)}`)
}

/** Rule files refuse `.*` as a regular expression in disguise. What was collapsed is never empty. */
function allowed(name: string): string {
  return name === '.*' ? '.?*' : name
}

/** Counted as it will stand in the file, a colon taking two characters. */
function fits(glob: string): boolean {
  return glob.replaceAll(':', '\\:').length <= globLengthMax && glob.split('*').length - 1 <= starsMax
}
