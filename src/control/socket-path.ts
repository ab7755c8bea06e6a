import { createHash } from 'node:crypto'
import { basename, isAbsolute, join } from 'node:path'

/** The system keeps a socket's address in 108 bytes (104 on macOS), the closing zero among them. */
const addressBytesMax = 100
/** Under it the address of a socket fits whatever the user's directories are called. */
const shortTemporary = '/tmp'

export interface SocketPlace {
  /** Where the socket lies. */
  readonly path: string
  /** A directory of ours outside of the state directory, to be made private first; null: not needed. */
  readonly directory: string | null
}

/**
 * Where the daemon listens: in its state directory, or, if that address is too long, in one of the user's own.
 * @param place of the state directory (`placeOf`)
 */
export function socketPlace(
  stateDir: string,
  runtimeDir: string | null,
  temporaryDir: string,
  userId: number,
  place: string | null,
): SocketPlace {
  const usual = controlPath(stateDir)
  if (fits(usual)) return { path: usual, directory: null }
  const name = nameOf(place)
  const candidates = [
    ...(runtimeDir !== null && isAbsolute(runtimeDir) ? [join(runtimeDir, 'workspace-sync')] : []),
    join(temporaryDir, `workspace-sync-${userId}`),
  ]
  const directory = candidates.find((one) => fits(join(one, name))) ?? join(shortTemporary, `workspace-sync-${userId}`)
  return { path: join(directory, name), directory }
}

/** Where the command line looks: the socket itself, or a link to it. */
export function controlPath(stateDir: string): string {
  return join(stateDir, 'control.sock')
}

/** A link that was copied along with a folder leads to the daemon of the folder that was copied. */
export function isLinkOf(path: string, place: string | null): boolean {
  return basename(path) === nameOf(place)
}

/** By device and number: of its birth a directory tells only after the first change in it. */
function nameOf(place: string | null): string {
  const [device, number] = (place ?? '').split('.')
  return `${createHash('sha256').update(`${device}.${number}`).digest('hex').slice(0, 16)}.sock`
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= addressBytesMax
}
