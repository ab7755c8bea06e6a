/** The pairs of letters that two thirds of what people write and name consist of. */
const pairs = new Set(
  (
    'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ' +
    'ic ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so ' +
    'rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ' +
    'ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke ui ag sp bo da ck do ap up cl gr'
  ).split(' '),
)
const pairsMin = 12

/**
 * Whether letters of one case read like words, by how many of the pairs are common ones. Of drawn ones a fifth is; too
 * short to tell is spoken.
 */
export function isSpoken(text: string): boolean {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? []
  const found = words.flatMap((word) => Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2)))
  return found.length < pairsMin || found.filter((pair) => pairs.has(pair)).length >= 0.37 * found.length
}
