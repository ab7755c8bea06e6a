/** Sentences of the commands that read the journal. */
import { join } from 'node:path'
import { shellWord } from '../../shell.ts'
import { printable } from '../printable.ts'

export function journalFault(stateDir: string, fault: 'locked' | 'newer' | 'damaged' | 'unreadable' | 'unusable') {
  const path = join(stateDir, 'journal.db')
  const move = `mv ${shellWord(path)} ${shellWord(`${path}.old`)}`
  const texts = {
    locked: ['it is locked by another program', 'end that program (an open sqlite3 session?), then try again'],
    newer: [
      'a later version of workspace-sync wrote it',
      `use that version, or move it away and a new one is begun: ${move}`,
    ],
    damaged: ['it is damaged', `move it away and a new one is begun: ${move}`],
    unreadable: ['this user may not open it', `make it readable, or move it away and a new one is begun: ${move}`],
    unusable: ['the disk or the library of the database failed', 'check the disk with df and dmesg, then try again'],
  } as const
  const [what, hint] = texts[fault]
  return { message: `the journal cannot be read: ${what} (${printable(path)})`, hint }
}

export const noCount = (text: string) => ({
  message: `"${printable(text)}" is no number of entries`,
  hint: 'write a whole number from 1 to 10000, such as -n 20',
})
