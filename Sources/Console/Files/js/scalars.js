// The server counts Unicode scalars; JavaScript strings count UTF-16 units. These functions bridge the two.

/** The position in UTF-16 units of a scalar offset, for many offsets at once. `offsets` must be sorted. */
export function unitPositions(text, offsets) {
  const positions = [];
  let unit = 0;
  let scalar = 0;
  for (const offset of offsets) {
    while (scalar < offset && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      scalar += 1;
    }
    positions.push(unit);
  }
  return positions;
}

/** How many scalars a string holds. */
export function scalarCount(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
