/** The parsers of other dialects. They come in as arguments: to load one is IO, and that is done at the first call. */
import type { parse } from 'smol-toml'
import type { parseAllDocuments } from 'yaml'

export interface Parsers {
  yaml(): { readonly parseAllDocuments: typeof parseAllDocuments }
  toml(): { readonly parse: typeof parse }
}
