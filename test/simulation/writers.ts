/** Models of who writes to one path, and when. Milliseconds from the start of the simulation. */

export type Chance = () => number

export interface Writing {
  readonly firstMs: number
  /** After its own write at `atMs`: when it writes next, commits or not; Infinity: never. */
  readonly afterWrite: (atMs: number) => number
  /** After a commit at `atMs`: when it writes because of it; Infinity: it does not. */
  readonly afterCommit: (atMs: number) => number
}

export interface WriterModel {
  readonly name: string
  readonly who: 'person' | 'machine'
  readonly start: (chance: Chance) => Writing
}

/** The same numbers for the same seed on every machine (mulberry32). */
export function seeded(seed: number): Chance {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const never = (): number => Infinity

const uniform = (chance: Chance, fromMs: number, toMs: number): number => fromMs + chance() * (toMs - fromMs)
const exponential = (chance: Chance, meanMs: number): number => -Math.log(1 - chance()) * meanMs
const normal = (chance: Chance, meanMs: number, sdMs: number): number =>
  meanMs + sdMs * Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())

function machine(name: string, start: WriterModel['start']): WriterModel {
  return { name, who: 'machine', start }
}

function person(name: string, start: WriterModel['start']): WriterModel {
  return { name, who: 'person', start }
}

function reacts(name: string, fromMs: number, toMs: number): WriterModel {
  return machine(name, (chance) => ({
    firstMs: 0,
    afterWrite: never,
    afterCommit: (atMs) => atMs + uniform(chance, fromMs, toMs),
  }))
}

function reactsToHalf(): WriterModel {
  return machine('reacts 0.1-5 s to half of the commits', (chance) => ({
    firstMs: 0,
    afterWrite: never,
    afterCommit: (atMs) =>
      atMs + (chance() < 0.5 ? uniform(chance, 100, 5 * secondMs) : exponential(chance, 10 * minuteMs)),
  }))
}

function periodic(periodMs: number, jitter: number): WriterModel {
  return machine(`periodic ${periodMs / secondMs} s, jitter ${jitter * 100} %`, (chance) => ({
    firstMs: chance() * periodMs,
    afterWrite: (atMs) => atMs + periodMs * (1 + jitter * uniform(chance, -1, 1)),
    afterCommit: never,
  }))
}

function cron(): WriterModel {
  const periodMs = 5 * minuteMs
  return machine('cron 5 min', (chance) => ({
    firstMs: chance() * 2 * secondMs,
    afterWrite: (atMs) => (Math.floor(atMs / periodMs) + 1) * periodMs + chance() * 2 * secondMs,
    afterCommit: never,
  }))
}

function poisson(name: string, meanMs: number): WriterModel {
  return person(`human Poisson ${name}`, (chance) => ({
    firstMs: exponential(chance, meanMs),
    afterWrite: (atMs) => atMs + exponential(chance, meanMs),
    afterCommit: never,
  }))
}

interface Spells {
  readonly gapMs: (chance: Chance) => number
  readonly spellMs: readonly [number, number]
  readonly pauseMs: readonly [number, number]
}

/** Writes in spells with pauses between them. */
function spells(name: string, { gapMs, spellMs, pauseMs }: Spells): WriterModel {
  return person(name, (chance) => {
    let endMs = uniform(chance, ...spellMs)
    return {
      firstMs: 0,
      afterWrite(atMs) {
        const nextMs = atMs + gapMs(chance)
        if (nextMs < endMs) return nextMs
        const againMs = endMs + uniform(chance, ...pauseMs)
        endMs = againMs + uniform(chance, ...spellMs)
        return againMs
      },
      afterCommit: never,
    }
  })
}

/** An editor that saves every two seconds, as long as something was typed since. */
function autosaveGapMs(chance: Chance): number {
  return 2 * secondMs * (chance() < 0.7 ? 1 : 2 + Math.floor(chance() * 4)) + uniform(chance, 0, 50)
}

function everyTenSeconds(sdMs: number): WriterModel {
  return person(`human every 10 s for an hour, sd ${sdMs / secondMs} s`, (chance) => ({
    firstMs: 0,
    afterWrite(atMs) {
      const nextMs = atMs + Math.max(secondMs, normal(chance, 10 * secondMs, sdMs))
      return nextMs < hourMs ? nextMs : Infinity
    },
    afterCommit: never,
  }))
}

function buildOutput(): WriterModel {
  return person('build output 3 s after each source save', (chance) => ({
    firstMs: exponential(chance, minuteMs) + 3 * secondMs,
    afterWrite: (atMs) => atMs + Math.max(100, exponential(chance, minuteMs)),
    afterCommit: never,
  }))
}

function answeringPerson(): WriterModel {
  return person('person who answers 60 % of commits in 10-90 s', (chance) => ({
    firstMs: 0,
    afterWrite: (atMs) => atMs + exponential(chance, 10 * minuteMs),
    afterCommit: (atMs) => (chance() < 0.6 ? atMs + uniform(chance, 10 * secondMs, 90 * secondMs) : Infinity),
  }))
}

export const writers: readonly WriterModel[] = [
  reacts('reacts 0.1-5 s', 100, 5 * secondMs),
  reactsToHalf(),
  reacts('reacts 5-20 s', 5 * secondMs, 20 * secondMs),
  periodic(secondMs, 0.001),
  periodic(secondMs, 0.1),
  periodic(2 * secondMs, 0.001),
  periodic(2 * secondMs, 0.1),
  periodic(5 * secondMs, 0.001),
  periodic(5 * secondMs, 0.1),
  periodic(30 * secondMs, 0.001),
  periodic(30 * secondMs, 0.1),
  periodic(60 * secondMs, 0.001),
  periodic(60 * secondMs, 0.1),
  periodic(300 * secondMs, 0.001),
  periodic(300 * secondMs, 0.1),
  cron(),
  poisson('1/10 s', 10 * secondMs),
  poisson('1/min', minuteMs),
  poisson('1/10 min', 10 * minuteMs),
  spells('human bursts', {
    gapMs: (chance) => uniform(chance, 10 * secondMs, 60 * secondMs),
    spellMs: [5 * minuteMs, 30 * minuteMs],
    pauseMs: [10 * minuteMs, 60 * minuteMs],
  }),
  spells('agent bursts', {
    gapMs: (chance) => uniform(chance, 500, 15 * secondMs),
    spellMs: [minuteMs, 5 * minuteMs],
    pauseMs: [5 * minuteMs, 30 * minuteMs],
  }),
  spells('editor autosave 2 s while typing', {
    gapMs: autosaveGapMs,
    spellMs: [30 * secondMs, 600 * secondMs],
    pauseMs: [10 * secondMs, 300 * secondMs],
  }),
  spells('strict 2 s autosave', {
    gapMs: (chance) => 2 * secondMs + uniform(chance, 0, 10),
    spellMs: [30 * secondMs, 600 * secondMs],
    pauseMs: [15 * secondMs, 300 * secondMs],
  }),
  everyTenSeconds(1500),
  everyTenSeconds(300),
  buildOutput(),
  answeringPerson(),
]
