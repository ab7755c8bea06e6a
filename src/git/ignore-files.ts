import { join, posix } from 'node:path'
import { userConfigDirectory } from './user-config.ts'

/** Files of ignore rules that count beside the tree's own, wherever they lie. gitignore(5) */
export function ignoreFilesNamed(
  excludes: string | null,
  { root, commonDir }: { readonly root: string; readonly commonDir: string },
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const home = environment['HOME'] ?? '/'
  const usual = join(userConfigDirectory(environment), 'ignore')
  const general = excludes === null ? usual : posix.resolve(root, excludes.replace(/^~(?=\/)/, home))
  return [general, join(commonDir, 'info', 'exclude')]
}
