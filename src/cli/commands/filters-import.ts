import { resolve } from 'node:path'
import type { ImportedLine } from '../../conversion/conversion.ts'
import { SyncError } from '../../errors.ts'
import type { Context, Given } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { notReadable, notUsable } from '../messages.ts'
import { ruleLine } from '../messages/filters-add.ts'
import { convertedText, importedText, refusedLines, tooManyRules } from '../messages/filters-import.ts'
import { addRules } from '../rule-adding.ts'

/** Converts the rules of the older shell tool, exactly or not at all; exits 1 when a line was left out. */
export async function importRuleFile(context: Context, { args, options }: Given): Promise<number> {
  const file = args[0] ?? ''
  const lines = await converted(context, file)
  const refused = lines.flatMap((line) => (line.kind === 'refused' ? [line.refused] : []))
  const rules = lines.flatMap((line) => (line.kind === 'rules' ? line.rules : []))
  const isWrite = options['write'] === true
  const written = isWrite ? await write(context, lines, options['user'] === true ? 'user' : 'workspace') : null
  if (context.json) {
    const into = written === null ? null : { source: written.source, added: written.added, inForce: written.inForce }
    context.answer({ rules, refused, written: into }, '')
  } else {
    context.err(refusedLines(file, refused))
    if (written === null) {
      const text = lines.flatMap((line) => linesOf(line, () => true)).join('\n')
      if (rules.length > 0) context.answer(null, text)
      const count = lines.filter(({ kind }) => kind === 'rules').length
      if (!context.quiet) context.err(convertedText(count, refused.length))
    } else {
      const { source, added, from } = written
      context.answer(null, importedText(source, added, rules.length - added, refused.length, from))
    }
  }
  return refused.length === 0 ? exitCode.done : exitCode.failed
}

async function converted({ directory }: Context, file: string): Promise<readonly ImportedLine[]> {
  const [{ configFiles }, { importRules }] = await Promise.all([
    import('../../config/config.ts'),
    import('../../conversion/conversion.ts'),
  ])
  const read = configFiles.readRules(resolve(directory, file))
  if (read.kind === 'absent') throw refusal(notReadable(file, 'ENOENT'))
  if (read.kind === 'unusable') throw refusal(notUsable(file, read.problem, read.remedy))
  const lines = importRules(read.text)
  if (lines === null) throw refusal(tooManyRules(file))
  return lines
}

async function write(context: Context, lines: readonly ImportedLine[], level: 'workspace' | 'user') {
  const { source, rules, from } = await addRules(context, level, (there) => {
    const known = new Set(there.map(({ action, glob }) => `${action}:${glob}`))
    const isNew = (key: string): boolean => !known.has(key) && known.add(key).has(key)
    const wanted = lines.map((line) => ({ line, texts: linesOf(line, isNew) }))
    const hasRules = wanted.some(({ line, texts }) => line.kind === 'rules' && texts.length > 0)
    return hasRules ? wanted.flatMap(({ texts }) => texts) : []
  })
  const added = rules.length
  return { source, added, from: added === 0 ? null : from, inForce: from.kind === 'now' }
}

function linesOf(line: ImportedLine, isWanted: (key: string) => boolean): readonly string[] {
  if (line.kind === 'comment') return [line.text]
  if (line.kind === 'refused') return []
  return line.rules
    .filter(({ action, glob }) => isWanted(`${action}:${glob}`))
    .map(({ action, glob, reason }) => ruleLine(action, glob, reason))
}

function refusal({ message, hint }: { readonly message: string; readonly hint: string }): SyncError {
  return new SyncError('usage', message, hint)
}
