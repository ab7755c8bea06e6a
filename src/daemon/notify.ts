import { basename } from 'node:path'
import type { ProcessIdentity } from '../platform/platform.ts'
import { episodes, notifyDesktop, summaryLines, troublesOf, untold } from '../notices/notices.ts'
import type { Episodes, SavedEpisodes, Situation, Trouble } from '../notices/notices.ts'
import type { ScheduleView } from '../schedule/schedule.ts'
import { pathText, type PathBytes } from '../types.ts'
import type { Parts } from './board.ts'
import { failureOf } from './failure.ts'

/** Tells, unasked, what somebody should know. */
export interface Notifier {
  /** How things stand now; what is new is told, each once. */
  look(view: ScheduleView): void
  close(): void
}

/** @param environment where the desktop is found. @param again asks for another look when time alone has changed it. */
export function createNotifier(
  parts: Parts,
  identity: ProcessIdentity,
  environment: Readonly<Record<string, string | undefined>>,
  conflicts: () => readonly PathBytes[],
  again: () => void,
): Notifier {
  const { clock, state, report } = parts
  const { stateDir, root } = parts.engine.repository
  const title = `workspace-sync: ${basename(root)}`
  let known: Episodes = episodes.restore(state.value.episodes, clock.monotonicMs())
  const terminal = createTerminalNotices(stateDir, identity)
  let cancel = (): void => {}
  const tellNow = (due: readonly Trouble[]): void => {
    if (due.length === 0) return
    const lines = summaryLines(due)
    // The rest was logged when it began.
    for (const { kind, text } of due) if (kind === 'waiting') report({ kind: 'notice', text })
    if (parts.config.notify.desktop) void notifyDesktop(title, lines.join('\n'), environment)
  }
  return {
    look(view) {
      // Until the tree was looked at, what was held at the last end is not known to be over.
      if (view.lookedAtMs === null && !view.lookTrouble) return
      const nowMs = clock.monotonicMs()
      const troubles = troublesOf(situationOf(parts, view, conflicts()))
      const step = episodes.follow(known, troubles, nowMs)
      known = step.episodes
      terminal.show(step.begun, troubles)
      keep(parts, episodes.save(known))
      tellNow(step.due)
      cancel()
      if (step.wakeAtMs < Infinity) cancel = clock.after(Math.max(1, step.wakeAtMs - nowMs), again)
    },
    close: () => cancel(),
  }
}

function situationOf(parts: Parts, view: ScheduleView, conflicts: readonly PathBytes[]): Situation {
  const { reason, detail } = view
  const nowMs = parts.clock.nowMs()
  return {
    obstacle: reason === null || view.isOffline ? null : { name: reason, detail: detail ?? reason },
    held: view.held.map((one) => ({ path: pathText(one.path), reason: one.reason })),
    asked: parts.live.waiting,
    conflicts: conflicts.map(pathText),
    quarantine: parts.breaker.view(nowMs).quarantine,
    unsyncedMs: view.oldestUnsyncedAtMs === null || isSlowOnly(view) ? 0 : nowMs - view.oldestUnsyncedAtMs,
    behindMs: view.behindSinceMs === null ? 0 : nowMs - view.behindSinceMs,
    offline: view.isOffline ? detail : null,
  }
}

/** What the breaker slowed down waits by its will. */
function isSlowOnly({ ahead, pending, pendingUnlisted }: ScheduleView): boolean {
  return ahead === 0 && pendingUnlisted === 0 && pending.length > 0 && pending.every((one) => one.class === 'slow')
}

function keep({ state }: Parts, saved: SavedEpisodes): void {
  if (JSON.stringify(saved) === JSON.stringify(state.value.episodes)) return
  try {
    state.update({ episodes: saved })
  } catch (error) {
    // A restart would tell it again; that the disk takes nothing is told elsewhere.
    failureOf(error)
  }
}

/** What waits in `notices.json` for the next command. */
function createTerminalNotices(
  stateDir: string,
  identity: ProcessIdentity,
): { show(begun: readonly Trouble[], standing: readonly Trouble[]): void } {
  let waiting = new Set((untold.read(stateDir)?.troubles ?? []).map(({ key }) => key))
  let written = ''
  return {
    show(begun, standing) {
      // Gone from where it was put: a command has shown it.
      if (written !== '' && untold.read(stateDir) === null) waiting = new Set()
      for (const { key } of begun) waiting.add(key)
      const shown = standing.filter(({ key }) => waiting.has(key))
      const text = JSON.stringify(shown)
      if (text === written) return
      try {
        untold.write(stateDir, identity, shown)
        written = shown.length === 0 ? '' : text
      } catch (error) {
        failureOf(error)
      }
    },
  }
}
