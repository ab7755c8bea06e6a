import { execFile } from 'node:child_process'
import { masked } from '../tokens.ts'

export interface NotifierCommand {
  readonly program: string
  readonly args: readonly string[]
}

/** A notifier that hangs is ended. */
const deadlineMs = 5_000
/** Longer text is cut by every desktop anyway. */
const textLengthMax = 400

/**
 * Shows a word on the desktop. Where there is no notifier, or no desktop for it, nothing happens: nobody is there to
 * see it, and the terminal and the log have it.
 */
export function notifyDesktop(
  title: string,
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const { program, args } = notifierCommand(process.platform, title, text)
  return new Promise((resolve) => {
    try {
      execFile(program, [...args], { env: environment, timeout: deadlineMs, killSignal: 'SIGKILL' }, () => resolve())
    } catch {
      resolve()
    }
  })
}

/** The texts are arguments or quoted, never a part of a program, and show of a token its begin only. */
export function notifierCommand(platform: NodeJS.Platform, title: string, text: string): NotifierCommand {
  // First: of a token that is cut nobody knows what it is.
  const told = masked(text)
  const short = told.length > textLengthMax ? `${told.slice(0, textLengthMax)}…` : told
  if (platform === 'darwin') {
    const script = ['on run argv', 'display notification (item 2 of argv) with title (item 1 of argv)', 'end run']
    return { program: 'osascript', args: [...script.flatMap((line) => ['-e', line]), title, short] }
  }
  if (platform === 'win32') {
    return { program: 'powershell.exe', args: ['-NoProfile', '-NonInteractive', '-Command', toast(title, short)] }
  }
  // Its body is markup: a file may be called <b>.
  const body = short.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return { program: 'notify-send', args: ['--app-name=workspace-sync', '--', title, body] }
}

/** Inside single quotes PowerShell expands nothing; a quote is doubled, and four curly ones count as one. */
function toast(title: string, text: string): string {
  const quoted = (word: string): string => `'${word.replace(/['\u2018-\u201b]/g, '$&$&')}'`
  const space = 'Windows.UI.Notifications'
  return [
    `$null = [${space}.ToastNotificationManager, ${space}, ContentType = WindowsRuntime]`,
    `$kind = [${space}.ToastTemplateType]::ToastText02`,
    `$xml = [${space}.ToastNotificationManager]::GetTemplateContent($kind)`,
    `$words = $xml.GetElementsByTagName('text')`,
    `$null = $words.Item(0).AppendChild($xml.CreateTextNode(${quoted(title)}))`,
    `$null = $words.Item(1).AppendChild($xml.CreateTextNode(${quoted(text)}))`,
    `$toast = [${space}.ToastNotification]::new($xml)`,
    `[${space}.ToastNotificationManager]::CreateToastNotifier('workspace-sync').Show($toast)`,
  ].join('; ')
}
