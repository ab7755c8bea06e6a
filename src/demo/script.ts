/** What happens in the demo, and when. Milliseconds from its start. */

/** One thing that somebody does in the scratch workspace. */
export interface Act {
  readonly atMs: number
  readonly who: 'person' | 'editor'
  /** Behind the name of who does it. */
  readonly does: string
  readonly path: string
  readonly text: string
}

/** What lies there before the daemon starts, the heartbeat that somebody once committed among it. */
export const before: Readonly<Record<string, string>> = {
  'README.md': '# A workspace\n\nNotes, code, and two programs that write here by themselves.\n',
  'state/monitor.json': monitorText(0, '2026-01-01T00:00:00.000Z'),
}

/** A program's sign of life: nothing in it is news. */
export const monitor = { path: 'state/monitor.json', everyMs: 1_000, text: monitorText } as const

/** Writes anew whenever it sees a commit: a tool that commits every change would chase it for ever. */
export const indexer = {
  path: 'state/index.txt',
  log: 'logs/indexer.log',
  looksEveryMs: 250,
  text: (run: number, commit: string): string => `index of ${commit}, run ${run}\n`,
  line: (run: number, commit: string): string => `run ${run}: commit ${commit} seen, index rewritten\n`,
} as const

/** @param key what looks like an access key; drawn, so that no real one can stand here. */
export function personsActs(key: string, speed: number): readonly Act[] {
  const settings = (value: string): string => `region: eu-central-1\naccess_key: ${value}\n`
  const acts = [
    act(1_500, 'person', 'saves a note', 'notes/today.md', '# Today\n\n- call Ada\n'),
    act(7_000, 'editor', 'keeps its swap file', 'notes/.today.md.swp', 'b0VIM 9.0, half of a note'),
    act(9_000, 'person', 'writes a script', 'src/hello.py', 'print("hello")\n'),
    act(15_000, 'person', 'saves settings with an access key in them', 'deploy/settings.yaml', settings(key)),
    act(23_000, 'person', 'takes the key out again', 'deploy/settings.yaml', settings('from the key store')),
    act(30_000, 'person', 'adds to the note', 'notes/today.md', '# Today\n\n- call Ada\n- bring the slides\n'),
  ]
  return acts.map((one) => ({ ...one, atMs: one.atMs / speed }))
}

function act(atMs: number, who: Act['who'], does: string, path: string, text: string): Act {
  return { atMs, who, does, path, text }
}

function monitorText(beat: number, at: string): string {
  const sign = { service: 'monitor', heartbeat: beat, last_update: at }
  return `${JSON.stringify(sign, null, 2)}\n`
}
