import type { CommitSummary } from '../engine.ts'
import type { CommitObject } from './commits.ts'

/** Trailers stand in the last paragraph, a line each (git-interpret-trailers(1)); elsewhere they are quoted. */
export function summaryOf({ oid, parents, atMs, message }: CommitObject): CommitSummary {
  const paragraphs = message.trimEnd().split(/\n[ \t]*\n/)
  const lines = paragraphs.length < 2 ? [] : (paragraphs.at(-1) ?? '').split('\n')
  const trailer = (key: string): string | null => {
    const start = `workspace-sync-${key}:`
    const found = lines
      .filter((line) => line.toLowerCase().startsWith(start))
      .map((line) => line.slice(start.length).trim())
    return found.length === 0 ? null : found.join(',')
  }
  return {
    oid,
    parents,
    atMs,
    subject: (paragraphs[0] ?? '').split('\n').join(' ').trim(),
    id: trailer('id'),
    host: trailer('host'),
    writer: trailer('writer'),
    undoes: trailer('undoes'),
  }
}
